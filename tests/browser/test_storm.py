"""A storm over the demo grid, from 300 calls to the indices of the day, computed by hand in this file."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from app.customers.models import Customer
from app.engine.definitions.deploy import deploy
from app.identity.queries import UserView
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.network import grid
from app.notify import channels
from app.outages.indices.serving import count_served
from app.outages.models import Outage, OutageCustomer
from tests.api.tokens import token_of
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.conftest import START
from tests.customers.accounts import make_contact
from tests.identity.factories import make_user
from tests.outages.board_house import Board, board
from tests.outages.handling.conftest import FOLDERS
from tests.outages.handling.crowd import Gateway
from tests.outages.world import populate
from tests.workorders.house import definitions

EACH = 8
"""Customers below every transformer."""

CALLS = 300
SWITCH = ("L40-1", "L40-2")
"""The switches at both ends of a line of feeder one, with 20 transformers below."""

BEGAN = START - timedelta(minutes=10)
"""When the wind took the first line, by those who called."""


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@dataclass
class Storm:
    """The house under it: `feeders` are transformers by feeder, the largest first; `customers` ids by transformer."""

    live: LiveServer
    board: Board
    feeders: Mapping[str, Sequence[str]]
    customers: Mapping[str, Sequence[int]]
    headers: Mapping[str, str]
    reader: UserView
    sent: int = 0
    answers: list[dict[str, Any]] = field(default_factory=list)

    def within(self, work: Any) -> Any:
        return self.live.within(work)

    def calls(self, transformers: Sequence[str], customers: range, at: datetime) -> None:
        """These customers of each transformer report, through the API, that they lost supply at an instant."""
        for transformer in transformers:
            for place in customers:
                self.sent += 1
                body = {"key": f"call-{self.sent}", "account_no": f"33{transformer}-{place}", "at": at.isoformat()}
                self.answers.append(self.post(body))

    def post(
        self, body: Mapping[str, Any], path: str = "outages/trouble", headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.live.url}/api/v1/{path}",
            data=json.dumps(body).encode(),
            headers={**(headers or self.headers), "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def settle(self) -> None:
        """Jobs and timers that are due, as the clock's process runs them."""
        self.within(self.board.house.settle)

    def go_on_to(self, at: datetime) -> None:
        """Let time pass until this instant."""
        self.live.clock.advance(at - self.live.clock.now())
        self.settle()

    def outage_at(self, transformer: str) -> Outage:
        """The outage that these customers are in."""
        return self.within(lambda: _outage_of(self.customers[transformer][0]))  # type: ignore[no-any-return]

    def restoring(self, page: Page, outage: Outage, at: datetime) -> Locator:
        """A minute after, the dispatcher unfolds the form of restoration on the outage's page and types the time."""
        self.go_on_to(at + minutes(1))
        page.goto(f"/outages/{outage.number}")
        form = page.locator("form[action$='/handling/restore']")
        form.locator("xpath=ancestor::details/summary").click()
        form.locator("[name=at]").fill(at.astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M"))
        return form

    def call_back(self, page: Page, outage: Outage) -> None:
        """From the group's inbox the clerk takes the outage's task and goes on to the customers."""
        page.goto("/inbox?scope=groups")
        page.locator("[data-row]", has_text=outage.number).locator("[data-row-link]").click()
        page.get_by_role("button", name="认领任务").first.click()
        expect(page.locator("[data-form-submit]")).to_be_enabled()
        page.get_by_role("link", name="逐户回访").click()
        expect(page.locator("[data-asked]").first).to_be_visible()

    def finish_task(self, outage: Outage, clerk: UserView) -> None:
        """Through the API: whoever was not asked was not reached."""
        headers = self.within(lambda: token_of(clerk, self.live.clock.now(), "task.work"))
        (task,) = [each for each in self.within(lambda: self.board.house.tasks(outage.number)).values()]
        self.post({"data": {}}, f"tasks/{task.id}/complete", headers)
        self.settle()


def _outage_of(customer: int) -> Outage:
    query = (
        sa.select(Outage)
        .join(OutageCustomer, OutageCustomer.outage_id == Outage.id)
        .where(OutageCustomer.customer_id == customer)
        .order_by(Outage.id.desc())
        .limit(1)
    )
    found = session.scalars(query).one()
    session.expunge(found)
    return found


@pytest.fixture
def gateway(live: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """Takes the text messages; made after the application, which registers its own sender."""
    made = Gateway()
    monkeypatch.setitem(channels._senders, "sms", made.take)
    return made


@pytest.fixture
def storm(live: LiveServer) -> Storm:
    made = live.within(board, live.clock)

    def fill() -> tuple[Any, Any, Any, Any]:
        db.run(lambda: deploy(definitions(*FOLDERS, "desk"), actor=SYSTEM, now=live.clock.now()))
        model = grid.current(live.clock.now())
        customers = db.run(lambda: populate(model, EACH, live.clock.now()))
        feeders: dict[str, list[str]] = {}
        for transformer in customers:
            feeders.setdefault(model.info(transformer).feeder, []).append(transformer)
        db.run(lambda: count_served(now=live.clock.now()))
        robot = make_user("meters1", posts=[("steward", made.house.units["GM"]), ("agent", made.house.units["GM"])])
        reader = make_user("reliability1", posts=[("reliability", made.house.units["GM"])], name="陶静宜")
        return (
            feeders,
            customers,
            reader,
            token_of(robot, live.clock.now(), "outage.report", "order.create", "outage.read"),
        )

    feeders, customers, reader, headers = live.within(fill)
    by_size = dict(sorted(feeders.items(), key=lambda item: (-len(item[1]), item[0])))
    return Storm(live, made, by_size, customers, headers, reader)


def test_a_storm_from_the_calls_to_the_indices_of_the_day(storm: Storm, gateway: Gateway, page: Page) -> None:
    """Feeder one, 55 transformers of 8 customers, is lost at 8:50; a transformer of feeder two at 8:55.

    Feeder one comes back in steps: 20 transformers at 9:40 (50 minutes), 25 at 10:32 (102), the last 10 at 11:20
    (150). A customer of the first 20 says that they are still out, and is back at 11:50 (180). The transformer is
    back at 9:55 (60).
    """
    one, two = list(storm.feeders.values())[:2]
    first = storm.within(lambda: grid.current(storm.live.clock.now()).transformers_under(SWITCH[0]))
    one = [*first, *(each for each in one if each not in first)]
    second, lone = one[20:45], two[0]
    missed = storm.customers[first[0]][0]
    storm.within(lambda: make_contact(session.get_one(Customer, missed), phone="+8613800138000"))
    storm.calls(one, range(5), BEGAN)  # 275 calls
    storm.calls(one[:20], range(5, 6), BEGAN)  # and 20 more
    storm.calls([lone], range(5), BEGAN + minutes(5))
    assert storm.sent == CALLS
    assert {answer["screening"] for answer in storm.answers} == {"passed"}
    storm.settle()
    line, house = storm.outage_at(one[0]), storm.board.house
    single = storm.outage_at(lone)
    assert (line.device_kind, line.customers_out, line.calls) == ("feeder_breaker", 440, 295)
    assert (single.device_code, single.customers_out, single.calls) == (lone, EACH, 5)
    assert len(storm.within(_under_way)) == 2, "located: no outage more than there are"

    storm.live.sign_in(page, house.people["dispatcher"])
    for outage in (line, single):
        page.goto("/outages")
        page.locator(f"[data-row][data-number='{outage.number}'] [data-row-link]").click()
        expect(page.locator(".panel-head h2", has_text=outage.number)).to_be_visible()
        page.locator("#f-confirm-cause").select_option("tree")
        page.locator("[data-panel-confirm]").click()
        expect(page.locator(f"[data-row][data-number='{outage.number}']")).to_contain_text("已确认")
    storm.settle()
    orders = storm.within(lambda: [storm.outage_at(one[0]).main_order_id, storm.outage_at(lone).main_order_id])
    assert None not in orders
    assert orders[0] != orders[1], "a repair order for each"

    page.goto(f"/outages/{line.number}")
    expect(page.locator("#notices li")).to_have_count(1)
    expect(page.locator("#notices")).to_contain_text("无渠道 · 无法联系 439")
    expect(page.locator("#notices")).to_contain_text("短信 · 已通知 1")
    (text,) = gateway.to("+8613800138000")
    assert all(
        word in text for word in ("因树障停电", "2026年3月2日 08:50起", "预计2026年3月2日 11:00恢复", "95598")
    ), text
    check_page(page)
    storm.live.sign_in(page, house.people["agent"])
    page.goto("/desk/")
    page.get_by_label("来电号码、户号、表号、户名或地址").fill("138 0013 8000")
    page.keyboard.press("Enter")
    known = page.locator(".desk-reason").first
    expect(known).to_contain_text(line.number)
    expect(known).to_contain_text("预计2026年3月2日 11:00恢复供电")

    storm.live.sign_in(page, house.people["dispatcher"])
    form = storm.restoring(page, line, BEGAN + minutes(50))
    form.get_by_label("某开关以下").check()
    near = form.locator(", ".join(f"option[value='{code}']" for code in SWITCH))
    expect(near).to_contain_text("160 户，配变 20 台")
    form.locator("select[name=switch]").select_option(near.get_attribute("value"))
    check_page(page)
    sent(form, page, "已恢复160户，仍停电280户")
    page.goto("/outages")
    expect(page.locator(f"[data-row][data-number='{line.number}']")).to_contain_text("部分送电")
    sent(storm.restoring(page, single, BEGAN + minutes(65)), page, "已恢复8户")
    form = storm.restoring(page, line, BEGAN + minutes(102))
    form.get_by_label("部分配变").check()
    for transformer in second:
        form.locator(f"[name=device][value='{transformer}']").check()
    expect(form.locator("[data-select-count]")).to_have_text("25")
    check_page(page)
    sent(form, page, "已恢复200户，仍停电80户")
    sent(storm.restoring(page, line, BEGAN + minutes(150)), page, "已恢复80户，仍停电0户")
    expect(page.locator("#steps tbody tr")).to_have_count(4)
    expect(page.locator("#steps tfoot")).to_contain_text(f"{160 * 50 + 200 * 102 + 80 * 150}")
    storm.settle()

    storm.live.sign_in(page, house.people["callback"])
    storm.call_back(page, line)
    for customer, word in ((f"33{first[1]}-0", "已复电"), (f"33{first[0]}-0", "仍未来电")):
        page.get_by_label("户号、户名、地址或电话").fill(customer)
        page.get_by_role("button", name="查看").click()
        expect(page.locator("[data-asked]")).to_have_count(1)
        check_page(page)
        page.locator(f"[data-asked='{customer}']").get_by_role("button", name=word).click()
        expect(page.locator(f"[data-asked='{customer}']")).to_contain_text(word)
    still = storm.outage_at(first[0])
    expect(page.locator(".alert-warning")).to_contain_text(still.number)
    assert (still.parent_id, still.started_at, still.customers_out) == (line.id, BEGAN, 1)
    storm.finish_task(line, house.people["callback"])
    storm.call_back(page, single)
    for left in range(5, 0, -1):
        expect(page.locator("[data-asked] button[value=restored]")).to_have_count(left)
        page.locator("[data-asked] button[value=restored]").first.click()
    expect(page.locator("[data-asked] button")).to_have_count(0)

    storm.live.sign_in(page, house.people["dispatcher"])
    page.goto("/outages")
    expect(page.locator(f"[data-row][data-number='{still.number}']")).to_be_visible()
    sent(storm.restoring(page, still, BEGAN + minutes(180)), page, "已恢复1户，仍停电0户")
    storm.settle()
    storm.live.sign_in(page, house.people["callback"])
    storm.call_back(page, still)
    page.locator("[data-asked] button[value=restored]").click()
    expect(page.locator("[data-asked] button")).to_have_count(0)
    storm.settle()
    number = still.number
    assert storm.within(_closed) == sorted([line.number, single.number, number]), "what was absorbed is cancelled"
    assert storm.within(_under_way) == []

    by_hand = 159 * 50 + 200 * 102 + 80 * 150 + 1 * 180 + 8 * 60
    served = EACH * sum(len(each) for each in storm.feeders.values())
    assert (by_hand, served) == (41_010, 1_176)
    storm.live.sign_in(page, storm.reader)
    day = BEGAN.date().isoformat()
    page.goto(f"/outages/indices?since={day}&until={day}&by=feeder")
    figure = page.locator(".indices-figure", has_text="SAIDI").get_by_role("link").first
    expect(figure).to_have_text(f"{by_hand / served:,.2f}")
    expect(page.locator(".indices-figure", has_text="SAIFI").get_by_role("link").first).to_have_text(
        f"{448 / served:.3f}"
    )
    expect(page.locator(".indices-figure", has_text="CAIDI").get_by_role("link").first).to_have_text(
        f"{by_hand / 448:.1f}"
    )
    figure.click()
    expect(page.locator(".indices-quotient")).to_contain_text("41,010.00 / 1,176.00")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text=line.number)).to_contain_text("40,350.00")
    expect(rows.filter(has_text=number)).to_contain_text("180.00")
    expect(rows.filter(has_text=single.number)).to_contain_text("480.00")


def sent(form: Locator, page: Page, said: str) -> None:
    """Send the form of restoration; the page says what it did."""
    form.get_by_role("button", name="登记恢复").click()
    expect(page.locator(".alert-success")).to_contain_text(said)


def _under_way() -> list[str]:
    return list(session.scalars(sa.select(Outage.number).where(Outage.status.not_in(["closed", "cancelled"]))))


def _closed() -> list[str]:
    query = sa.select(Outage.number).where(Outage.status == "closed").order_by(Outage.number)
    return list(session.scalars(query))
