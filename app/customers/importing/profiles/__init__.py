"""Import profiles: `content` is what is kept, `headers` finds the header row and proposes, `plan` reads records."""

from __future__ import annotations

from app.customers.importing.profiles.content import BadProfile, Column, Content, check
from app.customers.importing.profiles.headers import find_header, propose
from app.customers.importing.profiles.plan import NoSuchColumns, Plan, open_plan

__all__ = [
    "BadProfile",
    "Column",
    "Content",
    "NoSuchColumns",
    "Plan",
    "check",
    "find_header",
    "open_plan",
    "propose",
]
