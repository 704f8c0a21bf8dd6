"""A complaint in a browser: the guided questions, the answer by the agent who took it, the archive."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.workorders.desk import hand_out, investigate
from tests.workorders.house import House, build


def test_a_complaint_is_taken_answered_and_called_back(live: LiveServer, page: Page) -> None:
    house: House = live.within(build, live.clock, "complaint")
    live.sign_in(page, house.people["agent"])
    page.clock.set_system_time(live.clock.now())
    page.goto("/orders/new")
    page.fill("[name=phone]", "13800138000")
    page.get_by_role("link", name="投诉", exact=True).click()
    expect(page.locator("[name=phone]")).to_have_value("13800138000")
    page.select_option("[name=sub_type]", "complaint_service")
    page.select_option("[name=item]", "service_attitude")
    page.select_option("[name=unit]", "GM-LJ-QS")
    page.fill("[name=contact_name]", "王芳")
    page.fill("[name=description]", "营业厅人员态度生硬")
    page.fill("[name='q.happened_on']", "2026-03-01")
    page.fill("[name='q.demand']", "道歉")
    check_page(page)
    page.get_by_role("button", name="受理工单").click()
    page.wait_for_url("**/accepted*")
    number = page.url.split("/orders/")[1].split("/")[0]
    live.within(hand_out, house, number, after=timedelta())
    live.within(investigate, house, number, after=timedelta())
    live.within(house.complete, number, "review", "reviewer", review_action="pass")
    page.goto(f"/orders/{number}")
    page.get_by_role("link", name="答复客户").click()
    expect(page.locator("[data-form-submit]")).to_be_enabled()
    here = page.url
    page.locator("[data-form-submit]").click()
    page.wait_for_url(lambda url: url != here)
    live.within(house.settle)
    live.within(
        house.complete, number, "visit", "callback", timedelta(), visit_result="confirmed", satisfaction="satisfied"
    )
    page.goto(f"/orders/{number}")
    expect(page.locator("#order-head")).to_contain_text("已归档")
    expect(page.locator("#order-shown")).to_contain_text("服务态度")
    check_page(page)
