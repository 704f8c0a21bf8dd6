"""Late fees (违约金): so much of the arrears for each day after the due day.

Days in the year of the due day count at one rate, days in later years at another; what was paid on the
way lowers the arrears from the day after. Source: 供电营业规则, as data in `rules.yaml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.billing.computing.case import ZERO
from app.billing.computing.lines import rounded
from app.billing.rules.house import LateFee


def late_fee(
    amount: Decimal,
    due_on: date,
    until: date,
    *,
    late_class: str,
    rules: LateFee,
    paid: Sequence[tuple[date, Decimal]] = (),
) -> Decimal:
    """The late fee of a bill of `amount` on the day `until` (which counts), yuan.

    `paid` are the payments of the amount, day and yuan, earliest first; payments up to the due day only
    lower the arrears. No fee is less than the rule's least one.
    """
    if until <= due_on:
        return ZERO
    rate = rules.classes[late_class]
    new_year = date(due_on.year + 1, 1, 1)
    total, left, at = ZERO, amount, due_on
    for on, part in [*paid, (until, ZERO)]:
        if on > at:
            stop = min(on, until)
            total += left * _weighted_days(at, stop, new_year, rate.same_year, rate.later_years)
            at = stop
        left -= part
    fee = rounded(total, 2)
    return max(fee, rules.least) if fee > 0 or total > 0 else ZERO


def _weighted_days(after: date, until: date, new_year: date, same_year: Decimal, later_years: Decimal) -> Decimal:
    """Days in (after, until], each times its rate."""
    days = (until - after).days
    later = max(0, (until - max(after, date.fromordinal(new_year.toordinal() - 1))).days)
    return same_year * (days - later) + later_years * later
