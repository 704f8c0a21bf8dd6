"""An analyst's hour in a real browser: the list, a picture, a call by keyboard, publishing and going back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.telephony.queries import flows as queries
from app.telephony.shipped import publish_shipped
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page

NEW_WORDS = "title: 停电报修（新）"


@pytest.fixture
def analyst(live: LiveServer, page: Page) -> Page:
    """An analyst before the shipped flows."""
    live.within(publish_shipped, now=live.clock.now())
    live.sign_in(page, live.make_user(posts=[("analyst", live.make_unit("GM"))]))
    return page


def test_the_list_the_picture_and_the_text_are_readable_on_desk_and_phone(analyst: Page, live: LiveServer) -> None:
    for path in ("", "flows/fault", "flows/fault/transcripts", "flows/fault/versions", "switches"):
        analyst.goto(f"{live.url}/ivr/{path}")
        check_page(analyst)
    analyst.goto(f"{live.url}/ivr/flows/fault/text?lang=en")
    check_page(analyst)


def test_a_node_is_reached_by_keyboard_and_leads_to_its_lines(analyst: Page, live: LiveServer) -> None:
    analyst.goto(f"{live.url}/ivr/flows/fault")
    node = analyst.locator('.ivr-node[data-node="ask_symptom"]')
    node.focus()
    expect(node).to_be_focused()
    analyst.keyboard.press("Enter")
    expect(analyst).to_have_url(re.compile(r"/ivr/flows/fault/text#line-\d+$"))
    line = int(analyst.url.rsplit("-", 1)[1])
    text = analyst.locator("#f-content").input_value().split("\n")
    assert text[line - 1].strip() == "ask_symptom:"


def test_a_call_is_tried_with_the_keyboard_alone(analyst: Page, live: LiveServer) -> None:
    analyst.goto(f"{live.url}/ivr/flows/inquiry/try")
    analyst.get_by_role("button", name="拨号").press("Enter")
    phone = analyst.locator("#ivr-call")
    expect(phone.locator(".ivr-node.is-current")).to_have_count(1)
    check_page(analyst)
    for _answer in range(12):
        if phone.locator(".ivr-keybutton:enabled").count():
            break
        phone.locator(".ivr-offers button").first.press("Enter")
        analyst.wait_for_load_state("networkidle")
    before = phone.locator(".ivr-said").count()
    analyst.locator("body").press("9")
    expect(phone.locator(".ivr-said")).not_to_have_count(before)
    analyst.locator("body").press("Backspace")
    expect(phone.get_by_text("没有收到您的按键。")).to_be_visible()
    phone.get_by_role("button", name="挂机").press("Enter")
    expect(phone.get_by_text("通话结束", exact=True)).to_be_visible()


def test_a_draft_is_published_and_taken_back(analyst: Page, live: LiveServer) -> None:
    content = live.within(lambda: queries.contents()["fault.yaml"])
    analyst.goto(f"{live.url}/ivr/flows/fault/text")
    area = analyst.locator("#f-content")
    area.fill(content.replace("next: address_known", "next: nowhere"))
    analyst.get_by_role("button", name="保存并检查").click()
    expect(analyst.locator(".ivr-problems li.is-error").first).to_be_visible()
    check_page(analyst)
    area.fill(content.replace("title: 停电报修", NEW_WORDS, 1))
    analyst.get_by_role("button", name="保存并检查").click()
    expect(analyst.locator(".ivr-problems")).to_have_count(0)
    analyst.goto(f"{live.url}/ivr/flows/fault/versions")
    expect(analyst.locator(".ivr-diff .is-added")).to_contain_text(NEW_WORDS)
    analyst.goto(f"{live.url}/ivr/")
    check_page(analyst)
    analyst.get_by_role("button", name="发布").click()
    analyst.get_by_role("dialog").get_by_role("button", name="发布").click()
    expect(analyst.get_by_role("link", name="停电报修（新）", exact=True)).to_be_visible()
    analyst.get_by_role("link", name="发布记录").click()
    check_page(analyst)
    analyst.get_by_role("button", name="回退到发布 1").click()
    analyst.get_by_role("dialog").get_by_role("button").last.click()
    expect(analyst.get_by_role("button", name="回退到发布 2")).to_be_visible()
    assert live.within(lambda: queries.flow_set()["fault"].title) == "停电报修"
