"""Phone numbers in every form people write them, made one: E.164, or the bare digits of short and local numbers.

Full-width and Chinese digits, 0086, area codes in brackets, IP dialling prefixes, extensions (转, 分机, ext),
words around the number, letters that look like digits. phonenumbers (Apache 2.0) judges what can exist.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

COUNTRY = "CN"
LONGEST_TEXT = 200

_CHINESE = str.maketrans("〇零一幺二两三四五六七八九○", "00112234567890")
_CHINESE_RUN = re.compile("[〇零一幺二两三四五六七八九○]{5,}")
_LETTERS = str.maketrans("OoIl|", "00111")
_LETTER_AMONG_DIGITS = re.compile(r"(?<=\d)[OoIl|]+(?=\d)")
_DASHES = re.compile("[‐‑‒–—―−－~_]")
_EXTENSION = re.compile(r"(?:转|分机号?|內線|内线|ext(?:ension)?\.?|x|#|;ext=)+[\s:：.]*(\d{1,6})(?!\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d(?:[\d\s().·-]*\d)?|\(\+?\d[\d\s().·-]*\d")
_THIRD_GROUP = re.compile(r"^(0?\d{2,3}-\d{7,8})-(\d{1,6})$")
_IP_PREFIX = re.compile(r"^(?:179\d\d|12593|1019[0-9])(?=0?1[3-9]\d{9}$|0\d{9,11}$)")
_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_SHORT = re.compile(r"^(?:1\d{2,5}|9\d{4,5})$")
_LOCAL = re.compile(r"^[2-9]\d{6,7}$")
_SERVICE = re.compile(r"^[48]00\d{7}$")


@dataclass(frozen=True, slots=True)
class Phone:
    """`number` is normal; `extension` digits or empty; `kind` is mobile, landline, service (400/800), short,
    local (no area code) or foreign."""

    number: str
    extension: str = ""
    kind: str = "landline"


def normalise(text: str) -> str | None:
    """The one number in a text, as it is kept and compared; empty stays empty, None where it holds none or several."""
    if not text.strip():
        return ""
    found = numbers_in(text)
    return found[0].number if len(found) == 1 else None


def numbers_in(text: str) -> list[Phone]:
    """Every number in a text, in order and once: `13800138000/0571-88000101转802 (王工)` has two."""
    plain = _plain(text[:LONGEST_TEXT])
    found: dict[str, Phone] = {}
    for piece in re.split(r"[/、;,，；]|\bor\b|或", _EXTENSION.sub(r" <\1> ", plain)):
        for phone in _in_piece(piece):
            found.setdefault(phone.number, phone)
    return list(found.values())


def national(number: str) -> str:
    """A normal number as it is dialled at home: `+8657188000101` is `057188000101`, a mobile number stays bare."""
    if not number.startswith("+86"):
        return number
    digits = number[3:]
    return digits if _MOBILE.match(digits) or _SERVICE.match(digits) else "0" + digits


def local_forms(number: str) -> list[str]:
    """A landline number without its area code, as it may have been written down at home; none of others."""
    digits = number.removeprefix("+86")
    if digits == number or _MOBILE.match(digits) or _SERVICE.match(digits):
        return []
    local = digits[2 if digits[0] in "12" else 3 :]
    return [local] if _LOCAL.match(local) else []


def shown(number: str) -> str:
    """A normal number as people read it: `138 0013 8000`, `0571-88000101`."""
    digits = national(number)
    if _MOBILE.match(digits):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if digits.startswith("0") and number.startswith("+86"):
        area = 3 if digits[1] in "12" else 4  # 010 and 02x are the area codes of three digits
        return f"{digits[:area]}-{digits[area:]}"
    return digits


def reversed_digits(number: str) -> str:
    """The digits of a normal number from the last to the first, without the country: for searches by the end."""
    return "".join(char for char in number.removeprefix("+86") if char.isdigit())[::-1]


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    text = _CHINESE_RUN.sub(lambda run: run.group().translate(_CHINESE), text)
    text = _LETTER_AMONG_DIGITS.sub(lambda run: run.group().translate(_LETTERS), text)
    return _DASHES.sub("-", text)


def _in_piece(piece: str) -> list[Phone]:
    """The numbers of a piece; an extension `<802>` belongs to the number before it."""
    found: list[Phone] = []
    for part in re.finditer(rf"{_NUMBER.pattern}|<(\d+)>", piece):
        if part.group(1) and found:
            found[-1] = Phone(found[-1].number, part.group(1), found[-1].kind)
        elif not part.group(1):
            found += _numbers_of_run(part.group())
    return found


def _numbers_of_run(run: str) -> list[Phone]:
    """One number, or two that only a space keeps apart."""
    whole = _one(run)
    if whole:
        return [whole]
    parts = [_one(part) for part in re.split(r"\s+", run) if part]
    return [part for part in parts if part] if all(parts) else []


def _one(run: str) -> Phone | None:
    run = run.strip()
    third = _THIRD_GROUP.match(run.replace(" ", ""))
    if third:
        phone = _one(third.group(1))
        return Phone(phone.number, third.group(2), phone.kind) if phone else None
    digits = re.sub(r"\D", "", run)
    if "+" in run and not digits.startswith("86"):
        return _foreign("+" + digits)
    home = digits if "+" not in run else digits[2:]
    if home.startswith("0086"):
        home = home[4:]
    elif home.startswith("00"):
        return _foreign("+" + home[2:])
    elif re.match(r"^86(?:0?1[3-9]\d{9}|0\d{9,11}|[1-9]\d{9,10})$", home) and len(home) > 11:
        home = home[2:]
    return _home(_IP_PREFIX.sub("", home), country=home != digits)


def _home(digits: str, *, country: bool) -> Phone | None:
    if _MOBILE.match(digits.removeprefix("0")):
        return Phone("+86" + digits.removeprefix("0"), kind="mobile")
    if _SERVICE.match(digits):
        return Phone("+86" + digits, kind="service")
    if not country and _SHORT.match(digits):
        return Phone(digits, kind="short")
    if not country and _LOCAL.match(digits):
        return Phone(digits, kind="local")
    if digits.startswith("0") or country:
        return _landline(digits.removeprefix("0"))
    return _landline(digits) if len(digits) in (10, 11) and not digits.startswith("1") else None


def _landline(digits: str) -> Phone | None:
    """An area code and seven or eight digits, or a short number behind an area code."""
    if not re.match(r"^(?:10|2\d|[3-9]\d{2})(?:[2-9]\d{6,7}|9\d{4,5}|1\d{2,4})$", digits):
        return None
    return Phone("+86" + digits, kind="landline")


def _foreign(number: str) -> Phone | None:
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    if parsed.country_code == 86:
        return _home(number[3:], country=True)
    if not phonenumbers.is_possible_number(parsed):
        return None
    return Phone(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), kind="foreign")
