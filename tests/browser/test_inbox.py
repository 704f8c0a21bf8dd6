"""The inbox and a task's page in a browser: found, claimed, done, handed on; a colleague's deeds are seen at once."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from app.engine import api as engine
from app.identity.queries import UserView
from app.inbox import operations
from app.kernel.db import run
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.identity.factories import actor_of
from tests.inbox.repair import report, task_of

FORM_JS = (".fjs-powered-by-link",)
PHONE = {"width": 390, "height": 844}
ROADS = ("青山路停电", "滨江道停电", "解放路电压不稳")
SOON_MS = 3000
"""What a colleague does is to be seen within about two seconds."""


class Desk:
    """Three reported faults that wait for the dispatchers of a unit, and two of these."""

    def __init__(self, live: LiveServer, page: Page) -> None:
        self.live, self.page = live, page
        unit = live.make_unit("GM", name="光明供电公司", name_en="Guangming Power")
        self.me: UserView = live.make_user("lijing", posts=[("dispatcher", unit)], name="李静", name_en="Li Jing")
        self.other: UserView = live.make_user(
            "wangmin", posts=[("dispatcher", unit), ("supervisor", unit)], name="王敏"
        )
        self.cases = [self.report(title, number) for number, title in enumerate(ROADS, 1)]
        live.sign_in(page, self.me)

    def report(self, title: str, number: int) -> engine.InstanceView:
        key = f"GD20260302{number:04}"
        now = self.live.clock.now()
        shown = {"title": title, "title_en": f"Fault {number}", "business_key": key, "search": f"客户{number}"}
        return self.live.within(report, now, unit="GM", leader="lijing", **shown)

    def task(self, number: int) -> engine.TaskView:
        return self.live.within(task_of, self.cases[number])

    def do(self, operation: Any, task: engine.TaskView, *values: Any, by: UserView | None = None) -> Any:
        """What somebody does elsewhere."""
        actor, now = actor_of(by or self.me), self.live.clock.now()
        return self.live.within(run, lambda: operation(task.id, *values, actor=actor, now=now))

    def open(self, number: int) -> engine.TaskView:
        """The page of one of the tasks, claimed by me."""
        task = self.task(number)
        self.do(operations.claim, task)
        self.page.goto(f"/tasks/{task.id}")
        expect(self.page.locator("[data-form-submit]")).to_be_enabled()
        return task


@pytest.fixture
def desk(live: LiveServer, page: Page) -> Desk:
    return Desk(live, page)


def rows(page: Page) -> Any:
    return page.locator("[data-row]")


def test_tabs_search_and_a_kept_filter(desk: Desk) -> None:
    page = desk.page
    page.goto("/inbox")
    expect(page.get_by_text("您没有待办任务")).to_be_visible()
    page.get_by_role("navigation", name="任务列表").get_by_role("link", name="组内待认领").click()
    expect(rows(page)).to_have_count(3)
    check_page(page)
    page.get_by_role("searchbox", name="搜索").fill("停电")
    page.get_by_role("button", name="查询").click()
    expect(rows(page)).to_have_count(2)
    page.get_by_text("更多条件").click()
    page.get_by_label("业务单号").or_(page.locator("#filter-key")).first.fill("GD202603020002")
    page.get_by_role("button", name="查询").click()
    expect(rows(page)).to_have_count(1)
    page.get_by_text("保存此筛选").click()
    page.get_by_label("筛选名称").fill("滨江")
    check_page(page)
    page.get_by_role("button", name="保存筛选").click()
    expect(page.get_by_text("筛选条件“滨江”已保存。")).to_be_visible()
    page.goto("/inbox?scope=groups")
    page.get_by_role("link", name="滨江", exact=True).click()
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("滨江道停电")
    page.goto("/inbox?scope=groups&lang=en")
    expect(rows(page).first).to_contain_text("Fault")
    check_page(page)


def test_the_keyboard_alone(desk: Desk) -> None:
    page = desk.page
    page.goto("/inbox?scope=groups")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("认领任务")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows(page).nth(1)).to_have_class("is-current")
    page.keyboard.press("k")
    expect(rows(page).first).to_have_class("is-current")
    page.keyboard.press("x")
    expect(page.get_by_role("group", name="已选任务")).to_contain_text("1")
    page.keyboard.press("x")
    expect(page.get_by_role("group", name="已选任务")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    page.keyboard.press("c")
    expect(page.get_by_text("认领任务后即可填写表单。")).to_be_hidden()
    expect(page.locator("[data-form-submit]")).to_be_enabled()
    page.goto("/inbox")
    page.keyboard.press("g")
    page.keyboard.press("g")
    expect(page).to_have_url(re.compile("scope=groups"))
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(rows(page)).to_have_count(1)


def test_several_are_claimed_at_once(desk: Desk) -> None:
    page = desk.page
    page.goto("/inbox?scope=groups")
    page.get_by_label("选择本页全部").or_(page.locator("[data-select-all]")).first.check()
    bar = page.get_by_role("group", name="已选任务")
    expect(bar).to_contain_text("3")
    check_page(page)
    bar.get_by_role("button", name="认领").click()
    expect(page.get_by_text("组内没有待认领的任务").or_(page.locator(".empty"))).to_be_visible()
    page.goto("/inbox?scope=mine")
    expect(rows(page)).to_have_count(3)


def test_claimed_filled_in_and_on_to_the_next_step(desk: Desk) -> None:
    page = desk.page
    page.goto("/inbox?scope=groups")
    rows(page).filter(has_text="青山路").locator("[data-row-link]").click()
    expect(page.get_by_text("认领任务后即可填写表单。")).to_be_visible()
    page.get_by_role("button", name="认领任务").first.click()
    page.get_by_label("抢修班组").fill("抢修一班")
    check_page(page, without=FORM_JS)
    page.locator("[data-form-submit]").click()
    expect(page.get_by_text("“派单”已完成").or_(page.get_by_text("派单").first)).to_be_visible()
    expect(page.locator(".task-head")).to_contain_text("抢修")
    expect(page.locator("#timeline")).to_contain_text("李静")
    page.get_by_role("button", name="完成").click()
    page.wait_for_url("**/inbox")
    page.get_by_role("navigation", name="任务列表").get_by_role("link", name="我已办").click()
    expect(rows(page)).to_have_count(2)
    check_page(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".alert-success")).to_contain_text("李静已完成此任务。")


def test_who_comes_too_late_is_told_and_keeps_what_they_typed(desk: Desk) -> None:
    page = desk.page
    task = desk.open(0)
    page.get_by_label("抢修班组").fill("抢修二班")
    desk.live.clock.advance(timedelta(minutes=3))
    desk.do(operations.complete, task, {"crew": "抢修一班"})
    expect(page.locator(".alert-success")).to_contain_text("李静已完成此任务。", timeout=SOON_MS)
    page.locator("[data-form-submit]").click()
    expect(page.locator(".ll-form")).to_contain_text("李静已于")
    expect(page.get_by_label("抢修班组")).to_have_value("抢修二班")


def test_comment_and_photo(desk: Desk) -> None:
    page = desk.page
    desk.open(0)
    page.get_by_label("评论", exact=True).fill("客户要求先联系物业")
    page.get_by_role("button", name="评论").click()
    expect(page.locator("#timeline")).to_contain_text("客户要求先联系物业")
    picture = BytesIO()
    Image.new("RGB", (64, 48), "green").save(picture, "JPEG")
    photo: FilePayload = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    page.get_by_label("选择文件或照片").set_input_files(photo)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_text("已上传。")).to_be_visible()
    expect(page.locator("#files img")).to_have_count(1)
    check_page(page, without=FORM_JS)


def test_handed_over_and_handed_back(desk: Desk) -> None:
    page = desk.page
    desk.open(0)
    page.get_by_text("委托", exact=True).first.click()
    page.locator("#delegate-person").fill("wangmin")
    page.locator(".menu[open]").get_by_role("button", name="委托").click()
    expect(page.locator(".task-head")).to_contain_text("王敏")
    desk.live.sign_in(page, desk.other)
    page.goto("/inbox")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("李静")
    rows(page).locator("[data-row-link]").click()
    page.get_by_text("交还李静").click()
    page.get_by_role("button", name="交还", exact=True).click()
    expect(page.locator(".task-head")).to_contain_text("李静")


def test_a_colleagues_claim_is_seen_and_the_place_in_the_list_kept(
    desk: Desk, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    page = desk.page
    page.goto("/inbox?scope=groups")
    page.keyboard.press("j")
    page.keyboard.press("j")
    kept = rows(page).nth(1).locator("[data-row-link]").get_attribute("href")
    with browser.new_context(**browser_context_args) as colleague:
        theirs = colleague.new_page()
        desk.live.sign_in(theirs, desk.other)
        theirs.goto("/inbox?scope=groups")
        rows(theirs).first.get_by_role("button", name="认领").click()
        expect(rows(page)).to_have_count(2, timeout=SOON_MS)
    expect(page.locator("[data-row].is-current [data-row-link]")).to_have_attribute("href", kept or "")


def test_one_connection_and_none_out_of_sight(desk: Desk) -> None:
    page = desk.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live?" in request.url else None)
    page.goto("/inbox?scope=groups")
    expect(rows(page)).to_have_count(3)
    page.wait_for_timeout(300)
    assert len(asked) == 1, asked
    assert "bell" in asked[0] or "notice" in asked[0], "the bell listens over the same connection"
    _sight(page, "hidden")
    desk.do(operations.claim, desk.task(0), by=desk.other)
    page.wait_for_timeout(1500)
    expect(rows(page)).to_have_count(3)
    _sight(page, "visible")
    expect(rows(page)).to_have_count(2, timeout=SOON_MS)
    assert len(asked) == 2


def _sight(page: Page, state: str) -> None:
    """The tab goes out of sight or comes back, as the browser tells a page."""
    page.evaluate(
        """state => {
            Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def test_on_a_phone(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.goto("/inbox?scope=groups")
    rows(page).first.get_by_role("button", name="认领").click()
    expect(rows(page)).to_have_count(2)
    page.get_by_role("link", name="我的待办").first.click()
    rows(page).first.locator("[data-row-link]").click()
    page.get_by_label("抢修班组").fill("抢修一班")
    page.locator("[data-form-submit]").click()
    expect(page.locator(".task-head")).to_contain_text("抢修")
