"""What states, kinds of use and kinds of feedback are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

STATE = {
    "new": _l("Not published"),
    "published": _l("In force"),
    "retired": _l("Retired"),
    "draft": _l("Draft"),
    "review": _l("In review"),
    "returned": _l("Sent back"),
    "superseded": _l("Superseded"),
}
COLOUR = {
    "published": "green",
    "review": "blue",
    "returned": "orange",
    "draft": "grey",
    "new": "grey",
    "retired": "grey",
    "superseded": "grey",
}
FEEDBACK = {
    "wrong": _l("The answer is wrong"),
    "outdated": _l("The answer is out of date"),
    "unclear": _l("The answer is hard to understand"),
    "missing": _l("There is no answer to this"),
}
USE = {
    "viewed": _l("Read"),
    "inserted": _l("Used in an answer"),
    "helpful": _l("Found helpful"),
    "unhelpful": _l("Found unhelpful"),
}
