"""What the audit trail calls acts of billing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.identity import trail_titles


def register() -> None:
    """Name the acts this package records."""
    trail_titles.define(
        actions={
            "bill.corrected": _l("Bill corrected"),
            "bill.issued": _l("Bill issued"),
            "bill.printed": _l("Bill printed"),
            "bill.voided": _l("Bill made void"),
            "billing.exception_settled": _l("Billing exception settled"),
            "billing.run_discarded": _l("Billing run discarded"),
            "billing.run_released": _l("Billing run released"),
            "billing.run_started": _l("Billing run begun"),
            "billing_terms.added": _l("Contract terms added"),
            "billing_terms.withdrawn": _l("Contract terms taken back"),
            "cut_off.approved": _l("Cut approved"),
            "cut_off.begun": _l("Cutting off begun"),
            "cut_off.cut": _l("Supply cut off"),
            "cut_off.exempt": _l("Not to be cut off"),
            "cut_off.noticed": _l("Notice of cutting off delivered"),
            "cut_off.paid": _l("Paid before cutting off"),
            "cut_off.reminded": _l("Reminded before cutting off"),
            "cut_off.restored": _l("Supply restored after payment"),
            "cut_off.restoring": _l("Supply due back after payment"),
            "cut_off.withdrawn": _l("Cutting off withdrawn"),
            "payment.promised": _l("Payment promised on the telephone"),
            "payment.recorded": _l("Payment recorded"),
            "payment.reversed": _l("Payment taken back"),
            "tariffs.synced": _l("Tariffs loaded"),
        },
        subjects={
            "bill": _l("Bill"),
            "billing_run": _l("Billing run"),
            "cut_off": _l("Cutting off"),
            "payment": _l("Payment received"),
            "tariff": _l("Tariffs"),
        },
    )
