"""The grid in the browser: a breaker opened on its page, the diagram and the list follow in another window."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from app.customers import demo as customers
from app.engine.definitions.deploy import deploy
from app.identity import demo as people
from app.identity import queries as who
from app.identity import standard
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.network import demo
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.conftest import START

BREAKER = "LJ-L193-2"


def _demo(live: LiveServer) -> None:
    def load() -> None:
        db.run(lambda: standard.sync(standard.read()))
        db.run(lambda: people.load("correct-horse-7"))
        customers.load()
        demo.load()
        tables = {path.name: path.read_bytes() for path in Path("bpmn/outage_unplanned").glob("*.dmn")}
        db.run(lambda: deploy(tables, actor=SYSTEM, now=START))

    live.within(load)


def test_a_breaker_opens_and_every_page_follows(live: LiveServer, page: Page) -> None:
    _demo(live)
    dispatcher = live.within(lambda: who.user_view("dispatcher"))
    assert dispatcher is not None
    live.sign_in(page, dispatcher)
    page.goto(f"{live.url}/network?lang=zh")
    expect(page.get_by_role("link", name="20kV望江二线")).to_be_visible()
    check_page(page)
    other = page.context.new_page()
    other.goto(f"{live.url}/network/devices/LJ-319-F2")
    expect(other.locator(".one-line-node.is-dead")).to_have_count(0)
    page.get_by_role("searchbox").fill("望江二线 出线断路器")
    page.keyboard.press("Enter")
    page.locator(".device-list").get_by_role("link", name="望江二线出线断路器").first.click()
    check_page(page)
    page.get_by_label("原因").fill("速断保护动作，重合不成功")
    page.get_by_role("button", name="登记分闸").click()
    page.get_by_role("dialog").get_by_role("button", name="登记分闸").click()
    expect(page.locator(".device-head").get_by_text("分闸", exact=True)).to_be_visible()
    expect(other.locator(".one-line-node.is-dead").first).to_be_visible()
    other.close()
    page.goto(f"{live.url}/network")
    expect(page.get_by_role("link", name="望江二线出线断路器").first).to_be_visible()
    check_page(page)


def test_a_steward_sees_what_is_wrong_with_an_import(live: LiveServer, page: Page) -> None:
    unit = live.make_unit("GM", kind="province")
    steward = live.make_user(posts=[("grid_steward", unit)])
    live.sign_in(page, steward)
    page.goto(f"{live.url}/network/imports?lang=zh")
    check_page(page)
    wrong = b"code,from_code,to_code\nL9,X,Y\n"
    page.get_by_label("文件").set_input_files({"name": "lines.csv", "mimeType": "text/csv", "buffer": wrong})
    page.get_by_role("button", name="只校验").click()
    expect(page.get_by_text("lines.csv:2").first).to_be_visible()
    check_page(page)
