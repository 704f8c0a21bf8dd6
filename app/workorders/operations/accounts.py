"""What the account (用电户) of an order tells: arrears, length of a suspension, how its customer is reached."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.billing.queries.arrears import arrears_of
from app.customers.queries.find import by_number
from app.customers.queries.reach import how_to_reach
from app.workorders.models import WorkOrder

ANSWER = "answer"
"""The purpose of `customers` for which an answer reaches its customer."""
CALLBACK = "callback"
"""The purpose of `customers` for which a customer is called back."""


def conditions_of(order: WorkOrder, *, now: datetime) -> dict[str, Any]:
    """`arrears` of the account and `days` of the period asked for (None where no period was given)."""
    return {"arrears": in_arrears(order, now=now), "days": _days(order.details)}


def in_arrears(order: WorkOrder, *, now: datetime) -> bool:
    """Whether the order's account owes a bill that is overdue; an account we do not know owes nothing."""
    customer = by_number(order.account_no) if order.account_no else None
    return customer is not None and arrears_of(customer.id, at=now).principal > 0


def reach_of(order: WorkOrder, *, now: datetime) -> tuple[str, str]:
    """(channel, address) by which the account's customer wants to be answered; empty where it does not say.

    The caller of a secret order is not looked up: what the account says may be read by others.
    """
    if order.secrecy != "none" or not order.account_no:
        return "", ""
    customer = by_number(order.account_no)
    if customer is None:
        return "", ""
    reach = how_to_reach(customer.id, ANSWER, now)
    return reach.channel, reach.address


def callback_from(order: WorkOrder, *, at: datetime) -> datetime:
    """From when on the account's customer may be called back: `at`, or the end of their own quiet hours.

    As for answers, the person of a secret order is not looked up; whom nothing reaches is not waited for.
    """
    if order.secrecy != "none" or not order.account_no:
        return at
    customer = by_number(order.account_no)
    reach = how_to_reach(customer.id, CALLBACK, at) if customer is not None else None
    return reach.at if reach is not None and reach.at is not None else at


def _days(details: dict[str, Any]) -> int | None:
    try:
        return (date.fromisoformat(details["to_on"]) - date.fromisoformat(details["from_on"])).days
    except (KeyError, TypeError, ValueError):
        return None
