"""Addresses as they are compared and searched: one key for every way of writing the same place.

`阳光花园３号楼二单元501室`, `阳光花园3幢2单元501` and `阳光花园 3-2-501` have the key `阳光花园3-2-501`.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 300

_NUMERAL = "〇零一二三四五六七八九十百千两廿"
_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALE = {"十": 10, "百": 100, "千": 1000}
_PART = "号楼|号院|单元|栋|幢|棟|座|号|弄|室|楼|层|组|队|门|户|期|#楼|#"
_CHINESE_NUMBER = re.compile(f"第?([{_NUMERAL}]+)(?={_PART})")
_SPACED = re.compile(f"(?<=[0-9a-z{_NUMERAL}])\\s+(?={_PART})")
_ORDINAL = re.compile(r"第(?=\d)")
_AFTER_NUMBER = re.compile(f"(?<=[0-9a-z])(?:{_PART})")
_LETTER_BEFORE = re.compile(r"(?<![a-z])([a-z])[-\s]?(?=\d)")
_DASH = re.compile(r"[\s‐‑‒–—―−~_/、,，.·-]+")
_OTHER = re.compile(r"[^\w-]+", re.UNICODE)
_LEADING_ZERO = re.compile(r"(?<![0-9])0+(?=[0-9])")


def key(text: str) -> str:
    """What an address is compared and searched by: numbers as digits, their unit words as dashes, no spaces.

    The same for every text and its own key. At most 300 characters.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    plain = _SPACED.sub("", plain)
    plain = _CHINESE_NUMBER.sub(lambda found: str(number(found.group(1))), plain)
    plain = _ORDINAL.sub("", plain)
    plain = _AFTER_NUMBER.sub("-", plain)
    plain = _LEADING_ZERO.sub("", _joined(plain))
    return unicodedata.normalize("NFC", plain)[:LONGEST].strip("-")


def number(numeral: str) -> int:
    """A Chinese numeral as a number, read as a value (`一百二十三`) or digit by digit (`一二〇三`)."""
    numeral = numeral.replace("廿", "二十")
    if not set(numeral) & _SCALE.keys():
        return int("".join(str(_DIGIT[char]) for char in numeral))
    total, digit = 0, 0
    for char in numeral:
        if char in _SCALE:
            total, digit = total + (digit or 1) * _SCALE[char], 0
        else:
            digit = _DIGIT[char]
    return total + digit


def _joined(text: str) -> str:
    """Dashes only between two parts that are numbers or letters; every other sign and space is left out."""
    text = _OTHER.sub("", _DASH.sub("-", text))
    text = re.sub(r"-(?![0-9a-z])|(?<![0-9a-z])-", "", text)
    return _LETTER_BEFORE.sub(r"\1", text)
