"""Write down what a customer wishes: personal settings (个性化服务), notes and wishes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l

from app.customers.models import Contact, Customer, CustomerChange, CustomerNote, CustomerSetting
from app.customers.page_rules import reach_rules
from app.customers.queries.view import SENSITIVE, VIEW, customer_row
from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import LOCALES

MAX_TEXT = 1000
NOTE_KINDS = ("note", "wish")


class SettingChanged(Conflict):
    """Somebody else changed the settings since the page was read."""

    code = "customer_setting_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingData:
    """Wishes as the page sends them; quiet hours both or neither, local; `channels` in the order of liking."""

    language: str = "zh"
    channels: tuple[str, ...] = ()
    quiet_from: time | None = None
    quiet_to: time | None = None
    preferred_contact_id: int | None = None
    paper_bill: bool = False
    do_not_call: bool = False
    wishes: str = ""


def save_settings(
    number: str, data: SettingData, *, revision: int, source: str = "page", actor: Actor, now: datetime
) -> None:
    """Keep the settings; what changed is noted with both values.

    `revision` is that of the settings the person saw (0 for none). Raises `CustomerNotFound`,
    `Forbidden` (right `customer.sensitive` there), `Invalid` (errors by field), `SettingChanged`.
    """
    customer = customer_row(number)
    authority.require(actor, SENSITIVE, unit_path=customer.unit_path, now=now)
    _check(customer, data)
    row = session.get(CustomerSetting, customer.id)
    if (row.revision if row else 0) != revision:
        raise SettingChanged(_l("Somebody else changed these settings meanwhile: look at them again."))
    row = row or CustomerSetting(customer_id=customer.id, channels=[], updated_at=now, updated_by=actor.ref)
    changed = _take_over(row, data)
    if not changed:
        return
    row.updated_at, row.updated_by = now, actor.ref
    session.add(row)
    session.add(_change(customer, changed, source, actor=actor, now=now))
    _audit("customer.settings_saved", customer, {"fields": sorted(changed)}, actor=actor, now=now)
    session.flush()


def add_note(number: str, text: str, *, kind: str = "note", actor: Actor, now: datetime) -> None:
    """Note something about a customer: for colleagues (`note`), or a wish the customer spoke of (`wish`).

    Raises `CustomerNotFound`, `Forbidden` (right `customer.view` there), `Invalid`.
    """
    customer = customer_row(number)
    authority.require(actor, VIEW, unit_path=customer.unit_path, now=now)
    words = text.strip()
    errors: dict[str, list[Any]] = {}
    if not words:
        errors["text"] = [_l("Write down what should be noted.")]
    if len(words) > MAX_TEXT:
        errors["text"] = [_l("At most %(most)s characters.", most=MAX_TEXT)]
    if kind not in NOTE_KINDS:
        errors["kind"] = [_l("Unknown value “%(value)s”.", value=kind)]
    if errors:
        raise Invalid(_l("The note cannot be kept."), errors=errors)
    session.add(CustomerNote(customer_id=customer.id, kind=kind, text=words, by=actor.ref, by_name=actor.name, at=now))
    _audit("customer.noted", customer, {"kind": kind}, actor=actor, now=now)


def _check(customer: Customer, data: SettingData) -> None:
    rules = reach_rules()
    errors: dict[str, list[Any]] = {}
    if data.language not in LOCALES:
        errors["language"] = [_l("Unknown value “%(value)s”.", value=data.language)]
    if unknown := [name for name in data.channels if name not in rules.channels]:
        errors["channels"] = [_l("Unknown value “%(value)s”.", value=", ".join(unknown))]
    elif len(set(data.channels)) != len(data.channels):
        errors["channels"] = [_l("Each way to be reached stands in the order once.")]
    if (data.quiet_from is None) != (data.quiet_to is None):
        errors["quiet_to"] = [_l("Quiet hours need a beginning and an end.")]
    elif data.quiet_from is not None and data.quiet_from == data.quiet_to:
        errors["quiet_to"] = [_l("Quiet hours must end at another time than they begin.")]
    if data.preferred_contact_id is not None:
        contact = session.get(Contact, data.preferred_contact_id)
        if contact is None or contact.customer_id != customer.id:
            errors["preferred_contact_id"] = [_l("This contact does not exist.")]
    if len(data.wishes) > MAX_TEXT:
        errors["wishes"] = [_l("At most %(most)s characters.", most=MAX_TEXT)]
    if errors:
        raise Invalid(_l("The settings cannot be kept."), errors=errors)


def _take_over(row: CustomerSetting, data: SettingData) -> dict[str, list[str]]:
    """Write the values into the row; what changed, from what to what, in texts."""
    changed: dict[str, list[str]] = {}
    for name, value in asdict(data).items():
        wanted = list(value) if name == "channels" else value.strip() if name == "wishes" else value
        before = getattr(row, name)
        if (before or None) != (wanted or None):
            changed[name] = [_text(before), _text(wanted)]
        setattr(row, name, wanted)
    return changed


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _change(
    customer: Customer, changed: dict[str, list[str]], source: str, *, actor: Actor, now: datetime
) -> CustomerChange:
    return CustomerChange(
        customer_id=customer.id,
        at=now,
        by=actor.ref,
        by_name=actor.name,
        source=source,
        subject="setting",
        subject_key="",
        act="changed",
        fields=changed,
    )


def _audit(action: str, customer: Customer, details: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="customer",
        subject_id=customer.number,
        unit_path=customer.unit_path,
        details=details,
    )
