"""Lines of customers as this reader may see them: personal values masked without the right, in that unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from app.customers.masking import masked
from app.customers.page_rules import PageRules, page_rules
from app.customers.queries.lines import CustomerLine
from app.customers.queries.view import SENSITIVE, hidden_fields
from app.identity import authority
from app.kernel.actor import Actor


def shown_lines(found: Iterable[CustomerLine], *, actor: Actor, now: datetime) -> list[CustomerLine]:
    """The lines, names and addresses of people masked where the actor may not see them; a phone that fits too."""
    rules, lines = page_rules(), list(found)
    paths = authority.paths(actor, SENSITIVE, now=now)
    return [line if line.unit_path.startswith(tuple(paths)) else _masked(line, rules) for line in lines]


def _masked(line: CustomerLine, rules: PageRules) -> CustomerLine:
    hidden = hidden_fields(line.kind, rules)

    def shown(field: str, text: str) -> str:
        return masked(text, rules.fields[field].mask) if field in hidden else text

    found = shown("phone", line.found) if line.found_by.startswith("phone") else line.found
    return replace(line, name=shown("name", line.name), address=shown("address", line.address), found=found)
