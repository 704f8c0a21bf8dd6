"""Enter a notice of an outage (停电信息录入): compose it, keep who is told, begin telling them.

The table `notice_policy` says whether an occasion is worth a notice, whether a person releases it and within
how many minutes it must be entered. A notice that a person releases is a draft until then; its process
`outage_notice` watches the limit. Whatever still waits of an earlier notice is overtaken by the new one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.kernel import audit, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import in_locale
from app.outages.labels import OCCASION, label
from app.outages.models import Outage, OutageNotice
from app.outages.notice_texts import OCCASIONS, compose
from app.outages.operations import recipients, telling, trace
from app.outages.operations.facts import posts_of
from app.outages.operations.find import by_number
from app.outages.operations.notice_facts import kind_of, notice_facts
from app.outages.rights import NOTICE

PROCESS = "outage_notice"
TEXT_LIMIT = 1000


class NoticeEntered(Conflict):
    """The notice is entered or dropped already."""

    code = "notice_entered"


def enter(
    outage: Outage, occasion: str, *, caused_at: datetime | None = None, actor: Actor, now: datetime
) -> OutageNotice | None:
    """The notice of this occasion, or None where the policy wants none. For steps and operations: asks no right.

    `caused_at` is when what it tells of happened; the limit of entry runs from there.
    """
    storm = outage.storm_id is not None
    inputs = {
        "occasion": occasion,
        "nature": kind_of(outage) if outage.nature == "arrears" else outage.nature,
        "customers": outage.customers_total,
        "storm": storm,
        "hours_ahead": _hours_ahead(outage, now),
    }
    policy = engine.decide("notice_policy", inputs, now=now).result
    if not policy["enter"]:
        return None
    caused = caused_at or now
    recipients.keep(outage, occasion, now=now)
    facts = notice_facts(outage, now=now)
    notice = OutageNotice(
        outage_id=outage.id,
        unit_path=outage.unit_path,
        kind=kind_of(outage),
        occasion=occasion,
        state="draft" if policy["manual"] else "entered",
        text=compose(occasion, kind_of(outage), facts["zh"], "zh"),
        text_en=compose(occasion, kind_of(outage), facts["en"], "en"),
        facts=facts,
        tell=bool(policy["tell"]),
        purpose=str(policy["purpose"]),
        recipients=0,
        caused_at=caused,
        due_at=caused + timedelta(minutes=float(policy["minutes"])),
        by=actor.ref,
        by_name=actor.name,
    )
    session.add(notice)
    session.flush()
    notice.recipients = recipients.count_of(notice)
    _drop_drafts(outage.id, before=notice.id, actor=actor, now=now)
    if notice.state == "draft":
        _ask(notice, outage, actor=actor, now=now)
    else:
        _entered(notice, outage, actor=actor, now=now)
    live.touch("outages", f"outage:{outage.id}")
    return notice


def _hours_ahead(outage: Outage, now: datetime) -> float:
    """Hours until an announced outage begins, negative once it has; 0 for one that nobody planned."""
    return (outage.planned_from - now).total_seconds() / 3600 if outage.planned_from else 0.0


def enter_by_hand(number: str, occasion: str, *, text: str = "", text_en: str = "", actor: Actor, now: datetime) -> int:
    """A dispatcher enters a notice beside those that the process enters; returns its id. Right `outage.notice`.

    Raises `OutageNotFound`, `Forbidden`, `Invalid`.
    """
    outage = by_number(number)
    authority.require(actor, NOTICE, unit_path=outage.unit_path, now=now)
    if occasion not in OCCASIONS:
        raise Invalid(_l("There is no such occasion of a notice."), errors={"occasion": [occasion]})
    notice = enter(outage, occasion, actor=actor, now=now)
    if notice is None:
        raise Invalid(_l("The policy of notices wants none at this occasion."), errors={"occasion": [occasion]})
    if text.strip() or text_en.strip():
        _reword(notice, text, text_en)
    return notice.id


def release(notice_id: int, *, text: str, text_en: str, actor: Actor, now: datetime) -> None:
    """Enter a draft with the words a person gave it; its people are told now. Raises `NoticeEntered`, `Invalid`."""
    notice = _draft(notice_id)
    outage = session.get_one(Outage, notice.outage_id)
    _reword(notice, text, text_en)
    notice.state, notice.by, notice.by_name = "entered", actor.ref, actor.name
    _entered(notice, outage, actor=actor, now=now)
    live.touch("outages", f"outage:{outage.id}")


def drop(notice_id: int, *, actor: Actor, now: datetime) -> None:
    """A draft is not entered: a person decided so, or a later notice took its place."""
    notice = session.get_one(OutageNotice, notice_id)
    if notice.state != "draft":
        return
    notice.state = "dropped"
    outage = session.get_one(Outage, notice.outage_id)
    params = {"occasion": notice.occasion}
    trace.event(outage, "notice_dropped", actor=actor, now=now, params=params)
    live.touch("outages", f"outage:{outage.id}")
    session.flush()


def _reword(notice: OutageNotice, text: str, text_en: str) -> None:
    for name, words in (("text", text), ("text_en", text_en)):
        clean = words.strip()
        if len(clean) > TEXT_LIMIT:
            message = _l("A notice has at most %(n)s characters.", n=TEXT_LIMIT)
            raise Invalid(message, errors={name: [message]})
        if clean:
            setattr(notice, name, clean)


def _draft(notice_id: int) -> OutageNotice:
    notice = session.get_one(OutageNotice, notice_id, with_for_update=True)
    if notice.state != "draft":
        raise NoticeEntered(_l("This notice is entered or dropped already."))
    return notice


def _entered(notice: OutageNotice, outage: Outage, *, actor: Actor, now: datetime) -> None:
    notice.entered_at = now
    _overtake(notice, now=now)
    params = {
        "occasion": notice.occasion,
        "customers": notice.recipients if notice.tell else 0,
        "late": now > notice.due_at,
    }
    trace.event(outage, "notice", actor=actor, now=now, params=params)
    audit.record(
        "outage.notice_entered",
        actor=actor,
        now=now,
        subject_type="outage",
        subject_id=outage.number,
        unit_path=outage.unit_path,
        details={"occasion": notice.occasion, "kind": notice.kind},
    )
    session.flush()
    telling.begin_telling(notice, now=now)


def stop_telling(outage: Outage, *, now: datetime) -> None:
    """Another outage has taken it in: nobody is told of it any more."""
    telling.stop(_standing(outage.id), now=now)


def take_back(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """There was no outage: whoever still waits is told nothing, those who were told are told that there was none."""
    standing = _standing(outage.id)
    telling.stop(standing, now=now)
    if standing:
        enter(outage, "cancelled", actor=actor, now=now)
    else:
        _drop_drafts(outage.id, actor=actor, now=now)


def _standing(outage_id: int, before: int | None = None) -> list[int]:
    """The entered notices of an outage that nothing has stopped."""
    query = sa.select(OutageNotice.id).where(
        OutageNotice.outage_id == outage_id, OutageNotice.state == "entered", OutageNotice.stopped_at.is_(None)
    )
    return list(session.scalars(query if before is None else query.where(OutageNotice.id < before)))


def _drop_drafts(outage_id: int, *, before: int | None = None, actor: Actor, now: datetime) -> None:
    """Drafts of the outage are dropped, or those before another notice."""
    drafts = sa.select(OutageNotice.id).where(OutageNotice.outage_id == outage_id, OutageNotice.state == "draft")
    for draft in session.scalars(drafts if before is None else drafts.where(OutageNotice.id < before)).all():
        engine.publish("notice_overtaken", correlation={"notice_id": draft}, actor=actor, now=now)
        drop(draft, actor=actor, now=now)


def _overtake(notice: OutageNotice, *, now: datetime) -> None:
    """Earlier notices are told no more. One that tells nobody by itself tells those whom they did not reach:
    what they would have heard no longer holds, and they would hear nothing."""
    earlier = _standing(notice.outage_id, notice.id)
    if not notice.tell:
        earlier = telling.unfinished(earlier)
        if not earlier:
            return
        first = sa.select(sa.func.min(sa.func.coalesce(OutageNotice.rest_of, OutageNotice.id)))
        notice.tell, notice.rest_of = True, session.scalar(first.where(OutageNotice.id.in_(earlier)))
    telling.stop(earlier, now=now)
    session.flush()
    notice.recipients = recipients.count_of(notice)


def _ask(notice: OutageNotice, outage: Outage, *, actor: Actor, now: datetime) -> None:
    """Begin the process in which somebody releases the draft."""
    instance = engine.start(
        PROCESS,
        data={
            "notice_id": notice.id,
            "number": outage.number,
            "outage_id": outage.id,
            "unit": outage.unit_code,
            **posts_of(outage, now=now),
            "occasion": notice.occasion,
            "notice_text": notice.text,
            "notice_text_en": notice.text_en,
            "notice_customers": notice.recipients,
            "notice_due": notice.due_at.isoformat(),
            **_occasion_words(notice.occasion),
        },
        business_key=f"{outage.number}-{notice.id}",
        title=f"停电信息核发：{outage.device_name}",
        title_en=f"Release a notice: {outage.device_name_en or outage.device_name}",
        unit=outage.unit_code,
        priority=80,
        search=f"{outage.number} {outage.device_name} {outage.device_name_en}",
        actor=actor,
        now=now,
    )
    notice.instance_id = instance.id
    session.flush()


def _occasion_words(occasion: str) -> dict[str, str]:
    with in_locale("zh"):
        chinese = label(OCCASION, occasion)
    with in_locale("en"):
        english = label(OCCASION, occasion)
    return {"occasion_words": chinese, "occasion_words_en": english}
