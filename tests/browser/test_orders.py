"""The pages of orders and crews in a browser: found, suspended, resumed, handed on, merged, reminded, cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from app.kernel.clock import LOCAL
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.workorders.house import House, build

FORM_JS = (".fjs-powered-by-link", ".djs-container", ".bjs-powered-by")
SOON_MS = 3000
PHONE = {"width": 390, "height": 844}


class Office:
    """The house behind the server, and whoever looks at its orders."""

    def __init__(self, live: LiveServer, page: Page) -> None:
        self.live, self.page = live, page
        self.house: House = live.within(build, live.clock)
        self.become("dispatcher")

    def become(self, post: str) -> None:
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self.live.sign_in(self.page, self.house.people[post])

    def accept(self, **changes: str) -> str:
        return str(self.live.within(self.house.accept, **changes).number)

    def settle(self) -> None:
        self.live.within(self.house.settle)

    def open(self, number: str) -> None:
        self.page.goto(f"/orders/{number}")

    def unfold(self, title: str) -> Locator:
        """The form behind a folded title."""
        fold = self.page.locator("details[name=order-action]", has_text=title)
        fold.locator("summary").click()
        return fold

    def badge(self, words: str) -> None:
        """The order's state, after the clock process did its part; the page hears of it by itself."""
        self.settle()
        expect(self.page.locator("#order-head")).to_contain_text(words, timeout=SOON_MS)


@pytest.fixture
def office(live: LiveServer, page: Page) -> Office:
    return Office(live, page)


def test_the_list_is_filtered(office: Office) -> None:
    page = office.page
    office.accept()
    office.accept(address="滨湖路 5 号", contact_name="李强", phone="13900139000", account_no="3301009999")
    page.goto("/orders")
    rows = page.locator("#order-list tbody tr")
    expect(rows).to_have_count(2)
    check_page(page)
    page.get_by_label("搜索工单").fill("滨湖")
    page.get_by_role("button", name="搜索").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("李强")
    page.goto("/orders?state=closed")
    expect(page.locator(".empty-state")).to_be_visible()
    page.goto("/orders?overdue=1")
    expect(page.locator(".empty-state")).to_be_visible()
    page.goto("/orders?lang=en")
    expect(rows).to_have_count(2)
    check_page(page)
    office.accept(address="新港路 9 号", phone="13700137000", account_no="3301008888")
    expect(rows).to_have_count(3, timeout=SOON_MS)


def test_suspended_and_taken_up_again(office: Office) -> None:
    page = office.page
    office.open(office.accept())
    check_page(page)
    form = office.unfold("挂起")
    form.get_by_label("原因").select_option(label="恶劣天气不能作业")
    until = (office.live.clock.now() + timedelta(hours=3)).astimezone(LOCAL)
    form.get_by_label("至").fill(until.strftime("%Y-%m-%dT%H:%M"))
    form.get_by_role("button", name="挂起").click()
    office.badge("已挂起")
    expect(page.locator("#order-side")).to_contain_text("停表")
    office.unfold("恢复办理").get_by_role("button", name="恢复办理").click()
    office.settle()
    expect(page.locator("#order-head")).not_to_contain_text("已挂起", timeout=SOON_MS)


def test_what_others_do_is_seen_and_an_open_form_stays(office: Office) -> None:
    page = office.page
    number = office.accept()
    office.open(number)
    expect(page.locator("#order-side")).to_contain_text("尚未签收")
    form = office.unfold("撤销工单")
    form.get_by_label("备注").or_(form.locator("textarea")).first.fill("客户来电说已恢复")
    house = office.house
    office.live.within(
        house.complete, number, "dispatch", "dispatcher", dispatch_action="dispatch", crew=str(house.crew)
    )
    expect(page.locator("#order-side")).to_contain_text("抢修一班", timeout=SOON_MS)
    expect(form.locator("textarea")).to_have_value("客户来电说已恢复")
    form.locator("summary").click()
    expect(page.locator("#order-forms")).not_to_contain_text("客户来电说已恢复", timeout=SOON_MS)


def test_transferred_with_assistance_and_a_reminder(office: Office) -> None:
    page = office.page
    number = office.accept()
    office.become("agent")
    office.open(number)
    form = office.unfold("客户催办")
    form.get_by_label("客户所说").fill("冰箱里的菜要坏了")
    form.get_by_role("button", name="登记并通知").click()
    expect(page.locator("main")).to_contain_text("冰箱里的菜要坏了")
    office.settle()
    office.become("dispatcher")
    office.open(number)
    form = office.unfold("请求协办")
    form.get_by_label("单位").select_option(label="滨湖供电公司")
    form.get_by_label("协办事项").fill("借用发电车")
    form.get_by_role("button", name="请求", exact=True).click()
    expect(page.locator("#order-side")).to_contain_text("借用发电车")
    check_page(page)
    form = office.unfold("转派")
    form.get_by_label("单位").select_option(label="滨湖供电公司")
    form.get_by_label("原因").fill("属滨湖辖区")
    form.get_by_role("button", name="转派").click()
    office.settle()
    office.become("other_dispatcher")
    office.open(number)
    expect(page.locator("#order-side")).to_contain_text("滨湖供电公司", timeout=SOON_MS)


def test_merged_and_taken_off_again(office: Office) -> None:
    page = office.page
    main, child = office.accept(), office.accept(address="解放路 14 号", phone="13900139000", account_no="3301009999")
    office.open(child)
    form = office.unfold("并入主单")
    form.get_by_label("主单编号").fill("GD209901010001")
    form.get_by_label("已确认的共同原因").fill("同一台区停电")
    form.get_by_role("button", name="并入").click()
    expect(page.locator("details[open] .field-error").first).to_be_visible()
    form = page.locator("details[name=order-action][open]")
    form.get_by_label("主单编号").fill(main)
    form.get_by_label("已确认的共同原因").fill("同一台区停电")
    form.get_by_role("button", name="并入").click()
    office.settle()
    page.goto(f"/orders/{child}")
    expect(page.locator("#order-side")).to_contain_text(main)
    form = office.unfold("从主单拆出")
    form.get_by_label("原因").fill("并非同一故障")
    form.get_by_role("button", name="拆出").click()
    office.settle()
    expect(page.locator("#order-side")).not_to_contain_text("主单", timeout=SOON_MS)


def test_cancelled_with_a_reason(office: Office) -> None:
    page = office.page
    office.open(office.accept())
    form = office.unfold("撤销工单")
    form.get_by_role("button", name="撤销工单").click()
    expect(form.get_by_label("原因")).to_be_focused()  # the browser asks for what is missing
    form.get_by_label("原因").select_option(label="客户告知已来电")
    form.get_by_role("button", name="撤销工单").click()
    expect(page.locator("main")).to_contain_text("申请撤销")


def test_crews(office: Office) -> None:
    page = office.page
    page.goto("/crews")
    row = page.locator("tbody tr", has_text="抢修一班")
    expect(row).to_contain_text("在班")
    check_page(page)
    row.get_by_role("button", name="交班").click()
    expect(row).to_contain_text("未在班")
    row.get_by_role("link", name="抢修一班").click()
    page.get_by_label("英文名称").fill("Repair crew 1")
    check_page(page)
    page.get_by_role("button", name="保存").click()
    page.goto("/crews?lang=en")
    expect(page.locator("tbody")).to_contain_text("Repair crew 1")
    check_page(page)


def test_the_diagram_shows_where_the_order_stands(office: Office) -> None:
    page = office.page
    number = office.accept()
    task = office.live.within(office.house.tasks, number)["dispatch"]
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.goto(f"/tasks/{task.id}")
    fold = page.locator("details.task-diagram > summary")
    fold.click()
    fold.click()
    page.wait_for_timeout(1500)  # drawn while nobody sees it
    fold.click()
    token = page.locator(".diagram-token.is-active:visible")
    expect(token.first).to_be_visible()
    token.first.scroll_into_view_if_needed()
    expect(token.first).to_be_in_viewport()
    page.get_by_role("button", name="放大").click()
    page.get_by_role("button", name="适应窗口").click()
    check_page(page, without=FORM_JS)


def test_the_crews_to_choose_from_are_named_in_english(office: Office) -> None:
    page = office.page
    number = office.accept()
    task = office.live.within(office.house.tasks, number)["dispatch"]
    page.goto(f"/tasks/{task.id}?lang=en")
    page.get_by_role("button", name="Claim the task").first.click()
    page.locator(".fjs-form-field-select .fjs-input-group").first.click()
    expect(page.locator(".fjs-dropdownlist-item").first).to_contain_text("on duty")
