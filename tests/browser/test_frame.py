"""The frame of the pages in a browser: readable, within the width, switchable, reachable by keys."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page


def test_sign_in_page_is_accessible_and_fits(live: LiveServer, page: Page) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile("/sign-in"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    check_page(page)


def test_a_missing_page_says_so_in_the_frame(live: LiveServer, page: Page) -> None:
    unit = live.make_unit("GM")
    live.sign_in(page, live.make_user(posts=[("dispatcher", unit)], name="张三"))
    page.goto("/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到内容")
    expect(page.get_by_text("张三").first).to_be_visible()
    check_page(page)


def test_language_is_switched_and_remembered(live: LiveServer, page: Page) -> None:
    page.goto("/nowhere")
    page.get_by_role("link", name="EN").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is here")
    page.goto("/elsewhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is here")


def test_dark_is_as_readable_as_light(live: LiveServer, page: Page) -> None:
    page.goto("/nowhere")
    page.get_by_role("button", name="浅色或深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    check_page(page)


def test_menu_is_a_drawer_on_a_phone(live: LiveServer, page: Page) -> None:
    live.sign_in(page, live.make_user(posts=[("dispatcher", live.make_unit("GM"))]))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/nowhere")
    expect(page.locator("#sidebar")).not_to_be_in_viewport()
    page.get_by_role("button", name="菜单", exact=True).click()
    expect(page.locator("#sidebar")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#sidebar")).not_to_be_in_viewport()


def test_question_mark_lists_the_shortcuts(live: LiveServer, page: Page) -> None:
    live.sign_in(page, live.make_user(posts=[("dispatcher", live.make_unit("GM"))]))
    page.goto("/nowhere")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("键盘快捷键")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
