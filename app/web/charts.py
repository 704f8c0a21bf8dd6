"""Charts as SVG, drawn on the server from Vega-Lite: the same picture on a page and in a PDF.

`vl-convert-python` (BSD) runs Vega-Lite in the process, without network and without a browser:
a page needs no script for a chart, which the content security policy would refuse, and
WeasyPrint draws the very same SVG. Every chart stands beside its figures as a table
(`web/chart.html`), which is what a screen reader is given.

Colours carry no meaning alone: parts are also told apart by their order and the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
import vl_convert
from markupsafe import Markup

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
MAX_POINTS = 5000
"""More points than this are no chart any more, and would hold up the page."""

PALETTE = ("#0b6e6e", "#c8641b", "#5b2c91", "#1d6fb8", "#8a8f1d", "#a81e1e")
"""Told apart by people who see few colours, on light and dark paper."""

LEVEL = "#b45309"
"""The colour of a line that should not be passed."""

_ARIA = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')

CONFIG: dict[str, Any] = {
    "background": None,
    "font": "Noto Sans CJK SC, Microsoft YaHei, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "domainColor": "#8793a1",
        "tickColor": "#8793a1",
        "gridColor": "#8793a1",
        "gridOpacity": 0.25,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "legend": {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "orient": "top",
        "title": None,
        "labelFontSize": 11,
        "symbolType": "square",
    },
    "range": {"category": list(PALETTE)},
    "bar": {"color": PALETTE[0]},
}


class TooManyPoints(ValueError):
    """A chart of more rows than anybody could see."""


def svg(spec: Mapping[str, Any], values: Sequence[Mapping[str, Any]]) -> Markup:
    """The picture of `values` (plain JSON values, floats for amounts) by a Vega-Lite `spec` without data.

    Nothing is fetched: data stand in `values` alone. Same spec and values give the same
    picture out of memory. Raises `TooManyPoints`.
    """
    if len(values) > MAX_POINTS:
        raise TooManyPoints(f"{len(values)} points are no chart")
    whole = {"$schema": SCHEMA, **spec, "data": {"values": list(values)}, "config": CONFIG}
    return _draw(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS))


@lru_cache(maxsize=256)
def _draw(spec: bytes) -> Markup:
    """The SVG without the roles that Vega writes: the figure around it has one role, and a table says the rest."""
    drawn = vl_convert.vegalite_to_svg(spec.decode(), allowed_base_urls=[])
    head, _close, rest = _ARIA.sub("", drawn).partition(">")
    scaling = re.sub(r' (?:width|height|class)="[^"]*"', "", head)
    return Markup(f'{scaling} class="chart-picture" focusable="false">{rest}')  # noqa: S704  (drawn by us from JSON)


def stacked_columns(
    values: Sequence[Mapping[str, Any]],
    *,
    parts: Sequence[tuple[str, str]],
    groups: Sequence[tuple[str, str]],
    categories: Sequence[str],
    unit: str,
    width: int = 620,
    height: int = 220,
) -> Markup:
    """Columns by category, beside each other by group, stacked by part.

    `values` are rows `{"category", "group", "part", "value"}`; `parts` and `groups` are
    `(key, colour or label)` in order: parts carry their label, groups theirs. Groups before
    the last are paler, so that the newest stands out.
    """
    labels = dict(parts)
    names = dict(groups)
    rows = [
        {
            "c": row["category"],
            "g": names[row["group"]],
            "p": labels[row["part"]],
            "o": list(labels).index(row["part"]),
            "v": row["value"],
        }
        for row in values
    ]
    encoding: dict[str, Any] = {
        "x": {
            "field": "c",
            "type": "ordinal",
            "sort": list(categories),
            "title": None,
            "axis": {"labelAngle": 0, "labelOverlap": "parity"},
        },
        "xOffset": {"field": "g", "sort": list(names.values())},
        "y": {"field": "v", "type": "quantitative", "stack": "zero", "title": unit, "axis": {"tickCount": 5}},
        "color": {"field": "p", "type": "nominal", "sort": list(labels.values()), "scale": _colours(labels)},
        "order": {"field": "o", "type": "quantitative"},
    }
    if len(names) > 1:
        pale = [0.45] * (len(names) - 1) + [1.0]
        encoding["opacity"] = {
            "field": "g",
            "type": "nominal",
            "sort": list(names.values()),
            "scale": {"domain": list(names.values()), "range": pale},
        }
    return svg({"width": width, "height": height, "mark": "bar", "encoding": encoding}, rows)


def columns_against_line(
    values: Sequence[Mapping[str, Any]], *, level: float | None, level_label: str, unit: str, width: int = 620
) -> Markup:
    """One column a category (`{"category", "value"}`), against a level that should not be passed (None: no line)."""
    x = {"field": "category", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": 0}}
    bars = {"mark": "bar", "encoding": {"x": x, "y": {"field": "value", "type": "quantitative", "title": unit}}}
    layers: list[dict[str, Any]] = [bars]
    title: dict[str, Any] | None = None
    if level is not None:
        rule = {"type": "rule", "color": LEVEL, "strokeWidth": 2, "strokeDash": [6, 4]}
        layers.append({"data": {"values": [{}]}, "mark": rule, "encoding": {"y": {"datum": level}}})
        title = {"text": f"- - {level_label}", "anchor": "end", "color": LEVEL, "fontSize": 11, "fontWeight": "normal"}
    return svg({"width": width, "height": 200, "title": title, "layer": layers}, values)


def _colours(labels: Mapping[str, str]) -> dict[str, Any]:
    return {"domain": list(labels.values()), "range": [PALETTE[n % len(PALETTE)] for n in range(len(labels))]}
