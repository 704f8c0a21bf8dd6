"""Agents with phones in their browsers, an exchange between them, a stand-in switch behind."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lxml import etree
from playwright.sync_api import Browser, Page, expect

from app.identity.queries import UserView
from app.kernel import live as live_topics
from app.kernel.actor import SYSTEM
from app.kernel.db import db
from app.kernel.db import run as transaction
from app.telephony.agents import directory, operations, presence
from app.telephony.agents.settings import KEY as PHONE
from app.telephony.agents.settings import PhoneSettings
from app.telephony.calls.models import Call, CallStep, QueueVisit
from app.telephony.config import KEY
from app.telephony.standin import StandInAgent
from tests.browser.conftest import LiveServer
from tests.browser.exchange import Exchange
from tests.customers.accounts import make_contact, make_customer
from tests.identity import factories
from tests.telephony.standin.running import RunningSwitch
from tests.workorders.house import House, build

HEARS = """
const Real = window.RTCPeerConnection;
window.heard = [];
window.tones = [];
const insert = RTCDTMFSender.prototype.insertDTMF;
RTCDTMFSender.prototype.insertDTMF = function (tones, ...rest) {
  window.tones.push(tones);
  return insert.call(this, tones, ...rest);
};
window.RTCPeerConnection = class extends Real { constructor(...given) { super(...given); window.heard.push(this); } };
"""
"""Keeps the connections of a page, to ask them what they hear, and the tones it sends."""

LEVEL = """async (n) => {
  const before = new Map();
  const read = async () => { const found = [];
    for (const each of window.heard.filter((one) => one.connectionState === 'connected')) {
      for (const row of (await each.getStats()).values())
        if (row.type === 'inbound-rtp') found.push([row.packetsReceived, row.totalAudioEnergy ?? 0]); }
    return found; };
  const first = await read();
  await new Promise((done) => setTimeout(done, 1200));
  const second = await read();
  return second.map(([packets, energy], n) => [packets - (first[n]?.[0] ?? 0), energy - (first[n]?.[1] ?? 0)]);
}"""


def hash_of(live: LiveServer, user: str) -> str | None:
    """The hash as the switch is told it by mod_xml_curl."""

    def ask() -> str | None:
        document = etree.fromstring(directory.user(user, "lightline", now=live.clock.now()))
        found = document.xpath("//param[@name='a1-hash']/@value")
        return str(found[0]) if found else None

    return live.within(ask)


@dataclass
class Office:
    """`people` by extension."""

    live: LiveServer
    exchange: Exchange
    switch: RunningSwitch
    browser: Browser
    options: dict[str, Any]
    people: dict[str, UserView] = field(default_factory=dict)
    house: House | None = None
    problems: list[str] = field(default_factory=list)

    def desk(self, extension: str) -> Page:
        """This agent's desk in a browser of its own, with the line ready."""
        page = self.page(extension)
        page.goto("/desk/")
        expect(page.locator("[data-phone-line]")).to_have_text("线路就绪")
        return page

    def page(self, extension: str) -> Page:
        """A browser of this agent's own."""
        context = self.browser.new_context(**self.options)
        context.add_init_script(HEARS)
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: self.problems.append(str(error.error)))
        context.on("console", lambda told: self.problems.append(told.text) if _refused(told) else None)
        page = context.new_page()
        self.live.sign_in(page, self.people[extension])
        return page

    def queue_call(self, extension: str, *, number: str, key: str = "call-1", account: str = "3301005566") -> None:
        """A queue's call that rings at this telephone, as the ivr process notes it."""
        now = self.live.clock.now()

        def rows() -> None:
            call = Call(
                key=key, number=number, called="95598", flow="line_95598", account_no=account, began_at=now, tags={}
            )
            db.session.add(call)
            db.session.flush()
            for n, (flow, node, kind, pressed) in enumerate(WAY, start=1):
                db.session.add(
                    CallStep(call_id=call.id, n=n, at=now, flow=flow, node=node, kind=kind, input=pressed, exit="")
                )
            db.session.add(
                QueueVisit(
                    member=f"m-{key}",
                    queue="service",
                    call_key=key,
                    number=number,
                    joined_at=now - timedelta(seconds=80),
                    offered_to=extension,
                )
            )
            live_topics.touch(f"phone:{extension}")

        self.live.within(transaction, rows)
        self.exchange.add[extension] = {"X-Lightline-Call": key}


WAY = [("line_95598", "main", "menu", "1"), ("fault", "ask_way", "menu", "2"), ("agent", "wait", "queue", "")]


def _refused(told: Any) -> bool:
    return told.type == "error" and "Content Security Policy" in told.text


def prepare(office: Office) -> None:
    """Agents 1001, 1002 and 1003 with phones in the browser; an account that a number belongs to."""
    live = office.live
    live.app.extensions[KEY] = dataclasses.replace(
        live.app.extensions[KEY], switch=("127.0.0.1", office.switch.port), password="ClueCon", domain="lightline"
    )
    live.app.extensions[PHONE] = PhoneSettings(wss=f"ws://127.0.0.1:{office.exchange.port}")

    def build_house() -> None:
        house = build(live.clock, "inquiry", "desk")  # type: ignore[arg-type]
        make_contact(make_customer(house.units["GM-LJ-QS"], "3301005566"), phone="+8613800138000")
        unit = house.units["GM-LJ-QS"]
        office.house = house
        office.people = {
            "1001": house.people["agent"],
            "1002": factories.make_user("agent2", posts=[("agent", unit)]),
            "1003": factories.make_user("agent3", posts=[("agent", unit)]),
            "1009": factories.make_user("boss", posts=[("supervisor", unit)]),
        }
        now = live.clock.now()

        def phones() -> None:
            for extension, person in office.people.items():
                operations.save_agent(
                    extension,
                    person.username,
                    domain="lightline",
                    kind="browser",
                    wrap_up=20,
                    actor=SYSTEM,
                    now=now,
                )
            presence.save_reason("meal", "用餐", "Meal", active=True, actor=SYSTEM, now=now)

        transaction(phones)

    live.within(build_house)
    for extension in office.people:
        office.switch.switch.agents[f"{extension}@lightline"] = StandInAgent(f"{extension}@lightline")
