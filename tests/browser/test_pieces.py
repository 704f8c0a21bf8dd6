"""Pieces of pages in a browser: limits counting down, live pieces, confirmation, the diagram with its token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import jsonify, render_template_string
from playwright.sync_api import Page, expect

from app.kernel import clock
from app.kernel import live as changes
from app.kernel.db import run
from app.web.access import Rule, set_rule
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page

PAGE = """
{% extends "web/layout.html" %}
{% from "web/components.html" import badge, card, confirm, countdown, csrf with context %}
{% from "web/components.html" import diagram, empty, facts, tabs, when with context %}
{% block title %}部件{% endblock %}
{% block content %}
<div {{ live("order:5") }}></div>
{{ tabs([("我的", "#", true, 3), ("本组", "#", false, "1000+")]) }}
{% call card("时限") %}
{{ countdown(now + left, now - left) }} {{ countdown(now - left, now - left * 3) }} {{ when(now - left) }}
{{ badge("处理中", "running") }} {{ facts([("户号", "1001"), ("地址", "青山县人民路 1 号")]) }}
{% endcall %}
<p id="piece" data-live-topic="order:5" hx-get="/piece" hx-trigger="live" hx-swap="innerHTML">{{ count }}</p>
<form method="post" action="/write">{{ csrf() }}<button class="btn" {{ confirm("确定撤销工单？") }}>撤销</button></form>
{{ diagram("/diagram") }}
{{ empty("没有待办", "新任务会自动出现在这里。") }}
{% endblock %}
"""
OMG = "http://www.omg.org/spec"
BPMN = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{OMG}/BPMN/20100524/MODEL" xmlns:di="{OMG}/DD/20100524/DI" xmlns:dc="{OMG}/DD/20100524/DC"
 xmlns:b="{OMG}/BPMN/20100524/DI" id="d" targetNamespace="t">
<process id="p" isExecutable="true"><startEvent id="s"/><userTask id="dispatch" name="派单"/>
<sequenceFlow id="f" sourceRef="s" targetRef="dispatch"/></process>
<b:BPMNDiagram id="D"><b:BPMNPlane id="P" bpmnElement="p">
<b:BPMNShape id="s_di" bpmnElement="s"><dc:Bounds x="100" y="100" width="36" height="36"/></b:BPMNShape>
<b:BPMNShape id="d_di" bpmnElement="dispatch"><dc:Bounds x="200" y="78" width="100" height="80"/></b:BPMNShape>
<b:BPMNEdge id="f_di" bpmnElement="f"><di:waypoint x="136" y="118"/><di:waypoint x="200" y="118"/></b:BPMNEdge>
</b:BPMNPlane></b:BPMNDiagram></definitions>"""


class Pieces:
    """A page of pieces; `written` counts what was confirmed."""

    def __init__(self, live: LiveServer) -> None:
        self.live = live
        self.count = 1
        self.written = 0
        views: dict[str, Any] = {
            "/pieces": self.page,
            "/piece": lambda: str(self.count),
            "/diagram": lambda: jsonify(xml=BPMN, active={"dispatch": 1}, completed=["s", "f"], incidents=[]),
        }
        for path, view in views.items():
            set_rule(live.app, path[1:], Rule("signed_in"))
            live.app.add_url_rule(path, path[1:], view)
        set_rule(live.app, "write", Rule("signed_in"))
        live.app.add_url_rule("/write", "write", self.write, methods=["POST"])

    def page(self) -> str:
        return render_template_string(PAGE, now=clock.now(), left=timedelta(minutes=10), count=self.count)

    def write(self) -> str:
        self.written += 1
        return "written"


@pytest.fixture
def pieces(live: LiveServer, page: Page) -> Pieces:
    found = Pieces(live)
    live.sign_in(page, live.make_user(posts=[("crew", live.make_unit("GM"))]))
    page.goto("/pieces")
    return found


def test_pieces_are_accessible_and_fit(pieces: Pieces, page: Page) -> None:
    expect(page.locator(".diagram-token")).to_be_visible()
    check_page(page)


def test_limits_count_by_the_servers_clock(pieces: Pieces, page: Page) -> None:
    ahead, over = page.locator(".countdown-left").all()
    expect(ahead).to_contain_text("剩余 9:5")
    expect(over).to_contain_text("超时 10:0")
    expect(page.locator(".countdown").nth(0)).to_have_attribute("data-stage", "warm")
    expect(page.locator(".countdown").nth(1)).to_have_attribute("data-stage", "over")


def test_a_change_refreshes_its_piece(pieces: Pieces, page: Page) -> None:
    page.wait_for_timeout(500)
    pieces.count = 2
    pieces.live.within(run, lambda: changes.touch("order:5"))
    expect(page.locator("#piece")).to_have_text("2")


def test_confirmation_stands_before_what_cannot_be_undone(pieces: Pieces, page: Page) -> None:
    page.get_by_role("button", name="撤销").click()
    page.get_by_role("button", name="取消").click()
    page.wait_for_timeout(200)
    assert pieces.written == 0
    page.get_by_role("button", name="撤销").click()
    page.get_by_role("button", name="确定").click()
    page.wait_for_url("**/write")
    assert pieces.written == 1


def test_diagram_marks_where_the_token_is(pieces: Pieces, page: Page) -> None:
    expect(page.locator("[data-element-id=dispatch]")).to_have_class("djs-element djs-shape is-active")
    expect(page.locator("[data-element-id=s].is-completed")).to_be_visible()
    page.get_by_text("以列表查看步骤").click()
    expect(page.get_by_text("派单: 停在此处")).to_be_visible()
    before = page.locator(".viewport").get_attribute("transform")
    page.get_by_role("button", name="放大").click()
    expect(page.locator(".viewport")).not_to_have_attribute("transform", before or "")


def test_the_menu_stays_while_the_page_scrolls(pieces: Pieces, page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 400})
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(100)
    box = page.locator("#sidebar").bounding_box()
    assert box is not None
    assert box["y"] == 48
