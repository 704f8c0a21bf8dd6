"""What is said to a person about a reading that cannot be right or is unusual: what, against what, and how to go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l

from app.customers.importing.targets.changes import text
from app.customers.judging import Finding
from app.customers.queries.codes import code
from app.kernel.i18n import localized

Params = dict[str, Any]


def sentence(finding: Finding) -> Any:
    """The sentence of a finding, lazily in the reader's language."""
    params = {name: text(value) for name, value in finding.params.items()}
    return SENTENCES[finding.code](params | {"register": register_name(finding.register)})


def register_name(register: str) -> str:
    """What people call a register."""
    word = code("register", register) if register else None
    return localized(word.name, word.name_en) if word else register


SENTENCES: dict[str, Callable[[Params], Any]] = {
    "future": lambda p: _l("The day lies in the future.", **p),
    "before_installation": lambda p: _l("The meter was installed only on %(day)s.", **p),
    "after_removal": lambda p: _l("The meter was removed on %(day)s.", **p),
    "long_ago": lambda p: _l("The day is long ago: is the year right?", **p),
    "nothing_read": lambda p: _l("No register is given.", **p),
    "no_such_register": lambda p: _l("%(register)s: this meter has no such register.", **p),
    "negative": lambda p: _l("%(register)s: a register shows no less than zero.", **p),
    "too_many_digits": lambda p: _l("%(register)s: the register has only %(digits)s digits before the point.", **p),
    "backwards": lambda p: _l("%(register)s: less than the %(other)s of %(day)s. Read the meter again.", **p),
    "above_later": lambda p: _l("%(register)s: more than the %(other)s of the later reading of %(day)s.", **p),
    "rollover": lambda p: _l("%(register)s: less than %(before)s before; the register seems to have rolled over.", **p),
    "parts_differ": lambda p: _l("The parts of the day add up to %(parts)s, the total to %(total)s.", **p),
    "unusually_high": lambda p: _l("%(now)s kWh a day, usually %(usual)s: much more than before.", **p),
    "unusually_low": lambda p: _l("%(now)s kWh a day, usually %(usual)s: much less than before.", **p),
}
"""By the code of a finding: what is said with its figures."""
