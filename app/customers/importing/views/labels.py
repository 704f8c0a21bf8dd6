"""What pages call the states of imports, and their colours."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

STATES: dict[str, Any] = {
    "new": _l("Uploaded, to be mapped"),
    "checking": _l("Being checked"),
    "checked": _l("Checked, ready to import"),
    "refused": _l("Has bad rows"),
    "writing": _l("Being imported"),
    "done": _l("Imported"),
    "failed": lazy_pgettext("import", "Failed"),
    "cancelled": _l("Given up"),
}
COLOURS = {
    "new": "grey",
    "checking": "blue",
    "checked": "blue",
    "refused": "red",
    "writing": "blue",
    "done": "green",
    "failed": "red",
    "cancelled": "grey",
}
ENCODINGS = {
    "": _l("Found by itself"),
    "utf-8": "UTF-8",
    "gb18030": "GB18030 (GBK, GB2312)",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "big5": "Big5",
}
DELIMITERS: dict[str, Any] = {
    "": _l("Found by itself"),
    ",": _l("Comma ,"),
    ";": _l("Semicolon ;"),
    "\t": _l("Tab"),
    "|": _l("Bar |"),
    "，": _l("Chinese comma ，"),
    "\x01": _l("Control-A"),
}
DATE_ORDERS: dict[str, Any] = {
    "ymd": _l("Year first (2026-03-02)"),
    "mdy": _l("Month first (3/2/2026)"),
    "dmy": _l("Day first (2/3/2026)"),
}
FORMULAS: dict[str, Any] = {"cached": _l("Take their computed values"), "refuse": _l("Refuse them")}
SUBJECTS: dict[str, Any] = {
    "customer": lazy_pgettext("import", "Customer"),
    "contact": _l("Contact"),
    "meter": lazy_pgettext("import", "Meter"),
    "reading": _l("Reading"),
    "bill": _l("Bill"),
    "payment": _l("Payment"),
}
ACTS: dict[str, Any] = {"created": _l("new"), "changed": lazy_pgettext("import", "changed"), "removed": _l("removed")}
