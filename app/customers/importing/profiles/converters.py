"""One function a mapped column, built once and called for every row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.customers.importing.profiles.content import Column, Content
from app.customers.importing.reading import Value
from app.customers.importing.targets import Field
from app.customers.importing.values import Bad, fold, plain, to_date, to_number, to_period, to_text, to_truth
from app.customers.importing.values.calls import normal_phone

Convert = Callable[[Value], Any]


def converter(field: Field, column: Column, content: Content) -> Convert:
    """The function that turns a filled cell into the field's value, or raises `Bad`."""
    convert = _BY_KIND[field.kind](field, column, content)
    if not column.words or field.kind == "choice":
        return convert
    words = {word_key(word): meant for word, meant in column.words.items()}

    def translated(value: Value) -> Any:
        return convert(words.get(word_key(plain(value)), value))

    return translated


def word_key(text: str) -> str:
    """A word in a cell as it is compared."""
    return "".join(fold(text).casefold().split())


def _text(field: Field, column: Column, _content: Content) -> Convert:
    code, longest, pad = field.kind == "code", field.max_length, column.pad
    return lambda value: to_text(value, code=code, max_length=longest, pad=pad)


def _number(field: Field, column: Column, content: Content) -> Convert:
    dimension, unit, places, comma = field.dimension, column.unit, field.places, content.decimal_comma
    least, most = field.least, field.most

    def convert(value: Value) -> Decimal:
        number = to_number(value, dimension=dimension, unit=unit, places=places, comma=comma)
        if least is not None and number < least:
            raise Bad("too_small", least=least)
        if most is not None and number > most:
            raise Bad("too_large", most=most)
        return number

    return convert


def _integer(field: Field, column: Column, content: Content) -> Convert:
    number = _number(field, column, content)

    def convert(value: Value) -> int:
        found = number(value)
        if found != int(found):
            raise Bad("no_integer", value=f"{found:f}")
        return int(found)

    return convert


def _date(_field: Field, _column: Column, content: Content) -> Convert:
    order = content.date_order
    return lambda value: to_date(value, order=order)


def _choice(field: Field, column: Column, _content: Content) -> Convert:
    words: dict[str, str] = {}
    choices: Mapping[str, Any] = field.choices() if field.choices else {}
    for code, spoken in choices.items():
        for word in (code, *spoken):
            words.setdefault(word_key(word), code)
    words |= {word_key(word): code for word, code in column.words.items()}

    def convert(value: Value) -> str:
        text = plain(value)
        code = words.get(text) or words.get(word_key(text))
        if code is None:
            raise Bad("no_choice", value=text)
        return code

    return convert


def _phone(_field: Field, _column: Column, _content: Content) -> Convert:
    def convert(value: Value) -> str:
        text = plain(value)
        if len(text) > 60 or not normal_phone(text):
            raise Bad("no_phone", value=text)
        return text

    return convert


_BY_KIND: dict[str, Callable[[Field, Column, Content], Convert]] = {
    "text": _text,
    "code": _text,
    "number": _number,
    "integer": _integer,
    "date": _date,
    "period": lambda _field, _column, _content: to_period,
    "truth": lambda _field, _column, _content: to_truth,
    "choice": _choice,
    "phone": _phone,
}
