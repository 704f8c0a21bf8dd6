"""How to reach a customer: by which channel, which contact, in which language, now or when at the earliest.

Everybody who writes to or calls customers asks here first (callbacks, outbound calls, notices).
The rules are `reach.yaml`; a customer's own settings go before the standard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType

import sqlalchemy as sa

from app.customers.models import Contact, Customer, CustomerSetting
from app.customers.page_rules import Channel, Purpose, ReachRules, reach_rules
from app.customers.queries.view import contacts_of, customer_row
from app.kernel.clock import LOCAL
from app.kernel.db import session

MOBILE = re.compile(r"(?:\+86)?1[3-9]\d{9}")
"""A number of mainland China that takes SMS (GB numbering plan: 11 digits from 13 to 19)."""

Window = tuple[time, time]
Way = tuple[str, str]
"""A channel and an address."""

NOTHING: Set[Way] = frozenset()


class UnknownPurpose(LookupError):
    """`reach.yaml` names no such purpose."""


@dataclass(frozen=True, slots=True)
class Reach:
    """`channel` is empty where the customer cannot be reached for this purpose, `why` says the cause.

    `why` is `` (reachable), `no_address` or `do_not_call`. `at` is the instant asked about, or
    the end of the quiet hours; None where there is no channel. `address` is a phone, an e-mail
    address or the postal address.
    """

    channel: str
    address: str
    contact_id: int | None
    contact_name: str
    language: str
    at: datetime | None
    why: str = ""

    def now(self, at: datetime) -> bool:
        """Whether it may be done at this instant."""
        return self.at is not None and self.at <= at


def how_to_reach(customer_id: int, purpose: str, at: datetime) -> Reach:
    """The best way to reach a customer for a purpose of `reach.yaml` from the instant `at` on.

    Raises `UnknownPurpose`, `CustomerNotFound`.
    """
    wanted = _purpose(purpose)
    customer = customer_row(customer_id)
    setting = session.get(CustomerSetting, customer_id)
    return _best(_Known(customer.name, customer.address, setting, contacts_of(customer_id)), wanted, at, NOTHING)


def how_to_reach_all(
    ids: Sequence[int], purpose: str, at: datetime, *, tried: Mapping[int, Set[Way]] = MappingProxyType({})
) -> dict[int, Reach]:
    """`how_to_reach` of many customers in three statements, by id; whoever is no customer is missing.

    `tried` are ways by customer that led nowhere: the next one is looked for. Raises `UnknownPurpose`.
    """
    wanted = _purpose(purpose)
    settings = {
        row.customer_id: row
        for row in session.scalars(sa.select(CustomerSetting).where(CustomerSetting.customer_id.in_(ids)))
    }
    contacts: dict[int, list[Contact]] = {}
    query = sa.select(Contact).where(Contact.customer_id.in_(ids)).order_by(Contact.preferred.desc(), Contact.id)
    for contact in session.scalars(query):
        contacts.setdefault(contact.customer_id, []).append(contact)
    customers = session.execute(sa.select(Customer.id, Customer.name, Customer.address).where(Customer.id.in_(ids)))
    return {
        key: _best(_Known(name, address, settings.get(key), contacts.get(key, [])), wanted, at, tried.get(key, NOTHING))
        for key, name, address in customers
    }


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a customer who is to be reached."""

    name: str
    address: str
    setting: CustomerSetting | None
    contacts: Sequence[Contact]


def _purpose(name: str) -> Purpose:
    wanted = reach_rules().purposes.get(name)
    if wanted is None:
        raise UnknownPurpose(name)
    return wanted


def _best(known: _Known, wanted: Purpose, at: datetime, tried: Set[Way]) -> Reach:
    rules, setting = reach_rules(), known.setting
    contacts = _in_order(known.contacts, wanted, setting)
    language = setting.language if setting else "zh"
    ways = _ways(wanted, setting, rules)
    found: list[Reach] = []
    for name in ways:
        opens = _opens(rules.channels[name], wanted, setting, rules, at)
        for address, contact in _addresses(rules.channels[name], contacts, known.address):
            if opens is not None and (name, address) not in tried:
                contact_id, who = (contact.id, contact.name) if contact else (None, known.name)
                found.append(Reach(name, address, contact_id, who, language, opens))
                break
    if not found:
        blocked = not ways or _forbidden(wanted, setting)
        return Reach("", "", None, "", language, None, "do_not_call" if blocked else "no_address")
    return min(found, key=lambda way: way.at or at) if wanted.soonest else found[0]


def next_open(at: datetime, windows: Sequence[Window]) -> datetime | None:
    """The first instant from `at` on outside these quiet hours (local, half-open); None where they cover the day."""
    local = at.astimezone(LOCAL)
    for _step in range(2 * len(windows) + 2):
        ends = [_end(local, window) for window in windows if _within(local.time(), window)]
        if not ends:
            return at if local == at else local.astimezone(at.tzinfo)
        local = max(ends)
    return None


def _within(clock: time, window: Window) -> bool:
    begin, end = window
    return begin <= clock < end if begin <= end else clock >= begin or clock < end


def _end(local: datetime, window: Window) -> datetime:
    """When the window that `local` lies in ends."""
    end = local.replace(hour=window[1].hour, minute=window[1].minute, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)


def _opens(
    channel: Channel, purpose: Purpose, setting: CustomerSetting | None, rules: ReachRules, at: datetime
) -> datetime | None:
    if not (channel.disturbs and purpose.quiet):
        return at
    return next_open(at, quiet_of(setting, rules))


def quiet_until(customer_id: int, at: datetime) -> datetime | None:
    """The first instant from `at` on outside a customer's quiet hours; None where they cover the day."""
    return next_open(at, quiet_of(session.get(CustomerSetting, customer_id), reach_rules()))


def quiet_of(setting: CustomerSetting | None, rules: ReachRules) -> Sequence[Window]:
    """The customer's own quiet hours, else the standard ones."""
    if setting is None or setting.quiet_from is None or setting.quiet_to is None:
        return rules.quiet
    return ((setting.quiet_from, setting.quiet_to),)


def _ways(purpose: Purpose, setting: CustomerSetting | None, rules: ReachRules) -> list[str]:
    """Channels of this purpose: those the customer named in their order, all others only where they named none."""
    own = [name for name in (setting.channels if setting else ()) if name in purpose.order]
    ways = own or list(purpose.order)
    return [name for name in ways if not (rules.channels[name].call and _forbidden(purpose, setting))]


def _forbidden(purpose: Purpose, setting: CustomerSetting | None) -> bool:
    return bool(setting and setting.do_not_call and purpose.do_not_call)


def _in_order(contacts: Sequence[Contact], purpose: Purpose, setting: CustomerSetting | None) -> list[Contact]:
    """The contact the customer prefers, then by the purpose's roles."""
    preferred = setting.preferred_contact_id if setting else None
    roles = {role: place for place, role in enumerate(purpose.roles)}
    return sorted(contacts, key=lambda one: (one.id != preferred, not one.preferred, roles.get(one.role, 99), one.id))


def _addresses(channel: Channel, contacts: Sequence[Contact], premises: str) -> Iterator[tuple[str, Contact | None]]:
    """The addresses of a channel, that of the first contact first."""
    if channel.address == "premises":
        if premises:
            yield premises, contacts[0] if contacts else None
        return
    for contact in contacts:
        value = contact.phone if channel.address in {"phone", "mobile"} else str(getattr(contact, channel.address))
        if value and (channel.address != "mobile" or MOBILE.fullmatch(value)):
            yield value, contact
