"""How personal values are shown to people who may not see them whole (脱敏). Pure functions of a text."""

from __future__ import annotations

import re

STAR = "*"
SHOWN = 4
"""A masked text is filled up to no more stars than this many times, so that its length tells little."""

_NUMBER = re.compile(r"[0-9０-９]|[一二三四五六七八九十百零〇]+(?=\s*(?:号|弄|栋|幢|座|单元|室|楼|层|组|户))")
_LETTER = re.compile(r"[A-Za-z](?=\s*(?:座|栋|幢|单元|室|号))")


def masked(text: str, mask: str) -> str:
    """`text` by one of the masks of `page.yaml`; an empty text stays empty."""
    return _MASKS[mask](text) if text else ""


def _surname(text: str) -> str:
    return text[0] + STAR * min(SHOWN, max(1, len(text) - 1))


def _middle(text: str) -> str:
    """As orders mask phones: the first three and the last four stay; short numbers not at all."""
    bare = text.removeprefix("+86")
    return bare[:3] + STAR * (len(bare) - 7) + bare[-4:] if len(bare) > 7 else STAR * len(bare)


def _house(text: str) -> str:
    """Every number is starred, so that the road stays and the door does not."""
    return _LETTER.sub(STAR, _NUMBER.sub(lambda found: STAR * len(found[0]), text))


def _mailbox(text: str) -> str:
    name, at, domain = text.partition("@")
    return name[:1] + STAR * 3 + at + domain if at else STAR * 3


def _all(_text: str) -> str:
    return STAR * 6


_MASKS = {"surname": _surname, "middle": _middle, "house": _house, "mailbox": _mailbox, "all": _all}
