"""Charts: an SVG without script, style or address, the same for the same figures, with a table beside it."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string
from lxml import etree

from app.web import charts

PARTS = [("peak", "峰 <b>"), ("valley", "谷")]
GROUPS = [("2025", "上年"), ("2026", "本年")]


def values(first: float = 10.0) -> list[dict[str, object]]:
    return [
        {"category": month, "group": group, "part": part, "value": first + place}
        for place, (month, group, part) in enumerate(
            (month, group, part) for month in ("1月", "2月") for group, _ in GROUPS for part, _ in PARTS
        )
    ]


def drawn(first: float = 10.0) -> str:
    return str(
        charts.stacked_columns(values(first), parts=PARTS, groups=GROUPS, categories=["1月", "2月"], unit="千瓦时")
    )


def test_the_picture_is_plain_svg_that_the_policy_allows() -> None:
    picture = drawn()
    root = etree.fromstring(picture)
    assert root.tag.endswith("svg")
    assert root.get("viewBox")
    assert root.get("width") is None
    assert not re.search(r"<script|<style|\bon\w+=|href=|url\(", picture)
    assert "role=" not in picture, "the figure around it has the role"
    columns = [path for path in root.iter() if "mark-rect" in (path.get("class") or "")]
    assert sum(len(group) for group in columns) == 8
    assert "峰 &lt;b&gt;" in picture, "labels are text, never markup"


def test_the_same_figures_are_drawn_once() -> None:
    assert drawn() is not None
    before = charts._draw.cache_info().hits
    assert drawn() == drawn()
    assert charts._draw.cache_info().hits >= before + 2
    assert drawn() != drawn(500.0)


def test_a_level_is_a_line_with_its_name() -> None:
    rows = [{"category": f"{month}月", "value": 100.0 * month} for month in range(1, 4)]
    with_line = str(charts.columns_against_line(rows, level=250.0, level_label="合同最大需量", unit="千瓦"))
    without = str(charts.columns_against_line(rows, level=None, level_label="合同最大需量", unit="千瓦"))
    assert "合同最大需量" in with_line
    assert with_line.count("stroke-dasharray") == 1 + without.count("stroke-dasharray")
    assert "合同最大需量" not in without


def test_more_points_than_anybody_could_see_are_refused() -> None:
    row = {"category": "1月", "value": 1.0}
    with pytest.raises(charts.TooManyPoints):
        charts.columns_against_line([row] * (charts.MAX_POINTS + 1), level=None, level_label="", unit="")


def test_data_may_not_come_from_an_address() -> None:
    spec = {"mark": "bar", "layer": [{"data": {"url": "http://127.0.0.1:9/x.json"}, "mark": "bar"}]}
    with pytest.raises(ValueError, match="not allowed"):
        charts.svg(spec, [])


def test_every_figure_stands_in_the_table_beside_it(app: Flask) -> None:
    with app.test_request_context("/"):
        page = render_template_string(
            '{% from "web/chart.html" import chart with context %}{{ chart(picture, "用电", ["月", "电量"], rows) }}',
            picture=charts.columns_against_line([], level=None, level_label="", unit="kWh"),
            rows=[["1月", "120"], ["2月", "130.5"]],
        )
    assert 'role="img" aria-label="用电"' in page
    assert "120" in page
    assert "130.5" in page
