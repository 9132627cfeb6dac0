"""Mark claims, denials and evidence in articles, link them to their sources, review them, pull them as data."""
