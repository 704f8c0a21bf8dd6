"""The face of forms for other packages."""

from __future__ import annotations

from app.forms.checking import Problem, check_form, load
from app.forms.drafts import Draft, drop_draft, load_draft, save_draft
from app.forms.localization import localize
from app.forms.schema import schema_of
from app.forms.uploads import describe, files_of
from app.forms.validation import InvalidForm, validate

__all__ = [
    "Draft",
    "InvalidForm",
    "Problem",
    "check_form",
    "describe",
    "drop_draft",
    "files_of",
    "load",
    "load_draft",
    "localize",
    "save_draft",
    "schema_of",
    "validate",
]
