"""What can be imported: customers, contacts, meters, readings; other packages register their own.

    targets.register(Target(name="bills", title=_l("Bills"), fields=(...), key=("number",), writer=BillWriter))

A record that reaches a writer has converted values only; fields whose cell was empty are missing from it, so
that an import changes nothing it does not speak of.
"""

from __future__ import annotations

from app.customers.importing.targets.base import (
    Effect,
    Field,
    Problem,
    Record,
    Scope,
    Target,
    UnknownTarget,
    Writer,
    all_targets,
    get,
    register,
)

__all__ = [
    "Effect",
    "Field",
    "Problem",
    "Record",
    "Scope",
    "Target",
    "UnknownTarget",
    "Writer",
    "all_targets",
    "get",
    "register",
]
