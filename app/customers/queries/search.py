"""One box for customers: what was typed says where to look, and the surest answers come first.

Each kind of look-up is one range of one index with a bound, so that its cost does not grow with
the number of customers: number and meter by their beginning, phones whole or by their end, names by
their beginning, name and address by words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.customers import addresses, names, phones
from app.customers.models import Contact, Customer, Meter
from app.customers.queries.beginnings import begins_with, in_byte_order, under
from app.customers.queries.lines import CustomerLine, lines, select_lines
from app.customers.search import fits, ids_with, words_in
from app.identity.queries.units import codes_under

LONGEST = 100
LEAST_DIGITS = 4
LIMIT = 20
CANDIDATES = 60
"""So many answers of one kind are ranked; a text that fits more is too short to mean one of them."""

RANKS = ("number", "meter", "phone", "query_code", "name", "words", "number_beginning", "meter_beginning", "phone_end")
"""Kinds of answers, the surest first."""

SURE = frozenset({"number", "meter", "phone"})
"""Whoever types so much that it names one customer looks for no other."""

_DIGITS = re.compile(r"[+0-9()\-\s转*#]+")
_CODE = re.compile(r"[0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: `code` has no spaces, `digits` only digits (empty where there is anything else)."""

    text: str
    code: str
    digits: str


def search(text: str, *, paths: Sequence[str], limit: int = LIMIT) -> list[CustomerLine]:
    """Customers under these unit paths that fit what was typed, the surest first, at most `limit`.

    Number or meter number (whole or from its beginning), phone (whole, or its last four and more digits),
    name, part of the address in any way of writing it, or words of both (`王芳 解放路`). `now` says which
    units there are; without it, units of the present and the past are meant.
    """
    if not paths:
        return []
    typed = read(text)
    found: dict[int, CustomerLine] = {}
    for answers in _looked_up(typed, tuple(paths)):
        for line in answers:
            found.setdefault(line.id, line)
        if len(found) >= limit or any(line.found_by in SURE for line in answers):
            break
    return sorted(found.values(), key=lambda line: RANKS.index(line.found_by))[:limit]


def read(text: str) -> Typed:
    """The text in plain forms: full-width letters and digits as usual ones."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).strip()
    code = re.sub(r"\s+", "", plain)
    return Typed(plain, code if _CODE.fullmatch(code) else "", _only_digits(plain))


def _only_digits(plain: str) -> str:
    return re.sub(r"\D", "", plain) if _DIGITS.fullmatch(plain) else ""


def _looked_up(typed: Typed, paths: tuple[str, ...]) -> Iterable[list[CustomerLine]]:
    """Answers by kind of look-up, each asked only while there are too few."""
    if typed.code or typed.digits:
        yield from _by_code(typed, paths)
    if typed.text and not typed.digits:
        yield from _by_text(typed, paths)


def _by_code(typed: Typed, paths: tuple[str, ...]) -> Iterable[list[CustomerLine]]:
    code = typed.code or typed.digits
    short = len(code) < LEAST_DIGITS
    numbers = Customer.number == code if short else begins_with(Customer.number, code)
    query = _scoped(select_lines(), numbers, paths).order_by(in_byte_order(Customer.number))
    yield _named(lines(query), "number", code)
    meters = select_lines(Meter.number).join(Meter, Meter.customer_id == Customer.id)
    fits = Meter.number == code if short else begins_with(Meter.number, code)
    yield _named(lines(_scoped(meters, fits, paths).order_by(in_byte_order(Meter.number))), "meter", code)
    if typed.digits:
        yield _by_phone(typed, short, paths)
    query_code = sa.and_(Customer.query_code == code, Customer.query_code != "")
    yield lines(_scoped(select_lines(), query_code, paths), "query_code")


def _by_phone(typed: Typed, short: bool, paths: tuple[str, ...]) -> list[CustomerLine]:
    """The whole number, whoever has it; else those that end so."""
    contacts = select_lines(Contact.phone).join(Contact, Contact.customer_id == Customer.id)
    number = phones.normalise(typed.text)
    if number and (found := lines(_scoped(contacts, Contact.phone == number, paths), "phone")):
        return found
    end = typed.digits[::-1]
    return [] if short else lines(_scoped(contacts, begins_with(Contact.phone_reversed, end), paths), "phone_end")


def _named(found: Sequence[CustomerLine], kind: str, code: str) -> list[CustomerLine]:
    """Say of each whether it was typed whole or only its beginning."""
    return [replace(line, found_by=kind + "_beginning" * ((line.found or line.number) != code)) for line in found]


def _by_text(typed: Typed, paths: tuple[str, ...]) -> Iterable[list[CustomerLine]]:
    if name := names.key(typed.text):
        names_first = _scoped(select_lines(), begins_with(Customer.name_key, name), paths)
        yield lines(names_first.order_by(in_byte_order(Customer.name_key)), "name")
    units = None if "/" in paths else codes_under(paths)
    plain = " ".join(map(addresses.key, typed.text.split()))
    for text in dict.fromkeys((addresses.key(typed.text), plain, typed.text)):
        if found := _with_words(words_in(text), units, paths):
            yield found
            return


def _with_words(words: Sequence[str], units: Sequence[str] | None, paths: tuple[str, ...]) -> list[CustomerLine]:
    """By words of name and address; the shortest address first, which fits the words most closely.

    Index and customers are asked in one statement: on a busy machine each journey to the database is what takes time.
    """
    if not words:
        return []
    ids = ids_with(words, units, CANDIDATES)
    query = select_lines().where(Customer.id.in_(ids), under(Customer.unit_path, paths))
    found = [line for line in lines(query, "words") if fits(words, line.name, line.address)]
    return sorted(found, key=lambda line: (line.status == "closed", len(line.name + line.address), line.number))


def _scoped(query: sa.Select[Any], fits: sa.ColumnElement[bool], paths: tuple[str, ...]) -> sa.Select[Any]:
    return query.where(fits, under(Customer.unit_path, paths)).limit(LIMIT)
