"""Questions that prove who calls. They leave a trace, and so are asked in a transaction of their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from marshmallow import Schema, fields, validate

from app.customers.operations.identifying import METHODS, Method, check_caller, set_query_password
from app.kernel.actor import Actor
from app.kernel.registry import registry


class CheckInputs(Schema):
    account_no = fields.String(required=True, validate=validate.Length(max=40))
    method = fields.String(required=True, validate=validate.OneOf(METHODS))
    secret = fields.String(required=True, validate=validate.Length(max=40))
    phone = fields.String(load_default="", allow_none=True, validate=validate.Length(max=60))
    call = fields.String(load_default="", allow_none=True, validate=validate.Length(max=80))


class PasswordInputs(Schema):
    account_no = fields.String(required=True, validate=validate.Length(max=40))
    password = fields.String(required=True, validate=validate.Length(max=40))


@registry.lookup("customers.check", title="核验客户身份", title_en="Prove who calls", inputs=CheckInputs, writes=True)
def check(
    *, account_no: str, method: str, secret: str, phone: str | None, call: str | None, actor: Actor, now: datetime
) -> Mapping[str, Any]:
    """`outcome`: `passed`, `failed`, `locked` (too many failed before), `unset` (nothing to compare with)."""
    checked = check_caller(
        account_no, cast(Method, method), secret, phone=phone or "", call_ref=call or "", actor=actor, now=now
    )
    passed = checked.outcome == "passed"
    return {"outcome": checked.outcome, "left": checked.left, "account_no": account_no.strip() if passed else ""}


@registry.lookup(
    "customers.set_password",
    title="修改查询密码",
    title_en="Change the query password",
    inputs=PasswordInputs,
    personal=True,
    writes=True,
)
def set_password(*, account_no: str, password: str, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """`changed`, or `reason`: `length`, `repeated`, `sequence`, `account`, `unknown`."""
    reason = set_query_password(account_no, password, actor=actor, now=now)
    return {"changed": not reason, "reason": reason}
