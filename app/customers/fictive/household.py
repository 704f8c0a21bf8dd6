"""One fictive customer: who, where, supplied how, with which phones and which meter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from app.customers.fictive.words import place, words

SEED = 95598
FIRST_NUMBER = 3301040000
"""The 户号 of customer 0: the demo orders' callers begin there too."""

FIRST_METER = 330100000000
FIRST_PHONE = 8000
MOBILE = ("39", "38", "37", "59", "58", "86", "77", "33", "52", "91")
OPENED = date(2009, 1, 1)
OPENED_DAYS = 5000


@dataclass(frozen=True, slots=True)
class Person:
    """A contact: name, role, normal phone number."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True, slots=True)
class Household:
    """All master data of one customer and the meter; `use` is the usual energy of a month in kWh."""

    number: str
    name: str
    address: str
    unit: str
    area: str
    sort: str
    kind: str
    category: str
    industry: str
    voltage: str
    tariff: str
    importance: str
    capacity: Decimal
    load_nature: str
    segment: str
    zone: str
    transformer: str
    line: str
    meter_box: str
    lat: float
    lon: float
    opened_on: date
    people: tuple[Person, ...]
    meter: str
    meter_kind: str
    multiplier: Decimal
    use: float


def household(n: int, unit: str, *, per_segment: int = 50) -> Household:
    """Customer `n`, supplied by `unit`; `per_segment` neighbours are read on one day."""
    chance, where, content = Random(SEED + n), place(unit), words()  # noqa: S311  (no secret)
    graded = graded_of(n)
    sort = "public" if graded else _sort(chance, where["area"], n)
    supply = content[sort]
    kind = "lv_resident" if sort.startswith("resident") else "hv" if supply["voltage"] == "10kV" else "lv_business"
    name, industry, importance = graded[:3] if graded else _name(chance, sort, where, supply["industry"])
    address = _address(chance, where, kind)
    capacity, multiplier = _size(chance, kind)
    if n < content["callers"]["count"] and kind == "lv_resident":
        name, address = _caller(n, where)
    street = n // 10
    return Household(
        number=str(FIRST_NUMBER + n),
        name=name,
        address=address,
        unit=unit,
        area=where["area"],
        sort=sort,
        kind=kind,
        category=supply["category"],
        industry=industry,
        voltage=supply["voltage"],
        tariff=supply["tariff"],
        importance=importance,
        capacity=capacity,
        load_nature={"special": "class1", "first": "class1", "second": "class2"}.get(importance, "class3"),
        segment=f"{unit}-{n // (per_segment * 8) + 1:03d}",
        zone=f"{unit}-Z{street // 20:04d}",
        transformer=f"{unit}-T{street // 10:04d}",
        line=f"{unit}-L{street // 100:03d}",
        meter_box=f"{street:06d}",
        lat=round(where["lat"] + chance.uniform(-0.03, 0.03), 6),
        lon=round(where["lon"] + chance.uniform(-0.03, 0.03), 6),
        opened_on=OPENED + timedelta(days=chance.randrange(OPENED_DAYS)),
        people=_people(chance, n, name, kind, where["phone"]),
        meter=str(FIRST_METER + n * 7),
        meter_kind=supply["meter"],
        multiplier=multiplier,
        use=round(content["use"][kind] * chance.lognormvariate(0, 0.5) / float(multiplier), 1),
    )


def graded_of(n: int) -> tuple[str, str, str, str] | None:
    """Name, industry, importance and unit where customer `n` is one of the graded ones that every demo has."""
    content = words()
    place = n - content["callers"]["count"]
    return tuple(content["graded"][place]) if 0 <= place < len(content["graded"]) else None


def _sort(chance: Random, area: str, n: int) -> str:
    roll, shares = chance.random() * 100, words()["shares"]
    if n < words()["callers"]["count"]:
        roll = 100
    if roll < shares["hv"]:
        return "public" if chance.random() < 0.2 else "factory"
    if roll < shares["hv"] + shares["lv_business"]:
        return chance.choice(("farm", "shop", "workshop") if area != "urban" else ("shop", "shop", "workshop"))
    if area != "urban":
        return "resident_rural"
    return "resident_tou" if chance.random() < 0.15 else "resident_urban"


def _name(chance: Random, sort: str, where: dict[str, Any], industry: str) -> tuple[str, str, str]:
    """Name, industry and importance."""
    content = words()
    if sort == "public":
        last, industry, importance = chance.choice(content["important"])
        return f"{where['district']}{last}", industry, importance
    if sort in ("factory", "workshop"):
        last, industry = chance.choice(content["company_kinds"])
        return f"{where['city'][:2]}{_two(chance)}{last}", industry, "none"
    if sort == "shop":
        return f"{where['town'][:2]}{_two(chance)}{chance.choice(content['shop_last'])}", industry, "none"
    if sort == "farm":
        return f"{chance.choice(content['villages'])}{_two(chance)}农业专业合作社", industry, "none"
    return _person(chance), industry, "none"


def _two(chance: Random) -> str:
    """A company's own word: one of the list, or two characters of names."""
    content = words()
    return str(chance.choice(content["company_first"])) if chance.random() < 0.4 else _given(chance, 2)


def _person(chance: Random) -> str:
    surnames: str = words()["surnames"]
    return surnames[min(int(chance.expovariate(0.05)), len(surnames) - 1)] + _given(chance, 2 - (chance.random() < 0.2))


def _given(chance: Random, length: int) -> str:
    return "".join(chance.choices(words()["given"], k=length))


def _address(chance: Random, where: dict[str, Any], kind: str) -> str:
    content, town = words(), f"{where['city']}{where['district']}{where['town']}"
    if kind == "hv":
        return f"{town}{chance.choice(content['roads'])}{chance.randint(1, 400)}号"
    if where["area"] != "urban":
        village = chance.choice(content["villages"])
        return f"{town}{village}村{chance.randint(1, 12)}组{chance.randint(1, 120)}号"
    road = f"{town}{chance.choice(content['roads'])}{chance.randint(1, 400)}号"
    if kind == "lv_business":
        return f"{road}{chance.randint(1, 60)}号商铺"
    home = chance.choice(content["community_first"]) + chance.choice(content["community_last"])
    room = chance.randint(1, 18) * 100 + chance.randint(1, 4)
    return f"{road}{home}{chance.randint(1, 30)}幢{chance.randint(1, 4)}单元{room}室"


def _caller(n: int, where: dict[str, Any]) -> tuple[str, str]:
    callers = words()["callers"]
    address = callers["addresses"][n % len(callers["addresses"])]
    return callers["people"][n % len(callers["people"])], f"{where['district']}{address}"


def _size(chance: Random, kind: str) -> tuple[Decimal, Decimal]:
    """Contract capacity in kVA and the meter's multiplier (current and voltage transformers)."""
    if kind == "hv":
        capacity = chance.choice((315, 400, 500, 630, 800, 1000, 1250, 1600, 2500))
        return Decimal(capacity), Decimal(100 * max(10, capacity // 50))
    if kind == "lv_business":
        return Decimal(chance.choice((15, 30, 50, 80))), Decimal(chance.choice((1, 1, 20, 30)))
    return Decimal(chance.choice((4, 8, 8, 12))), Decimal(1)


def _people(chance: Random, n: int, name: str, kind: str, area_code: str) -> tuple[Person, ...]:
    phone = f"+861380013{FIRST_PHONE + n % 1999:04d}" if n < words()["callers"]["count"] else _mobile(chance)
    if kind == "lv_resident":
        return (Person(name, "owner", phone),)
    desk = f"+86{area_code[1:]}8{chance.randrange(10**7):07d}"
    finance = Person(_person(chance), "finance", desk)
    if kind == "lv_business":
        return (Person(_person(chance), "owner", phone), finance)
    electrician, duty = (
        Person(_person(chance), "electrician", _mobile(chance)),
        Person("配电值班室", "duty", desk[:-1] + "9"),
    )
    return (Person(_person(chance), "contact", phone), finance, electrician, duty)


def _mobile(chance: Random) -> str:
    return f"+861{chance.choice(MOBILE)}{chance.randrange(10**8):08d}"
