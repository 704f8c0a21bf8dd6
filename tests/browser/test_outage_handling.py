"""Handling of outages in a real browser: the planner asks, the dispatcher restores, anybody looks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.outages.operations import confirming, storms, trouble
from app.outages.operations.trouble import Trouble
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.identity.factories import make_user
from tests.outages.handling.conftest import FOLDERS
from tests.outages.handling.grid_town import Place, settle
from tests.workorders.house import House, build, definitions


@pytest.fixture
def there(live: LiveServer) -> tuple[House, Place]:
    return live.within(_settled, live)


def _settled(live: LiveServer) -> tuple[House, Place]:
    house = build(live.clock)
    for post in ("outage_planner", "grid_planner"):
        house.people[post] = make_user(f"{post}1", posts=[(post, house.units["GM-LJ-QS"])])
    db.run(lambda: deploy(definitions(*FOLDERS), actor=SYSTEM, now=house.now))
    return house, settle(house, each=3)


def _confirmed(house: House, place: Place) -> str:
    for customer in place.ids[:2]:
        report = Trouble(source="web", key=f"web-{customer}", customer_id=customer)
        placed = db.run(lambda report=report: trouble.report(report, actor=SYSTEM, now=house.now))
    assert placed.outage_number
    house.do(confirming.confirm, placed.outage_number, cause="tree")
    house.settle()
    return str(placed.outage_number)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_planner_sees_what_it_would_do_and_asks(
    live: LiveServer, page: Page, there: tuple[House, Place], language: str
) -> None:
    house, place = there
    live.sign_in(page, house.people["outage_planner"])
    begins = (live.clock.now() + timedelta(days=9)).astimezone(LOCAL).replace(hour=9, minute=0)
    page.goto(f"/outages/plans/new?search={place.switch}&lang={language}")
    page.get_by_role("checkbox").first.check()
    page.locator("[name=begins_at]").last.fill(begins.strftime("%Y-%m-%dT%H:%M"))
    page.locator("[name=ends_at]").last.fill((begins + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"))
    page.locator("[name=reason]").last.fill("更换柱上开关")
    page.locator("[name=look]").click()
    expect(page.locator("#judgement")).to_be_visible()
    check_page(page)
    page.locator("form[action$='/plans/new'] button").click()
    expect(page).to_have_url(re.compile(r"/outages/TD"))
    check_page(page)
    page.goto("/outages/plans")
    expect(page.get_by_text("更换柱上开关").first).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_outage_is_restored_and_the_public_hears(
    live: LiveServer, page: Page, there: tuple[House, Place], language: str
) -> None:
    house, place = there
    number = live.within(_confirmed, house, place)
    live.sign_in(page, house.people["dispatcher"])
    page.goto(f"/outages/{number}?lang={language}")
    expect(page.locator("#notices")).to_be_visible()
    check_page(page)
    page.locator("form[action$='/handling/restore']").locator("xpath=ancestor::details/summary").click()
    page.locator("form[action$='/handling/restore'] button").click()
    expect(page.locator("#verification")).to_be_visible()
    expect(page.locator("#steps tbody tr")).to_have_count(2)
    check_page(page)
    page.goto(f"/outages/{number}/told")
    expect(page.locator("tbody tr").first).to_be_visible()
    check_page(page)
    page.context.clear_cookies()
    page.goto(f"/outages/public?lang={language}")
    check_page(page)
    page.locator("[name=q]").fill(f"88{place.transformers[0]}-0")
    page.locator("form button").first.click()
    expect(page.locator("section[aria-live]")).to_be_visible()
    check_page(page)


def test_storm_mode_is_led(live: LiveServer, page: Page, there: tuple[House, Place]) -> None:
    house, place = there
    live.within(_confirmed, house, place)
    number = live.within(lambda: house.do(storms.begin, "GM-LJ-QS", name="台风海葵", by="supervisor"))
    live.sign_in(page, house.people["supervisor"])
    page.goto("/outages/storms")
    expect(page.get_by_text("台风海葵").first).to_be_visible()
    check_page(page)
    page.goto(f"/outages/storms/{number}")
    check_page(page)
    page.locator("form[action$='/end'] button").click()
    expect(page.get_by_text("小结").first).to_be_visible()
    check_page(page)
