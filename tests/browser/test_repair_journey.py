"""A repair in a browser, from the call to the archive: agent, dispatcher, crew on a phone, reviewer, callback."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.kernel.clock import LOCAL
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.identity.factories import PASSWORD, make_user
from tests.workorders.house import House, build

FORM_JS = (".fjs-powered-by-link", ".djs-container", ".bjs-powered-by")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}
MINUTE = timedelta(minutes=1)


class Journey:
    """The house behind the server, and the browser of whoever works on the order now."""

    def __init__(self, live: LiveServer, page: Page) -> None:
        self.live, self.page = live, page
        self.house: House = live.within(build, live.clock)
        page.context.grant_permissions(["geolocation"], origin=live.url)
        page.context.set_geolocation({"latitude": 30.25, "longitude": 120.16, "accuracy": 9})

    def pass_time(self, by: timedelta) -> None:
        """Time passes, and the clock process does what is due."""
        self.live.clock.advance(by)
        self.live.within(self.house.settle)

    def become(self, post: str, size: dict[str, int] = DESK) -> None:
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self.live.sign_in(self.page, self.house.people[post])
        self.page.set_viewport_size({"width": size["width"], "height": size["height"]})
        self.page.clock.set_system_time(self.live.clock.now())

    def open_task(self, address: str, step: str) -> None:
        """Find the task in the inbox, open it, and claim it where it is offered to several."""
        for scope in ("mine", "groups"):
            self.page.goto(f"/inbox?scope={scope}")
            row = self.page.locator("[data-row]", has_text=address).filter(has_text=step)
            if row.count():
                break
        row.locator("[data-row-link]").click()
        claim = self.page.get_by_role("button", name="认领任务")
        self.page.wait_for_load_state()
        if claim.count():
            claim.first.click()
        expect(self.button).to_be_enabled()

    @property
    def button(self) -> Locator:
        return self.page.locator("[data-form-submit]")

    def choose(self, label: str, option: str) -> None:
        """An option of a list of the form."""
        self.page.locator(".fjs-form-field-select", has_text=label).locator(".fjs-input-group").click()
        self.page.locator(".fjs-dropdownlist-item", has_text=option).first.click()

    def tick(self, label: str, option: str) -> None:
        """A round button of the form."""
        self.page.locator(".fjs-form-field-radio", has_text=label).get_by_label(option, exact=True).check()

    def instant(self, when: datetime) -> None:
        """The one date and time of the form."""
        local = when.astimezone(LOCAL)
        field = self.page.locator(".fjs-form-field-datetime")
        day, time = field.locator("input").first, field.locator("input").last
        day.click()
        day.fill(local.strftime("%Y-%m-%d"))
        day.press("Enter")
        time.click()
        time.fill(local.strftime("%H:%M"))
        time.press("Tab")

    def send(self) -> None:
        here = self.page.url
        self.button.click()
        self.page.wait_for_url(lambda url: url != here)


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def journey(live: LiveServer, page: Page) -> Journey:
    return Journey(live, page)


def sign_in_as_agent(journey: Journey) -> None:
    """With name and password, as people do."""
    page, county = journey.page, journey.house.units["GM-LJ-QS"]
    agent = journey.live.within(make_user, "linxiaowen", posts=[("agent", county)], name="林晓雯", password=True)
    page.goto("/")
    page.get_by_label("用户名").fill(agent.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("link", name="工单受理")).to_be_visible()


def report_fault(journey: Journey) -> str:
    """Type the report while the customer talks; the draft survives a reload; returns the order's number."""
    page = journey.page
    page.get_by_role("link", name="工单受理").click()
    page.get_by_label("电话", exact=True).fill("13800138000")
    page.get_by_label("联系人").fill("王芳")
    page.get_by_label("地址").fill("青山县解放路 12 号 3 单元")
    page.get_by_label("客户描述").fill("整栋楼停电，约半小时")
    page.get_by_label("安全隐患").select_option("exposed")
    expect(page.locator("#sight")).to_contain_text("青山县供电公司")
    expect(page.locator("#sight")).to_contain_text("45 分钟")
    expect(page.get_by_label("紧急程度")).to_have_value("important")
    page.reload()
    expect(page.get_by_label("联系人")).to_have_value("王芳")
    expect(page.locator("#sight")).to_contain_text("请立即向来电人宣读")
    check_page(page)
    page.get_by_role("button", name="受理工单").click()
    page.wait_for_url("**/accepted")
    check_page(page)
    number = page.locator(".accepted-big").get_attribute("aria-label")
    assert number
    page.keyboard.press("n")
    page.wait_for_url("**/orders/new")
    expect(page.get_by_label("联系人")).to_have_value("")
    return number


def dispatch(journey: Journey) -> None:
    journey.become("dispatcher")
    journey.open_task("解放路", "派单")
    check_page(journey.page, without=FORM_JS)
    journey.choose("抢修班组", "抢修一班")
    journey.send()


def on_site(journey: Journey) -> None:
    """The crew on a phone: takes, leaves, arrives with place and photo, finds, mends, replies."""
    page = journey.page
    journey.become("crew_leader", PHONE)
    page.goto("/inbox?scope=mine")
    check_page(page)
    journey.open_task("解放路", "接单")
    journey.send()
    journey.open_task("解放路", "出发")
    journey.send()
    journey.pass_time(20 * MINUTE)
    journey.become("crew_leader", PHONE)
    journey.open_task("解放路", "到达现场")
    page.get_by_label("现场照片").set_input_files([{"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    expect(page.get_by_role("img", name="现场.jpg")).to_be_visible()
    expect(page.get_by_text("已定位")).to_be_visible()
    check_page(page, without=FORM_JS)
    journey.send()
    journey.open_task("解放路", "现场勘查")
    journey.choose("故障类型", "低压线路故障")
    journey.choose("故障原因", "树障")
    journey.tick("产权属性", "供电企业产权")
    journey.instant(journey.live.clock.now() + 60 * MINUTE)
    journey.send()
    journey.pass_time(40 * MINUTE)
    journey.become("crew_leader", PHONE)
    journey.open_task("解放路", "抢修中")
    journey.tick("现场情况", "抢修完成，已送电")
    journey.send()


def reply(journey: Journey) -> None:
    page = journey.page
    journey.pass_time(2 * MINUTE)
    journey.become("crew_leader", PHONE)
    journey.open_task("解放路", "回单")
    journey.tick("客户联系情况", "已电话联系")
    journey.choose("故障类型", "低压线路故障")
    journey.choose("故障原因", "树障")
    journey.tick("产权属性", "供电企业产权")
    page.get_by_label("现场勘查情况").fill("低压线路被树枝搭接")
    page.get_by_label("处理情况").fill("清除树枝，恢复送电")
    page.get_by_label("客户意见").fill("满意")
    journey.instant(journey.live.clock.now() - 5 * MINUTE)
    journey.send()


def close(journey: Journey) -> None:
    """Review and callback."""
    journey.become("reviewer")
    journey.open_task("解放路", "回单审核")
    journey.tick("审核结论", "通过")
    journey.send()
    journey.pass_time(MINUTE)
    journey.become("callback")
    journey.open_task("解放路", "回访")
    journey.tick("回访结果", "已恢复供电")
    journey.tick("客户满意度", "非常满意")
    journey.send()


def test_from_the_call_to_the_archive(journey: Journey) -> None:
    page = journey.page
    sign_in_as_agent(journey)
    number = report_fault(journey)
    dispatch(journey)
    on_site(journey)
    page.context.clear_cookies()
    page.goto("/track")
    page.get_by_label("工单编号").fill(number)
    page.get_by_label("报修电话后四位").fill("8000")
    page.get_by_role("button", name="查询进度").click()
    expect(page.get_by_text("抢修已完成")).to_be_visible()
    check_page(page)
    reply(journey)
    close(journey)
    journey.become("dispatcher")
    page.goto(f"/orders/{number}")
    expect(page.locator(".page-actions")).to_contain_text("已归档")
    expect(page.locator("main")).to_contain_text("30.25")
    check_page(page)
    page.goto(f"/orders/{number}?lang=en")
    expect(page.locator(".page-actions")).to_contain_text("Archived")
    check_page(page)
