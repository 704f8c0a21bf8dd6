"""Checking definition files: whatever the bytes hold, the outcome is a list of problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.engine.decisions.check import check_dmn
from app.engine.definitions.checks import check_diagram
from app.engine.definitions.checks.forms import check_form
from app.engine.definitions.drafts import kind_of, read_drafts
from app.engine.definitions.problems import Problem
from app.engine.definitions.xml import Unreadable, read_xml
from app.kernel.registry import registry


@dataclass(frozen=True, slots=True)
class Context:
    """What a diagram may name: `bpmn:<key>`, `dmn:<key>`, `form:<key>`."""

    known: frozenset[str] = frozenset()

    @classmethod
    def of(cls, files: Mapping[str, bytes], *, known: Iterable[str] = ()) -> Context:
        """What the files define, beside what is known already."""
        return cls(frozenset(known) | {key for name, content in files.items() for key in identities(name, content)})


def lint(name: str, content: bytes, *, context: Context | None = None) -> list[Problem]:
    """Every problem of one file, by its suffix. Never raises.

    Without a context, what the file names outside itself is not looked up (services are).
    """
    try:
        return _check(name, content, context)
    except Unreadable as exc:
        return [Problem(name, "", "unreadable", "error", str(exc))]
    except Exception as exc:
        message = _("The file cannot be checked: %(detail)s", detail=f"{type(exc).__name__}: {exc}"[:300])
        return [Problem(name, "", "unreadable", "error", message)]


def identities(name: str, content: bytes) -> list[str]:
    """The keys a file defines (`bpmn:<key>` ...); none where it cannot be read."""
    try:
        return [draft.identity for draft in read_drafts(name, content)]
    except Exception:  # whatever is wrong with the file, `lint` says it
        return []


def _check(name: str, content: bytes, context: Context | None) -> list[Problem]:
    kind = kind_of(name)
    if kind == "bpmn":
        known = context.known if context is not None else None
        return check_diagram(name, read_xml(content), known=known, services=registry.services)
    if kind == "form":
        return check_form(name, content)
    if kind == "dmn":
        return check_dmn(name, content)
    return [Problem(name, "", "unknown-kind", "error", _("Only .bpmn, .dmn and .form files are definitions."))]
