"""Whether what is expected holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.telephony.ivr import commands as c
from app.telephony.ivr.phone import Phone
from app.telephony.ivr.pieces import plain


def holds(wanted: Mapping[str, Any], phone: Phone, recent: Iterable[c.Command]) -> str:
    """Why not; empty where everything holds. `recent` are the commands since the last `expect`."""
    recent = list(recent)
    state = phone.state
    place = f"{state.flow}/{state.node}"
    for key, value in wanted.items():
        match key:
            case "play":
                why = _played(value, recent)
            case "not_play":
                heard = _heard(recent)
                why = next((_("%(piece)s was played", piece=one) for one in _pieces(value) if one in heard), "")
            case "node":
                why = "" if value in (place, state.node) else _("the call stands at %(node)s", node=place)
            case "variables":
                ok = part_of(value, state.variables)
                why = "" if ok else _("the variables are %(values)s", values=state.shown())
            case "identified" | "language" | "waits_for":
                found = getattr(state, key)
                why = "" if value == found else _("%(what)s is %(value)s", what=key, value=found)
            case _:
                why = _done(key, value, recent)
        if why:
            return why
    return ""


def part_of(wanted: Any, found: Any) -> bool:
    """Whether everything wanted is in what was found: maps in part, all else whole."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            key in found and part_of(value, found[key]) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, (list, tuple))
            and len(wanted) == len(found)
            and all(part_of(one, other) for one, other in zip(wanted, found, strict=True))
        )
    return bool(wanted == found) and isinstance(wanted, bool) == isinstance(found, bool)


def _played(value: Any, recent: list[c.Command]) -> str:
    heard = _heard(recent)
    rest = iter(heard)
    for piece in _pieces(value):
        if not any(piece == one for one in rest):
            return str(
                _("%(piece)s was not played in its turn; played: %(heard)s", piece=_word(piece), heard=_words(heard))
            )
    return ""


def _heard(recent: Iterable[c.Command]) -> list[dict[str, Any]]:
    return [plain(piece) for entry in recent if isinstance(entry, (c.Play, c.Gather)) for piece in entry.pieces]


def _pieces(value: Any) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else [value]
    return [{"prompt": entry} if isinstance(entry, str) else dict(entry) for entry in entries]


def _word(piece: Mapping[str, Any]) -> str:
    return str(piece.get("prompt") or piece.get("text") or f"{piece.get('say')} ({piece.get('as')})")


def _words(heard: list[dict[str, Any]]) -> str:
    return ", ".join(_word(piece) for piece in heard) or "-"


def _done(name: str, value: Any, recent: list[c.Command]) -> str:
    found = [c.as_plain(entry) for entry in recent if c.name_of(type(entry)) == name]
    for wanted in value if isinstance(value, list) else [value]:
        if not any(part_of(wanted if isinstance(wanted, Mapping) else {}, entry) for entry in found):
            shown = [{key: entry[key] for key in entry if key not in ("id", "command")} for entry in found]
            return str(_("%(command)s was not done as expected; done: %(found)s", command=name, found=shown))
    return ""
