"""The page of one outage in a real browser: why here, confirm, move a report; on a desk and on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.settings import ROOT
from app.outages.models import Outage
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.outages.conftest import TABLE
from tests.outages.world import World, active, found
from tests.workorders.house import House, build


@pytest.fixture
def there(live: LiveServer, monkeypatch: pytest.MonkeyPatch) -> House:
    """A lateral without power: six orders from two transformers, one from elsewhere."""

    def make() -> House:
        house = build(live.clock)  # type: ignore[arg-type]
        db.run(lambda: deploy({TABLE: (ROOT / TABLE).read_bytes()}, actor=SYSTEM, now=house.now))
        county = house.units["GM-LJ-QS"]
        world: World = found(monkeypatch, now=house.now, unit=(county.code, county.path))
        for place, (transformer, customer) in enumerate([("T1", 0), ("T2", 0), ("T1", 1), ("T2", 1), ("T8", 0)]):
            house.accept(
                account_no=f"33{transformer}-{customer}",
                phone=f"1380013{place:04d}",
                address=f"青山县{transformer}路{customer + 1}号",
            )
        assert world
        house.settle()
        return house

    return live.within(make)


def shown(live: LiveServer) -> list[Outage]:
    return live.within(lambda: [outage for outage in active() if outage.number])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])
def test_the_page_fits(live: LiveServer, there: House, page: Page, size: tuple[int, int], language: str) -> None:
    numbers = live.within(lambda: [outage.number for outage in active() if outage.device_code == "F1"])
    live.sign_in(page, there.people["dispatcher"])
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/outages/{numbers[0]}?lang={language}")
    expect(page.locator("#outage-head h1")).to_have_text(numbers[0])
    check_page(page)


def test_a_dispatcher_confirms_and_moves_a_report(live: LiveServer, there: House, page: Page) -> None:
    number, other = live.within(
        lambda: [
            next(outage.number for outage in active() if (outage.device_code == "F1") is here) for here in (True, False)
        ]
    )
    live.sign_in(page, there.people["dispatcher"])
    page.goto(f"/outages/{number}?lang=zh")
    expect(page.get_by_text("为何定位在此")).to_be_visible()
    page.get_by_text("移动报修").click()
    form = page.locator("details[open] form")
    form.locator("[name=call_id]").select_option(index=1)
    form.locator("[name=to]").fill(other)
    form.locator("[name=reason]").fill("同一处故障")
    form.locator("button[type=submit]").click()
    expect(page.get_by_text(f"报修已归入停电事件{other}。")).to_be_visible()
    page.goto(f"/outages/{other}")
    page.locator("summary", has_text="确认停电").click()
    page.locator("details[open] [name=cause]").select_option("tree")
    page.locator("details[open] button[type=submit]").click()
    expect(page.locator("#outage-head")).to_contain_text("已确认")
    expect(page.get_by_text("抢修主单").first).to_be_visible()
    live.clock.advance(timedelta(minutes=1))
