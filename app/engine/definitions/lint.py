"""Checking definition files: whatever the bytes hold, the outcome is a list of problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from app.engine.definitions.checks import check_diagram
from app.engine.definitions.checks.forms import check_form
from app.engine.definitions.drafts import kind_of, read_drafts
from app.engine.definitions.problems import Problem
from app.engine.definitions.xml import Unreadable, read_xml
from app.kernel.registry import registry


@dataclass(frozen=True)
class Context:
    """What a diagram may name: `bpmn:<key>`, `dmn:<key>`, `form:<key>`, and which file defines each."""

    known: frozenset[str] = frozenset()
    defined_in: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Mapping[str, bytes], *, known: Iterable[str] = ()) -> Context:
        """The context of files that are checked together, beside what is known already."""
        defined: dict[str, list[str]] = {}
        for name, content in sorted(files.items()):
            for identity in _identities(name, content):
                defined.setdefault(identity, []).append(name)
        return cls(frozenset(known) | frozenset(defined), defined)


def lint(name: str, content: bytes, *, context: Context | None = None) -> list[Problem]:
    """Every problem of one file, by its suffix. Never raises.

    Without a context, what the file names outside itself is not looked up (services are).
    """
    try:
        return [*_check(name, content, context), *_clashes(name, content, context)]
    except Unreadable as exc:
        return [Problem(name, "", "unreadable", "error", str(exc))]
    except Exception as exc:
        message = _("The file cannot be checked: %(detail)s", detail=f"{type(exc).__name__}: {exc}"[:300])
        return [Problem(name, "", "unreadable", "error", message)]


def _check(name: str, content: bytes, context: Context | None) -> list[Problem]:
    kind = kind_of(name)
    if kind == "bpmn":
        known = context.known if context is not None else None
        return check_diagram(name, read_xml(content), known=known, services=registry.services)
    if kind == "form":
        return check_form(name, content)
    if kind == "dmn":
        from app.engine.decisions.checking import check_dmn

        return check_dmn(name, content)
    return [Problem(name, "", "unknown-kind", "error", _("Only .bpmn, .dmn and .form files are definitions."))]


def _clashes(name: str, content: bytes, context: Context | None) -> list[Problem]:
    """Two files of one deployment must not define one key."""
    if context is None:
        return []
    found = []
    for identity in _identities(name, content):
        others = [other for other in context.defined_in.get(identity, []) if other != name]
        if others:
            message = _("%(other)s defines the same key.", other=others[0])
            found.append(Problem(name, identity.partition(":")[2], "duplicate-key", "error", message))
    return found


def _identities(name: str, content: bytes) -> list[str]:
    try:
        return [draft.identity for draft in read_drafts(name, content)]
    except Exception:
        return []
