"""Who calls: the customers behind a number, an account, a meter or a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.customers.queries.find import by_number, by_phone
from app.customers.queries.lines import CustomerLine
from app.customers.queries.search import search
from app.customers.queries.shown import shown_lines
from app.customers.queries.view import VIEW
from app.desk.queries.likely import Reason, likely
from app.identity import authority
from app.kernel.actor import Actor

MOST = 8
"""A number that more customers share names nobody: the agent asks for the account."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known of who calls: `customers` (masked by right), the one meant (`chosen`), what they likely want."""

    typed: str
    customers: Sequence[CustomerLine]
    more: bool
    chosen: CustomerLine | None
    reasons: Sequence[Reason]


def who_calls(typed: str, *, chosen: str = "", actor: Actor, now: datetime) -> Caller:
    """The customers that fit what was typed or shown by the phone, and why the one meant likely calls.

    `chosen` is the number of the account the agent picked; where only one fits it is meant.
    """
    paths = authority.paths(actor, VIEW, now=now)
    found = _found(typed.strip(), paths)
    if chosen and all(line.number != chosen for line in found):
        picked = by_number(chosen, paths=paths) if paths else None
        found = [picked, *found] if picked else found
    shown = shown_lines(found[:MOST], actor=actor, now=now)
    meant = next((line for line in shown if line.number == chosen), shown[0] if len(shown) == 1 else None)
    reasons = likely(meant, phone=typed, actor=actor, now=now) if meant or typed.strip() else []
    return Caller(typed, shown, len(found) > MOST, meant, reasons)


def _found(typed: str, paths: Sequence[str]) -> list[CustomerLine]:
    if not typed or not paths:
        return []
    return by_phone(typed, paths=paths) or search(typed, paths=paths, limit=MOST + 1)
