"""The customer's page while somebody calls, and a key account's visit with its yearly report."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.keyaccounts import operations
from app.web import charts
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.customers.accounts import make_contact, make_customer, make_meter, read_every_month
from tests.identity.factories import actor_of
from tests.keyaccounts.house import NUMBER, definitions


def customers(live: LiveServer) -> dict[str, object]:
    """A county with an agent, an account manager, a head, a resident and a factory that is a key account."""
    charts.columns_against_line([], level=None, level_label="", unit="")  # the first chart of a process starts V8
    county = live.make_unit("GM-LJ-QS", name="青山县供电公司")
    agent = live.make_user("agent1", posts=[("agent", county)], name="坐席甲")
    manager = live.make_user("manager1", posts=[("account_manager", county)], name="顾经理")
    head = live.make_user("head1", posts=[("head", county)], name="梁主任")

    def fill() -> None:
        resident = make_customer(county, "3300000001", cut_off=True)
        make_contact(resident, email="wang@example.com")
        read_every_month(make_meter(resident), date(2024, 4, 1), [100.0 + 5 * month for month in range(23)])
        make_customer(county, NUMBER, name="临江特钢有限公司", kind="hv", contract_capacity=Decimal(2000))
        actor = actor_of(manager)
        now = live.clock.now()
        db.run(lambda: deploy(definitions(), actor=SYSTEM, now=now))
        db.run(lambda: operations.make_account(NUMBER, manager="manager1", actor=actor, now=now))

    live.within(fill)
    return {"agent": agent, "manager": manager, "head": head}


@pytest.fixture
def people(live: LiveServer) -> dict[str, object]:
    return customers(live)


def test_a_customers_page_while_they_call(live: LiveServer, page: Page, people: dict[str, object]) -> None:
    live.sign_in(page, people["agent"])  # type: ignore[arg-type]
    page.goto("/customers/3300000001")
    expect(page.get_by_text("欠费停电").first).to_be_visible()
    expect(page.get_by_role("link", name="拨打 王小芳")).to_have_attribute("href", "tel:13800138000")
    expect(page.get_by_text("暂无备注。")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="计量与用电").click()
    expect(page.get_by_role("img", name="月用电量")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("link", name="计量与用电")).to_have_attribute("aria-current", "page")
    page.get_by_text("数据表").click()
    expect(page.get_by_role("rowheader", name="2026-02")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="联系与诉求").click()
    page.get_by_label("第 1 选择").select_option("sms")
    page.get_by_label("其他诉求").fill("请用普通话")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("设置已保存。")).to_be_visible()
    expect(page.get_by_label("其他诉求")).to_have_value("请用普通话")
    check_page(page)


def test_a_key_accounts_visit_and_yearly_report(live: LiveServer, page: Page, people: dict[str, object]) -> None:
    live.sign_in(page, people["manager"])  # type: ignore[arg-type]
    page.goto("/key-accounts")
    check_page(page)
    page.get_by_role("link", name="临江特钢有限公司").first.click()
    page.get_by_label("中断供电可能造成的后果").select_option("explosion")
    page.get_by_role("button", name="认定").click()
    expect(page.get_by_text("一级重要客户").first).to_be_visible()
    page.get_by_label("完成期限").fill("2026-03-20")
    page.get_by_role("button", name="增加临时走访").click()
    expect(page.get_by_text("待走访").first).to_be_visible()
    check_page(page)
    page.goto("/inbox")
    page.get_by_role("link", name="走访：临江特钢有限公司").first.click()
    page.get_by_label("已走访").check(timeout=20_000)
    page.get_by_label("走访日期").fill("2026-03-02")
    page.get_by_label("走访日期").press("Tab")
    page.get_by_label("客户接待人").fill("陈工")
    page.get_by_label("走访情况").fill("设备运行正常")
    page.get_by_label("满意", exact=True).check()
    page.get_by_role("button", name="完成", exact=True).click()
    expect(page).not_to_have_url(re.compile("/tasks/"), timeout=15_000)
    page.goto(f"/key-accounts/{NUMBER}")
    expect(page.get_by_text("待审核").first).to_be_visible()
    report = page.request.get(f"/key-accounts/{NUMBER}/report/2026.pdf")
    assert report.ok
    assert report.headers["content-type"] == "application/pdf"
    assert report.body().startswith(b"%PDF")
