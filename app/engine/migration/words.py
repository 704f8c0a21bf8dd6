"""What findings and differences mean, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.engine.migration.differences import Difference
from app.engine.migration.judgement import Finding

SENTENCES: Mapping[str, Any] = {
    "open_removed": _l("This step is open and has no counterpart in the new version: map it to one."),
    "kind_changed": _l("This step is open and its counterpart is another kind of step."),
    "started_changed": _l("A service is at work in this step, which is not the same in the new version."),
    "subprocess_changed": _l("This subprocess is open and is itself not the same in the new version."),
    "loop_changed": _l("This loop is running and is not the same in the new version."),
    "join_changed": _l("Branches have arrived at this gateway, which is not the same in the new version."),
    "branches_changed": _l("Branches that began here are open, and it is not the same in the new version."),
    "open_changed": _l("This step is open and is not the same in the new version."),
    "incident_changed": _l("This step has an incident; the next try does what the new version says."),
    "event_removed": _l("This event is no longer waited for."),
    "event_added": _l("This step gets an event that is waited for from now on."),
    "ended": _l("This case has already ended."),
    "other_version": _l("This case runs on another version."),
    "failed": _l("It could not be moved."),
}
"""By the code of a finding (`judgement`)."""

CHANGES: Mapping[str, Any] = {
    "added": _l("added"),
    "removed": _l("removed"),
    "behaviour": _l("does something else"),
    "pinned": _l("uses another version of a form, decision or process"),
    "flows": _l("other connections"),
    "moved": _l("in another subprocess"),
    "name": _l("other name"),
}
"""By the words of `Difference.changes`."""


def sentence(finding: Finding) -> str:
    """The finding as a sentence; a failure says what went wrong."""
    text = str(SENTENCES[finding.code])
    return f"{text} {finding.name}".strip() if finding.code == "failed" else text


def change_words(difference: Difference) -> list[str]:
    """What is not the same, in words."""
    return [str(CHANGES[change]) for change in difference.changes]
