"""Words and quantities of key accounts in the reader's language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import format_decimal
from flask_babel import gettext as _

from app.customers.page_labels import IMPORTANCE
from app.kernel.i18n import format_date
from app.keyaccounts.labels import MEASURE, label
from app.keyaccounts.queries.alerts import Alert

SHARES = frozenset({"demand_share", "capacity_share"})
LEFT = frozenset({"contract_days_left", "review_days_left"})
OVERDUE = frozenset({"visit_overdue_days", "arrears_days"})
COUNTS = frozenset({"hazards_open", "orders_open"})


def alert_words(alert: Alert) -> str:
    """One alert as a manager reads it: `Visit overdue: 12 days`."""
    value = alert.value
    if alert.measure in SHARES:
        said = f"{value * 100:.0f} %"
    elif alert.measure in LEFT:
        said = _("in %(n)s days", n=value) if value >= 0 else _("%(n)s days ago", n=-value)
    elif alert.measure in OVERDUE:
        said = _("%(n)s days", n=value)
    elif alert.measure == "power_factor_gap":
        said = _("%(n)s below the standard", n=value)
    else:
        said = f"{value}" if alert.measure in COUNTS else _("%(n)s kVA", n=quantity(value))
    return str(_("%(measure)s: %(value)s", measure=label(MEASURE, alert.measure), value=said))


def importance_label(word: str) -> str:
    """The grade in words."""
    return str(IMPORTANCE.get(word, word))


def quantity(value: Decimal | None) -> str:
    """A quantity without needless places; a dash where it is not known."""
    return str(format_decimal(value, format="#,##0.##")) if value is not None else "—"


def money(value: Decimal | None) -> str:
    """Yuan with two places; a dash where it is not known."""
    return str(format_decimal(value, format="#,##0.00")) if value is not None else "—"


def shown_day(day: date | None) -> str:
    """A day, or a dash."""
    return format_date(day) if day is not None else "—"
