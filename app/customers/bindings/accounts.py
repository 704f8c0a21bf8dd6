"""Whose number calls, and whether there is such an account: public questions, answered without personal data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from app.customers.masking import masked
from app.customers.phones import normalise
from app.customers.queries.find import by_number, by_phone
from app.customers.queries.lines import CustomerLine
from app.customers.queries.reach import quiet_until
from app.customers.queries.settings import setting_of
from app.kernel.actor import Actor
from app.kernel.registry import registry


class CallerInputs(Schema):
    phone = fields.String(load_default="", allow_none=True, validate=validate.Length(max=60))


class AccountInputs(Schema):
    account_no = fields.String(required=True, validate=validate.Length(max=40))


NOBODY = {"account_no": "", "unit": "", "unit_path": "", "address": ""}
"""What is said of an account where there is none."""


@registry.lookup(
    "customers.by_caller", title="来电号码对应的户号", title_en="Accounts of a caller", inputs=CallerInputs
)
def by_caller(*, phone: str | None, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """`count` of the open accounts that are called at this number, and, where it is one, which.

    A number may be forged: it proposes an account, it proves nothing. `address` is the whole address only
    here, where the caller's own number led to it.
    """
    found = [line for line in by_phone(phone or "") if line.status != "closed"] if normalise(phone or "") else []
    only = found[0] if len(found) == 1 else None
    return {"count": len(found), **NOBODY, **(_facts(only) if only else {})}


@registry.lookup("customers.account", title="户号是否存在", title_en="Whether an account exists", inputs=AccountInputs)
def account(*, account_no: str, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """Whether there is an open account of this number; of the address what stands before its first number."""
    line = by_number(account_no) if account_no.strip() else None
    if line is None or line.status == "closed":
        return {"found": False, **NOBODY}
    return {"found": True, **_facts(line), "address": masked(line.address, "house").partition("*")[0].strip()}


def _facts(line: CustomerLine) -> dict[str, Any]:
    return {
        "account_no": line.number,
        "unit": line.unit_code,
        "unit_path": line.unit_path,
        "address": line.address,
    }


class MayCallInputs(Schema):
    account_no = fields.String(load_default="", validate=validate.Length(max=40))


@registry.lookup("customers.may_call", title="是否允许外呼", title_en="Whether calls are welcome", inputs=MayCallInputs)
def may_call(*, account_no: str, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """Whether the customer lets us call: `allowed`, and `why` not (do-not-call, or no such open account)."""
    line = by_number(account_no) if account_no.strip() else None
    welcome = line is not None and line.status != "closed" and not setting_of(line.id).do_not_call
    return {"allowed": welcome, "why": "" if welcome else "NOT_ALLOWED"}


@registry.lookup(
    "customers.not_disturbed",
    title="是否在客户免打扰时段外",
    title_en="Whether it is outside the customer's quiet hours",
    inputs=MayCallInputs,
)
def not_disturbed(*, account_no: str, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """Whether the customer's quiet hours are over: `allowed`, and `until` when they last (empty: for ever)."""
    line = by_number(account_no) if account_no.strip() else None
    opens = quiet_until(line.id, now) if line is not None else now
    allowed = opens is not None and opens <= now
    return {
        "allowed": allowed,
        "why": "" if allowed else "NOT_ALLOWED",
        "until": opens.isoformat() if opens and not allowed else "",
    }
