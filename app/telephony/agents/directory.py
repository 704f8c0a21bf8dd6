"""What FreeSWITCH is told by mod_xml_curl: who may sign in, and which queues there are.

Answers are built as elements, never by pasting text; what is not asked for in a known way is `not found`, and
FreeSWITCH goes on with its own files.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from lxml import etree

from app.kernel.db import session
from app.telephony.agents.models import PhoneAgent, PhoneQueue, PhoneTier

NOT_FOUND = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<document type="freeswitch/xml"><section name="result">'
    b'<result status="not found"/></section></document>'
)
MUSIC = "local_stream://moh"
TRANSFER = "lightline_transfer"
"""The dialplan's context in which a number is sought that an agent hands a caller over to."""


def answer(asked: Mapping[str, str], *, domain: str, now: datetime) -> bytes:
    """The document for one request of mod_xml_curl."""
    match asked.get("section"):
        case "directory" if asked.get("domain") in {domain, "", None}:
            return user(asked.get("user", "")[:20], domain, now=now)
        case "configuration" if asked.get("key_value") == "callcenter.conf":
            return queues(domain)
    return NOT_FOUND


def user(extension: str, domain: str, *, now: datetime) -> bytes:
    """One telephone: the hash its digest is checked with, and how to ring it. A browser whose password has run out
    is nobody."""
    row = session.scalar(sa.select(PhoneAgent).where(PhoneAgent.extension == extension, PhoneAgent.active))
    if row is None or (row.kind == "browser" and (row.expires_at is None or row.expires_at <= now)):
        return NOT_FOUND
    document, section = _document("directory")
    place = etree.SubElement(section, "domain", name=domain)
    dial = (
        "{^^:sip_invite_domain=${dialed_domain}:presence_id=${dialed_user}@${dialed_domain}:"
        f"force_transfer_context={TRANSFER}}}"
        "${sofia_contact(*/${dialed_user}@${dialed_domain})}"
    )
    _params(etree.SubElement(place, "params"), {"dial-string": dial})
    groups = etree.SubElement(etree.SubElement(place, "groups"), "group", name="agents")
    entry = etree.SubElement(etree.SubElement(groups, "users"), "user", id=row.extension)
    _params(etree.SubElement(entry, "params"), {"a1-hash": row.a1_hash})
    variables = etree.SubElement(entry, "variables")
    for name, value in {
        "user_context": "lightline_agents",
        "effective_caller_id_number": row.extension,
        "force_transfer_context": TRANSFER,
        "lightline_user": row.username,
    }.items():
        etree.SubElement(variables, "variable", name=name, value=value)
    return _written(document)


def queues(domain: str) -> bytes:
    """The configuration of mod_callcenter."""
    document, section = _document("configuration")
    configuration = etree.SubElement(section, "configuration", name="callcenter.conf", description="Lightline")
    _params(
        etree.SubElement(configuration, "settings"),
        {"truncate-agents-on-load": "true", "truncate-tiers-on-load": "true"},
    )
    listed = etree.SubElement(configuration, "queues")
    rows = session.scalars(sa.select(PhoneQueue).where(PhoneQueue.active).order_by(PhoneQueue.code)).all()
    for row in rows:
        entry = etree.SubElement(listed, "queue", name=f"{row.code}@{domain}")
        _params(entry, _queue(row))
    people = etree.SubElement(configuration, "agents")
    agents = session.scalars(sa.select(PhoneAgent).where(PhoneAgent.active).order_by(PhoneAgent.extension)).all()
    for agent in agents:
        etree.SubElement(
            people,
            "agent",
            {
                "name": f"{agent.extension}@{domain}",
                "type": "callback",
                "contact": f"[leg_timeout={agent.rings}]user/{agent.extension}@{domain}",
                "status": "Logged Out",
                "max-no-answer": str(agent.max_no_answer),
                "wrap-up-time": str(agent.wrap_up),
                "reject-delay-time": "10",
                "busy-delay-time": "30",
            },
        )
    _tiers(configuration, {row.id: row.code for row in rows}, {agent.id: agent.extension for agent in agents}, domain)
    return _written(document)


def _tiers(configuration: etree._Element, codes: Mapping[int, str], extensions: Mapping[int, str], domain: str) -> None:
    tiers = etree.SubElement(configuration, "tiers")
    for tier in session.scalars(sa.select(PhoneTier).order_by(PhoneTier.queue_id, PhoneTier.level)):
        if tier.queue_id in codes and tier.agent_id in extensions:
            etree.SubElement(
                tiers,
                "tier",
                agent=f"{extensions[tier.agent_id]}@{domain}",
                queue=f"{codes[tier.queue_id]}@{domain}",
                level=str(tier.level),
                position=str(tier.position),
            )


def _queue(row: PhoneQueue) -> dict[str, str]:
    """What the switch knows of a queue; talks are recorded by the ivr process, not by it."""
    return {
        "strategy": row.strategy,
        "moh-sound": MUSIC,
        "time-base-score": "system",
        "max-wait-time": str(row.max_wait),
        "max-wait-time-with-no-agent": str(row.max_wait),
        "tier-rules-apply": "false",
        "discard-abandoned-after": "60",
        "abandoned-resume-allowed": "false",
    }


def _document(section: str) -> tuple[etree._Element, etree._Element]:
    document = etree.Element("document", type="freeswitch/xml")
    return document, etree.SubElement(document, "section", name=section)


def _params(parent: etree._Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        etree.SubElement(parent, "param", name=name, value=value)


def _written(document: etree._Element) -> bytes:
    return bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True))
