"""Property tests have no deadline: on a busy machine an example may take long for no reason of its own."""

from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
