"""The dispatchers' board in a real browser: two at once, by mouse, by keyboard, on a phone, in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.kernel import db
from app.kernel import live as topics
from app.kernel.db import session
from app.outages.models import Outage, OutageStep, TroubleCall
from app.workorders import operations
from app.workorders.operations import CrewData
from app.workorders.operations.trace import Place
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.identity.factories import make_user
from tests.outages.board_house import Board, board, write

MAP = ".leaflet-container"
"""Leaflet's own widget: its circles are one canvas, the same things stand in the list."""


@pytest.fixture
def there(live: LiveServer) -> Board:
    made = live.within(board, live.clock)
    live.within(_people, made)
    return made


def _people(made: Board) -> None:
    house = made.house
    house.people["second"] = make_user("dispatcher9", posts=[("dispatcher", house.units["GM-LJ-QS"])], name="调度丙")
    for crew, name, place in ((house.crew, "抢修一班", (48.43, 7.80)), (house.second_crew, "抢修二班", (48.40, 7.78))):
        data = CrewData(unit="GM-LJ-QS", name=name, leader="crew_leader1", skills=["transformer"])
        house.do(operations.save_crew, data, crew_id=crew)
        house.do(operations.report_position, crew, Place(lat=place[0], lon=place[1]))


@pytest.fixture
def beside(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """Another dispatcher's browser."""
    context: BrowserContext = browser.new_context(**browser_context_args)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def outage(live: LiveServer, there: Board, **values: Any) -> str:
    return str(live.within(lambda: there.outage(**values).number))


def confirmed(live: LiveServer, there: Board) -> str:
    """An outage with its repair order."""

    def make() -> str:
        order = there.house.accept()
        return str(
            there.outage(status="confirmed", kind="confirmed_device", locked=True, main_order_id=order.id).number
        )

    return live.within(make)


def call(live: LiveServer, there: Board, number: str, key: str) -> int:
    """A trouble call attached to an outage."""

    def make() -> int:
        def write() -> int:
            at = session.query(Outage).filter_by(number=number).one()
            row = TroubleCall(
                key=key,
                source="order",
                phone="+8613800138000",
                address="解放路 12 号",
                reported_at=there.now,
                received_at=there.now,
                unit_code=at.unit_code,
                unit_path=at.unit_path,
                transformer_code=at.device_code,
                feeder_code=at.feeder_code,
                outage_id=at.id,
                state="attached",
            )
            session.add(row)
            session.flush()
            return row.id

        return db.run(write)

    return live.within(make)


def changed(live: LiveServer) -> None:
    """What every operation tells open pages."""
    live.within(lambda: db.run(lambda: topics.touch("outages")))


def row(page: Page, number: str) -> Any:
    return page.locator(f"[data-row][data-number='{number}']")


def come(live: LiveServer, page: Page, user: Any, path: str = "/outages") -> None:
    live.sign_in(page, user)
    page.goto(path)


def test_what_one_dispatcher_does_the_others_board_shows_without_reload(
    live: LiveServer, there: Board, page: Page, beside: Page
) -> None:
    number = confirmed(live, there)
    come(live, page, there.house.people["dispatcher"])
    come(live, beside, there.house.people["second"])
    beside.evaluate("window.stayed = true")
    row(beside, number).locator("[data-row-link]").focus()
    row(page, number).locator("[data-row-link]").click()
    page.locator("[data-panel-crew]").first.click()
    expect(row(page, number)).to_contain_text("已派")
    expect(row(beside, number)).to_contain_text("已派")
    assert beside.evaluate("window.stayed") is True
    assert beside.evaluate("document.activeElement.closest('[data-row]')?.dataset.number") == number
    fresh = outage(live, there, customers_out=900, priority=90)
    changed(live)
    expect(row(beside, fresh)).to_be_visible()
    first = beside.locator("[data-row]").first
    expect(first).to_have_attribute("data-number", fresh)


def test_a_crew_is_dragged_onto_an_outage(live: LiveServer, there: Board, page: Page) -> None:
    number = confirmed(live, there)
    come(live, page, there.house.people["dispatcher"])
    crew = page.locator(f"[data-crew='{there.house.second_crew}']")
    crew.drag_to(row(page, number))
    expect(page.locator("#confirm-dialog")).to_contain_text("抢修二班")
    page.locator("#confirm-dialog [data-confirm-ok]").click()
    expect(row(page, number)).to_contain_text("抢修二班")
    expect(page.locator("#toasts")).to_contain_text(number)


def test_of_two_who_move_one_call_the_second_is_told(live: LiveServer, there: Board, page: Page, beside: Page) -> None:
    here, one, two = (outage(live, there) for _ in range(3))
    call(live, there, here, "a")
    call(live, there, here, "b")
    come(live, page, there.house.people["dispatcher"])
    come(live, beside, there.house.people["second"])
    for each in (page, beside):
        row(each, here).locator("[data-row-link]").click()
        expect(each.locator("[data-panel-call]").first).to_be_visible()
    for each, to, told in ((page, one, one), (beside, two, "他人移动")):
        form = each.locator(".panel-calls form").last
        form.locator("[name=to]").fill(to)
        form.locator("button").click()
        expect(each.locator("#toasts")).to_contain_text(told)


def test_a_crew_is_sent_with_the_keyboard_alone(live: LiveServer, there: Board, page: Page) -> None:
    other = outage(live, there, priority=90)
    number = confirmed(live, there)
    come(live, page, there.house.people["dispatcher"])
    expect(row(page, other)).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(row(page, number)).to_have_class(re.compile("is-current"))
    page.keyboard.press("c")
    expect(page.locator("[data-panel-crew]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, number)).to_contain_text("已派")
    page.keyboard.press("b")
    assert page.evaluate("document.activeElement.closest('[data-row]')?.dataset.number") == number
    page.keyboard.press("?")
    expect(page.locator("#shortcuts-dialog")).to_contain_text("为停电选班组")


def test_filters_stay_in_the_address_and_rows_follow(live: LiveServer, there: Board, page: Page) -> None:
    plain, important = outage(live, there), outage(live, there, important=1, important_level="first")
    come(live, page, there.house.people["dispatcher"])
    expect(row(page, plain)).to_be_visible()
    page.get_by_label("重要客户").check()
    expect(row(page, plain)).to_have_count(0)
    expect(row(page, important)).to_be_visible()
    assert "important=1" in page.url
    page.reload()
    expect(row(page, important)).to_be_visible()
    expect(row(page, plain)).to_have_count(0)


def test_hundreds_of_outages_come_all_and_the_scroll_stays(live: LiveServer, there: Board, page: Page) -> None:
    def many() -> None:
        def write_all() -> None:
            for place in range(300):
                write(there, customers_out=1000 - place, priority=50)

        db.run(write_all)

    live.within(many)
    come(live, page, there.house.people["dispatcher"])
    expect(page.locator("[data-row]")).to_have_count(300)
    page.evaluate("document.querySelector('.board-list').scrollTop = 4000")
    middle = page.evaluate(
        "[...document.querySelectorAll('[data-row]')].find((r) => r.getBoundingClientRect().top > 300).dataset.number"
    )
    before = row(page, middle).bounding_box()["y"]
    number = outage(live, there, customers_out=5000, priority=99)
    changed(live)
    expect(row(page, number)).to_have_count(1)
    assert abs(row(page, middle).bounding_box()["y"] - before) < 30


def test_a_past_storm_is_played_back(live: LiveServer, there: Board, page: Page) -> None:
    def story() -> str:
        start = there.now - timedelta(hours=2)
        made = there.outage(started_at=start, detected_at=start, customers_total=40, customers_out=10)

        def step() -> None:
            at = start + timedelta(hours=1)
            session.add(
                OutageStep(outage_id=made.id, n=1, at=start, kind="out", customers=40, customer_minutes=0, by="x")
            )
            session.add(
                OutageStep(outage_id=made.id, n=2, at=at, kind="restored", customers=30, customer_minutes=1, by="x")
            )

        db.run(step)
        return str(made.number)

    number = live.within(story)
    come(live, page, there.house.people["dispatcher"], "/outages/playback")
    page.wait_for_selector("[data-playback-ready]", state="attached")
    expect(page.locator("[data-playback-sum=out]")).to_have_text("0")
    page.keyboard.press(".")
    expect(page.locator("[data-playback-sum=out]")).to_have_text("40")
    expect(page.locator("[data-playback-rows]")).to_contain_text(number)
    page.keyboard.press(".")
    expect(page.locator("[data-playback-sum=out]")).to_have_text("10")
    page.keyboard.press(",")
    expect(page.locator("[data-playback-sum=out]")).to_have_text("40")
    check_page(page, without=(MAP,))


def test_the_wall_follows_and_says_when_nobody_answers(live: LiveServer, there: Board, page: Page) -> None:
    number = outage(live, there)
    come(live, page, there.house.people["dispatcher"], "/outages/wall")
    expect(page.locator("[data-wall-page]").first).to_contain_text(number)
    fresh = outage(live, there, priority=99)
    changed(live)
    expect(page.locator("[data-wall-page]").first).to_contain_text(fresh)
    check_page(page)
    page.route("**/wall/content*", lambda route: route.abort())
    changed(live)
    expect(page.locator("[data-wall-gone]")).to_be_visible()
    page.unroute("**/wall/content*")
    changed(live)
    expect(page.locator("[data-wall-gone]")).to_be_hidden()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_board_is_for_everybody(live: LiveServer, there: Board, page: Page, language: str) -> None:
    outage(live, there, important=1, important_level="first", hazard="wire_down")
    number = confirmed(live, there)
    come(live, page, there.house.people["dispatcher"], f"/outages?lang={language}")
    expect(page.locator(f"{MAP} canvas")).to_have_count(1)
    row(page, number).locator("[data-row-link]").click()
    expect(page.locator("[data-panel-crew]").first).to_be_visible()
    expect(page.locator("svg.one-line")).to_have_count(1)
    check_page(page, without=(MAP,))
    for tab in ("map", "line", "crews", "panel", "list"):
        page.set_viewport_size({"width": 390, "height": 844})
        page.locator(f"[data-board-tab={tab}]").click()
        expect(page.locator(f"[data-board-part={tab}]")).to_be_visible()
    if language == "en":
        assert not re.search("[\u4e00-\u9fff]", page.locator(".board-tabs").inner_text())
