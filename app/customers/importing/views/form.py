"""The editor of a mapping as a form: reading what was sent, and what the template needs."""

from __future__ import annotations

from typing import Any

from flask import request

from app.customers.importing.profiles import Content
from app.customers.importing.profiles.headers import header_key
from app.customers.importing.queries import Preview
from app.customers.importing.targets import Target
from app.customers.importing.values.units import units_of
from app.customers.importing.views.labels import DATE_ORDERS, DELIMITERS, ENCODINGS, FORMULAS
from app.kernel.i18n import current_locale
from app.web.inputs import number, text


def content_of_form(target: Target, *, lenient: bool = False) -> Content:
    """The mapping that was sent; raises `BadProfile`. `lenient` leaves out what cannot be kept, to show it again."""
    columns = []
    for field in target.fields:
        header, constant = text(f"header-{field.name}")[:200], text(f"constant-{field.name}")[:200]
        if header or constant:
            column = {
                "field": field.name,
                "header": header,
                "constant": constant,
                "unit": text(f"unit-{field.name}")[:20],
                "pad": min(number(f"pad-{field.name}") or 0, 32),
                "words": _words(text(f"words-{field.name}")),
            }
            columns.append(column)
    sent = {
        "columns": columns or ([{"field": target.key[0], "header": "?"}] if lenient else []),
        "source": text("source")[:40],
        "date_order": text("date_order") or "ymd",
        "decimal_comma": bool(text("decimal_comma")),
        "layout": {
            "encoding": text("encoding"),
            "delimiter": request.form.get("delimiter", ""),  # a tab is no blank to be cut off
            "sheet": text("sheet")[:100],
            "header_row": min(number("header_row") or 0, 1000),
            "hidden": not text("skip_hidden"),
            "formulas": text("formulas") or "cached",
        },
    }
    return Content.from_json(sent)


def editor_context(target: Target, content: Content, shown: Preview, errors: dict[str, Any]) -> dict[str, Any]:
    """What the editor shows of a mapping."""
    mapped = {column.field: column for column in content.columns}
    there = {header_key(name) for name in shown.headers}
    return {
        "fields": [
            {
                "name": field.name,
                "title": field.title,
                "required": field.required or field.name in target.key,
                "kind": field.kind,
                "units": units_of(field.dimension) if field.dimension else [],
                "header": mapped[field.name].header if field.name in mapped else "",
                "constant": mapped[field.name].constant if field.name in mapped else "",
                "unit": mapped[field.name].unit if field.name in mapped else "",
                "pad": mapped[field.name].pad if field.name in mapped else 0,
                "words": _lines(mapped[field.name].words) if field.name in mapped else "",
                "choices": _choices(field),
                "absent": bool(
                    shown.headers
                    and field.name in mapped
                    and mapped[field.name].header
                    and header_key(mapped[field.name].header) not in there
                ),
            }
            for field in target.fields
        ],
        "content": content,
        "shown": shown,
        "shown_fields": [(field.name, field.title) for field in target.fields if field.name in mapped],
        "errors": errors,
        "encodings": ENCODINGS,
        "delimiters": DELIMITERS,
        "date_orders": DATE_ORDERS,
        "formulas": FORMULAS,
    }


def _choices(field: Any) -> list[tuple[str, str]]:
    choices = field.choices() if field.kind == "choice" and field.choices else {}
    place = 0 if current_locale() == "zh" else 1
    return [(code, spoken[place] if len(spoken) > place else code) for code, spoken in choices.items()]


def _words(lines: str) -> dict[str, str]:
    """`居民 = lv_resident`, a line each."""
    found = {}
    for line in lines.replace("＝", "=").splitlines()[:500]:
        word, sign, meant = line.partition("=")
        if sign and word.strip() and meant.strip():
            found[word.strip()[:100]] = meant.strip()[:100]
    return found


def _lines(words: Any) -> str:
    return "\n".join(f"{word} = {meant}" for word, meant in words.items())
