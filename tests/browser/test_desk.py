"""The agents' desk in a browser: who calls, an answer inserted, solved at once; then an order."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app.kernel import db
from app.knowledge.operations import sync_categories
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.customers.accounts import make_contact, make_customer
from tests.knowledge.library import Library
from tests.workorders.house import House, build


def prepare(live: LiveServer) -> House:
    """An agent, a customer with a phone, an article that answers."""
    house = build(live.clock, "inquiry", "desk")  # type: ignore[arg-type]
    customer = make_customer(house.units["GM-LJ-QS"], "3301005566")
    make_contact(customer, phone="+8613800138000")
    db.run(sync_categories)
    Library(live.clock.now()).published(unit="GM", businesses=["inquiry"])
    return house


def test_a_call_is_answered_at_once_and_the_next_becomes_an_order(live: LiveServer, page: Page) -> None:
    house = live.within(prepare, live)
    live.sign_in(page, house.people["agent"])
    page.goto("/desk/")
    page.get_by_label("来电号码、户号、表号、户名或地址").fill("138 0013 8000")
    page.keyboard.press("Enter")
    expect(page.locator("#desk-caller")).to_contain_text("3301005566")
    expect(page.get_by_label("户号", exact=True)).to_have_value("3301005566")
    page.get_by_role("button", name="业务咨询").click()
    expect(page.get_by_label("当场答复内容")).to_be_visible()
    page.get_by_label("客户描述").fill("电费突然变贵")
    page.get_by_label("搜索标准答案").fill("电费突然变贵")
    expect(page.locator("#desk-answers")).to_contain_text("居民阶梯电价怎样计算")
    page.get_by_label("当场答复内容").click()
    page.get_by_role("button", name="插入").first.click()
    expect(page.get_by_label("当场答复内容")).to_have_value("按年计算，分三档。")
    check_page(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".desk-receipt")).to_contain_text("已当场办结")

    page.locator(".desk-receipt").get_by_role("button", name="下一个").click()
    expect(page.locator("#desk-caller")).to_contain_text("暂无会话")
    page.get_by_label("来电号码、户号、表号、户名或地址").fill("3301005566")
    page.keyboard.press("Enter")
    expect(page.locator("#f-address")).to_have_value("青山县解放路12号3单元502室")
    page.get_by_label("客户描述").fill("整栋楼没电")
    page.get_by_role("button", name="受理工单").click()
    expect(page.locator(".desk-receipt")).to_contain_text("工单已受理")
    expect(page.locator(".desk-number")).to_contain_text("GD")
    page.goto("/desk/today")
    expect(page.locator("tbody tr")).to_have_count(2)
    check_page(page)
