"""A form in a browser: filled, checked, uploaded, drafted and sent once; the server's answer shown at the fields."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import render_template_string, request
from PIL import Image
from playwright.sync_api import Page, expect

from app.forms import api as forms
from app.identity.session import current_actor, current_user_id
from app.kernel import clock
from app.web.access import Rule, set_rule
from app.web.redirects import go
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.forms.samples import everything, variables

PAGE = """
{% extends "web/layout.html" %}
{% from "web/components.html" import card with context %}
{% from "forms/_form.html" import render_form with context %}
{% block title %}现场勘查{% endblock %}
{% block content %}{% call card("现场勘查") %}
{{ render_form(form, data, "/try", draft_key="T1", draft=draft) }}
{% endcall %}{% endblock %}
"""
FORM_JS = (".fjs-powered-by-link",)


class Desk:
    """A page with the sample form, and what it sent."""

    def __init__(self, live: LiveServer) -> None:
        self.sent: list[dict[str, Any]] = []
        self.live = live
        set_rule(live.app, "try_show", Rule("signed_in"))
        set_rule(live.app, "try_send", Rule("signed_in"))
        live.app.add_url_rule("/try", "try_show", self.show)
        live.app.add_url_rule("/try", "try_send", self.send, methods=["POST"])

    def show(self) -> str:
        draft = forms.load_draft("T1", current_user_id())
        return render_template_string(PAGE, form=everything(), data=variables(), draft=draft)

    def send(self) -> Any:
        files = forms.files_of(current_actor())
        kept = forms.validate(everything(), request.get_json(), variables=variables(), files=files, now=clock.now())
        if kept["contact"] == "黑名单":
            raise forms.InvalidForm({"contact": ["此联系人不可用"], "parts.0.part": ["没有此材料"]})
        self.sent.append(kept)
        return go("/nowhere")

    def open(self, page: Page) -> None:
        self.live.sign_in(page, self.live.make_user(posts=[("crew", self.live.make_unit("GM"))], name="王强"))
        page.context.grant_permissions(["geolocation"], origin=self.live.url)
        page.context.set_geolocation({"latitude": 30.5, "longitude": 114.3, "accuracy": 12})
        page.goto("/try")
        expect(page.get_by_role("button", name="提交勘查")).to_be_enabled()


@pytest.fixture
def desk(live: LiveServer) -> Desk:
    return Desk(live)


def fill(page: Page) -> None:
    page.get_by_label("联系人").fill("赵敏")
    page.get_by_label("停电户数").fill("12")
    page.locator(".fjs-form-field-select", has_text="故障原因").locator(".fjs-input-group").click()
    page.get_by_text("雷击").click()
    page.get_by_label("产权人").fill("国网")
    page.get_by_label("名称").fill("导线")


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG")
    return out.getvalue()


def test_form_is_accessible_and_fits(desk: Desk, page: Page) -> None:
    desk.open(page)
    check_page(page, without=FORM_JS)


def test_values_upload_and_place_arrive(desk: Desk, page: Page) -> None:
    desk.open(page)
    fill(page)
    page.get_by_label("照片").set_input_files([{"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    expect(page.get_by_role("img", name="现场.jpg")).to_be_visible()
    expect(page.locator("[data-uploading]")).to_have_count(0)
    expect(page.get_by_text("已定位，误差约 12 米")).to_be_visible()
    page.get_by_role("button", name="提交勘查").click()
    page.wait_for_url("**/nowhere")
    (kept,) = desk.sent
    assert (kept["contact"], kept["cause"], kept["customers"], kept["minutes"]) == ("赵敏", "lightning", 12, 720)
    assert kept["parts"] == [{"part": "导线", "amount": None}]
    assert (kept["arrived_lat"], kept["arrived_lon"]) == (30.5, 114.3)
    assert len(kept["photos"]) == 1
    assert "cause_text" not in kept
    assert "station" not in kept


def test_missing_fields_are_named_in_chinese_and_focused(desk: Desk, page: Page) -> None:
    desk.open(page)
    page.get_by_label("产权人").fill("国网")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("此项必填。").first).to_be_visible()
    expect(page.get_by_label("联系人")).to_be_focused()
    assert not desk.sent


def test_what_the_server_refuses_stands_at_its_field(desk: Desk, page: Page) -> None:
    desk.open(page)
    fill(page)
    page.get_by_label("联系人").fill("黑名单")
    page.get_by_role("button", name="提交勘查").click()
    expect(page.locator(".ll-form-errors")).to_contain_text("名称: 没有此材料")
    expect(page.locator(".fjs-form-field-error", has_text="此联系人不可用")).to_be_visible()
    expect(page.locator(".fjs-form-field-error", has_text="没有此材料")).to_be_visible()
    expect(page.get_by_role("button", name="提交勘查")).to_be_enabled()


def test_a_false_picture_is_refused_with_its_reason(desk: Desk, page: Page) -> None:
    desk.open(page)
    page.get_by_label("照片").set_input_files(
        [{"name": "假.jpg", "mimeType": "image/jpeg", "buffer": b"MZ not a picture"}]
    )
    expect(page.locator(".fjs-form-field-error", has_text="假.jpg 未上传")).to_be_visible()


def test_a_draft_comes_back(desk: Desk, page: Page) -> None:
    desk.open(page)
    page.get_by_label("联系人").fill("草稿人")
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    page.reload()
    expect(page.get_by_label("联系人")).to_have_value("草稿人")


def test_only_what_the_form_names_goes_to_the_browser(desk: Desk, page: Page) -> None:
    desk.open(page)
    assert "not for the browser" not in page.content()
    expect(page.get_by_label("供电所")).to_have_value("青山供电所")


def test_english_reader_sees_english(desk: Desk, page: Page) -> None:
    desk.open(page)
    page.goto("/try?lang=en")
    expect(page.get_by_role("button", name="Send survey")).to_be_enabled()
    page.get_by_role("button", name="Send survey").click()
    expect(page.get_by_text("This field is required.").first).to_be_visible()
