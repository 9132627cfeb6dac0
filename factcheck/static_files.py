"""Static files under names that change with their content, so that browsers may keep them for ever."""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

MODULES = "js/"


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Hash each file's name, but keep our modules together in one folder that is named for all of them.

    They import each other by relative addresses, in circles too, so none can carry its own hash; and a new module
    must never meet an old one out of the browser's cache.
    """

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        if name.startswith(MODULES):
            self._note(hashed := f"js-{self._modules_hash}/{name.removeprefix(MODULES)}")
            return hashed
        hashed_name: str = super().hashed_name(name, content, filename)
        return hashed_name

    def _note(self, name: str) -> None:
        """Tell whitenoise of a file that it is to compress."""
        if self._new_files is not None:
            self._new_files.add(name)

    @cached_property
    def _modules_hash(self) -> str:
        folder = Path(self.path(MODULES))
        seen = hashlib.sha256()
        for path in sorted(folder.rglob("*.js")):
            seen.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
        return seen.hexdigest()[:12]
