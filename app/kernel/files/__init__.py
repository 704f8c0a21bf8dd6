"""Files people give us: photographs, documents, recordings.

Content lies on disk under its own hash, once; rows say what it is. `types` decides what
a file really is, `store` keeps content, `pictures` checks and shrinks photographs,
`operations` is what others call. Who may see a file is the business of what it hangs on.
"""

from __future__ import annotations

from app.kernel.files.models import StoredFile
from app.kernel.files.operations import FileNotFound, FileRefused, OpenFile, open_file, save
from app.kernel.files.types import AUDIO, DOCUMENTS, EVERYTHING, PICTURES

__all__ = [
    "AUDIO",
    "DOCUMENTS",
    "EVERYTHING",
    "PICTURES",
    "FileNotFound",
    "FileRefused",
    "OpenFile",
    "StoredFile",
    "open_file",
    "save",
]
