"""Indices of reliability in a browser: a year chosen, a figure followed to its outages, on a desk and on a phone."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.outages import world as town
from tests.outages.indices.history import History, local

CAUSES = ("overload", "ageing", "weather", "lightning", "tree", "external_damage", "")
NATURES = ("unplanned", "unplanned", "unplanned", "planned", "temporary")


def year(history: History) -> None:
    """Outages of fourteen months, drawn the same each time."""
    drawn = random.Random(7)
    feeders = {"L-CB1": [f"T{n}" for n in range(1, 11)], "L-CB2": ["T11", "T12", "T13"]}
    for _n in range(70):
        begin = local(date(2025, 1, 1) + timedelta(days=drawn.randrange(424)), drawn.randrange(24), drawn.randrange(60))
        feeder = drawn.choice(list(feeders))
        places = drawn.sample(feeders[feeder], drawn.randrange(1, len(feeders[feeder])))
        cut = drawn.randrange(1, len(places) + 1)
        history.outage(
            begin,
            [(drawn.choice([2, 4, 35, 80]), places[:cut]), (drawn.randrange(90, 400), places[cut:])],
            cause=drawn.choice(CAUSES), nature=drawn.choice(NATURES), feeder_code=feeder, feeder_name=f"{feeder[2:]}线",
        )  # fmt: skip


def test_a_year_is_shown_and_explained(live: LiveServer, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    province = live.make_unit("GM", kind="province", name="光明省电力公司")
    county = live.make_unit("GM-LJ", parent=province, name="临江供电公司")
    reader = live.make_user("reliability1", posts=[("reliability", province)], name="陶静宜")

    def fill() -> None:
        world = town.found(monkeypatch, each=40, now=live.clock.now(), unit=(county.code, county.path))
        history = History(world, (county.code, county.path))
        history.served(live.clock.now(), date(2025, 1, 1))
        year(history)

    live.within(fill)
    live.sign_in(page, reader)
    page.goto("/outages/indices?since=2025-03-01&until=2026-02-28&by=feeder")
    expect(page.get_by_role("heading", name="供电可靠性指标")).to_be_visible()
    expect(page.locator(".indices-figure")).to_have_count(7)
    check_page(page)
    page.get_by_label("分项").select_option("month")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("tbody tr th", has_text="2025-07")).to_be_visible()
    check_page(page)
    figure = page.locator(".indices-figure", has_text="SAIDI").get_by_role("link").first
    value = figure.inner_text()
    figure.click()
    expect(page.locator(".indices-quotient")).to_contain_text(value)
    check_page(page)
    page.goto("/outages/indices?since=2025-03-01&until=2026-02-28&basis=dlt836&by=cause&lang=en")
    expect(page.get_by_role("heading", name="Indices of reliability")).to_be_visible()
    expect(page.locator(".indices-figure", has_text="RS-3")).to_be_visible()
    check_page(page)
