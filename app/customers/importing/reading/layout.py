"""How a file is to be read where its own signs are not to be trusted; empty means: find out."""

from __future__ import annotations

from dataclasses import dataclass

ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5")
"""What may be chosen by hand; GB18030 holds GBK and GB2312."""

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "，": "wide comma", "\x01": "control-A"}


@dataclass(frozen=True, slots=True)
class Layout:
    """`header_row` counts from 1 as people do, 0 finds it.

    `hidden` keeps hidden rows; `formulas` is `cached` (what the spreadsheet computed last) or `refuse`.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 0
    hidden: bool = True
    formulas: str = "cached"
