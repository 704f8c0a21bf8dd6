"""Words and numbers of indices in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, format_decimal, format_percent
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.kernel.i18n import localized
from app.outages import labels as outages
from app.outages.indices.rules import HOUSEHOLDS, TEN_KV
from app.workorders.queries.codes import codes

SHORT: Mapping[str, str] = {
    "saifi": "SAIFI", "saidi": "SAIDI", "caidi": "CAIDI", "caifi": "CAIFI", "asai": "ASAI", "maifi": "MAIFI",
    "cemi": "CEMI", "aihc1": "AIHC-1", "rs1": "RS-1", "aitc1": "AITC-1", "rs2": "RS-2", "rs3": "RS-3",
}  # fmt: skip

TITLE: Mapping[str, LazyString] = {
    "saifi": _l("Interruptions a customer"),
    "saidi": _l("Minutes without supply a customer"),
    "caidi": _l("Minutes an interruption lasts"),
    "caifi": _l("Interruptions of those interrupted"),
    "asai": _l("Share of time with supply"),
    "maifi": _l("Short interruptions a customer"),
    "cemi": _l("Customers interrupted often"),
    "aihc1": _l("Hours without supply a customer"),
    "rs1": _l("Reliability of supply"),
    "aitc1": _l("Interruptions a customer"),
    "rs2": _l("Reliability without causes from outside"),
    "rs3": _l("Reliability without shortage of supply"),
}

FORMULA: Mapping[str, str] = {
    "saifi": "ΣNᵢ / N",
    "saidi": "Σrᵢ·Nᵢ / N",
    "caidi": "Σrᵢ·Nᵢ / ΣNᵢ",
    "caifi": "ΣNᵢ / CN",
    "asai": "1 − Σrᵢ·Nᵢ / (N·T)",
    "maifi": "ΣNᵢ / N",
    "cemi": "CNₖ / N",
    "aihc1": "Σrᵢ·Nᵢ / N",
    "rs1": "1 − Σrᵢ·Nᵢ / (N·T)",
    "aitc1": "ΣNᵢ / N",
    "rs2": "1 − Σrᵢ·Nᵢ / (N·T)",
    "rs3": "1 − Σrᵢ·Nᵢ / (N·T)",
}

BASIS: Mapping[str, LazyString] = {
    HOUSEHOLDS: _l("Every account (IEEE 1366)"),
    TEN_KV: _l("Customers at 10 kV (DL/T 836)"),
}

BY: Mapping[str, LazyString] = {
    "unit": _l("By unit"),
    "feeder": _l("By feeder"),
    "month": _l("By month"),
    "quarter": _l("By quarter"),
    "year": _l("By year"),
    "day": _l("By day"),
    "cause": _l("By cause"),
    "nature": _l("By nature"),
}

_SHARES = {"asai": "#,##0.0000%", "rs1": "#,##0.0000%", "rs2": "#,##0.0000%", "rs3": "#,##0.0000%", "cemi": "#,##0.00%"}
_PLAIN = {"saidi": "#,##0.00", "caidi": "#,##0.0"}
NOTHING = "—"


def short(name: str, *, n: int, more_than: bool) -> str:
    """The sign of an index; of CEMI with its n."""
    return f"CEMI{'>' if more_than else '≥'}{n}" if name == "cemi" else SHORT[name]


def shown(name: str, value: float | None) -> str:
    """A figure as its readers write it; a dash where there is none."""
    if value is None:
        return NOTHING
    if name in _SHARES:
        return str(format_percent(value, format=_SHARES[name]))
    return str(format_decimal(value, format=_PLAIN.get(name, "#,##0.000")))


def unit(name: str) -> str:
    """What a figure is in; empty for shares."""
    if name in {"saidi", "caidi"}:
        return str(_("min"))
    if name == "aihc1":
        return str(_("h"))
    return "" if name in _SHARES else str(_("times"))


def causes() -> dict[str, str]:
    """Names of causes by code."""
    return {code.code: localized(code.name, code.name_en) for code in codes("fault_cause", inactive=True)}


def cause(code: str, names: Mapping[str, str]) -> str:
    """The cause of an outage; one that nobody stated says so."""
    return names.get(code, code) if code else str(_("Cause not stated"))


def nature(code: str) -> str:
    """The nature of an outage."""
    return outages.label(dict(outages.NATURE), code)
