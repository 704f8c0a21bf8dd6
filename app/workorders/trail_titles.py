"""What the audit trail calls acts on work orders and crews."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _t

from app.identity import trail_titles


def register() -> None:
    """Name the acts this package records."""
    trail_titles.define(
        actions={
            "crew.off_duty": _l("Crew off duty"),
            "crew.on_duty": _l("Crew on duty"),
            "crew.roster": _l("Roster written"),
            "crew.saved": _l("Crew saved"),
            "crew.vehicle": _l("Vehicle of a crew changed"),
            "order.accepted": _l("Order accepted"),
            "order.cancelled": _l("Order cancelled"),
            "order.listened": _l("Voice message listened to"),
            "order.printed": _l("Order printed"),
            "order.merged": _l("Order attached to a main order"),
            "order.recalled": _l("Order taken off a crew"),
            "order.recategorised": _l("Category of an order changed"),
            "order.transferred": _l("Order transferred"),
            "order.unit_dissolved": _l("Order moved from a dissolved unit"),
            "order.unmerged": _l("Order detached from its main order"),
            "orders.codes_synced": _l("Code lists updated"),
        },
        subjects={"crew": _l("Crew"), "order": _l("Work order"), "order_code": _l("Code lists")},
        details={
            "before": _t("trail", "before"),
            "category": _t("trail", "category"),
            "crew": _t("trail", "crew"),
            "day": _t("trail", "day"),
            "main": _t("trail", "main order"),
            "plate": _t("trail", "plate"),
            "sub_type": _t("trail", "sub-type"),
        },
    )
