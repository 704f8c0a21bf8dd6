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
from playwright.sync_api import Page, expect

from app.engine.definitions.deploy import deploy
from app.identity.queries import UserView
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.network import grid
from app.outages.indices.serving import count_served
from app.outages.models import Outage, OutageCustomer, OutageVerification
from app.outages.operations import restoring, verifying
from tests.api.tokens import token_of
from tests.browser.conftest import LiveServer
from tests.conftest import START
from tests.identity.factories import make_user
from tests.outages.board_house import Board, board
from tests.outages.handling.conftest import FOLDERS
from tests.outages.world import populate
from tests.workorders.house import definitions

EACH = 8
"""Customers below every transformer."""

CALLS = 300
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

    def post(self, body: Mapping[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.live.url}/api/v1/outages/trouble",
            data=json.dumps(body).encode(),
            headers={**self.headers, "Content-Type": "application/json"},
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
def storm(live: LiveServer) -> Storm:
    made = live.within(board, live.clock)

    def fill() -> tuple[Any, Any, Any, Any]:
        db.run(lambda: deploy(definitions(*FOLDERS), actor=SYSTEM, now=live.clock.now()))
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


def test_a_storm_from_the_calls_to_the_indices_of_the_day(storm: Storm, page: Page) -> None:
    """Feeder one, 55 transformers of 8 customers, is lost at 8:50; a transformer of feeder two at 8:55.

    Feeder one comes back in steps: 20 transformers at 9:40 (50 minutes), 25 at 10:32 (102), the last 10 at 11:20
    (150). A customer of the first 20 says that they are still out, and is back at 11:50 (180). The transformer is
    back at 9:55 (60).
    """
    one, two = list(storm.feeders.values())[:2]
    first, second, lone = one[:20], one[20:45], two[0]
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

    def back(number: str, at: datetime, *devices: str) -> restoring.Restored:
        storm.go_on_to(at + minutes(1))
        return storm.within(  # type: ignore[no-any-return]
            lambda: house.do(restoring.restore, number, devices, at=at, by="dispatcher")
        )

    step = back(line.number, BEGAN + minutes(50), *first)
    assert (step.customers, step.still_out) == (160, 280)
    expect(page.locator(f"[data-row][data-number='{line.number}']")).to_contain_text("部分送电")
    assert back(single.number, BEGAN + minutes(65)).still_out == 0
    step = back(line.number, BEGAN + minutes(102), *second)
    assert (step.customers, step.still_out) == (200, 80)
    step = back(line.number, BEGAN + minutes(150))
    assert (step.customers, step.still_out) == (80, 0)
    storm.settle()

    missed = storm.customers[first[0]][0]
    nested = verify(storm, line, missed)
    assert verify(storm, single, None) == []
    (number,) = nested
    still = storm.outage_at(first[0])
    assert (still.number, still.parent_id, still.started_at, still.customers_out) == (number, line.id, BEGAN, 1)
    page.goto("/outages")
    expect(page.locator(f"[data-row][data-number='{number}']")).to_be_visible()
    assert back(number, BEGAN + minutes(180)).still_out == 0
    storm.settle()
    verify(storm, still, None)
    storm.go_on_to(storm.live.clock.now() + timedelta(days=1))  # what nobody answered is over by then
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


def verify(storm: Storm, outage: Outage, still_out: int | None) -> list[str]:
    """Everybody who is to be asked says that supply is back, but for this customer; numbers of nested outages."""

    def answer() -> list[str]:
        asked = session.execute(
            sa.select(OutageVerification.id, OutageVerification.customer_id).where(
                OutageVerification.outage_id == outage.id
            )
        ).all()
        assert asked, outage.number
        assert still_out is None or still_out in {customer for _id, customer in asked}
        session.rollback()
        said = [(each, "still_out" if customer == still_out else "restored") for each, customer in asked]
        return [
            nested
            for each, word in said
            if (nested := storm.board.house.do(verifying.answer, each, word, by="callback"))
        ]

    found: list[str] = storm.within(answer)
    storm.settle()
    return found


def _under_way() -> list[str]:
    return list(session.scalars(sa.select(Outage.number).where(Outage.status.not_in(["closed", "cancelled"]))))


def _closed() -> list[str]:
    query = sa.select(Outage.number).where(Outage.status == "closed").order_by(Outage.number)
    return list(session.scalars(query))
