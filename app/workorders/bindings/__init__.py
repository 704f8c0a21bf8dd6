"""The names that work orders offer to diagrams: importing this package registers them.

Every step of an order takes its values from the variables that the form before it left
(`inputs` lists them); an `inputParameter` of the same name goes before. Three further
parameters belong to the diagram alone: `meets`, `starts` and `closes` name, separated by
commas, the limits that the step meets, begins and closes.
"""

from app.workorders.bindings import (
    answer,
    assistance,
    by_phone,
    callback,
    desk,
    dispatch,
    group,
    limit,
    reply,
    rest,
    roster,
    site,
    stages,
)

__all__ = [
    "answer",
    "assistance",
    "by_phone",
    "callback",
    "desk",
    "dispatch",
    "group",
    "limit",
    "reply",
    "rest",
    "roster",
    "site",
    "stages",
]
