"""Numbers, money, dates and the like as lists of recordings (数字语音合成): pure, in Chinese and English.

`compose(kind, value, language)` answers names of recordings ("digit/3", "unit/wan"), in the
order in which they are played. `recordings(language)` says which there are and what each says;
the names a language uses are no other's business.

How they are read:

- Whole numbers by the groups of 万 and 亿, one 零 for any run of noughts inside, 十 and not 一十 at
  the beginning, as Chinese is taught; *Eight Hundred Words of Modern Chinese* (现代汉语八百词,
  Lü Shuxiang), entries 两 and 二: 两 before a measure word and before 千, 万 and 亿 at the beginning
  of a number, 二 before 十 and 百 and inside a number (三万二千).
- Years digit by digit with 零, as GB/T 15835-2011 writes them (二〇二六年).
- Money by 元角分, 整 where there is neither 角 nor 分, as amounts are written on bills.
- Telephone and account numbers with 幺 for 1, as they are read out on the telephone°; mobile
  numbers in groups of 3-4-4, area codes apart°.

° general knowledge, not found in a public text.
"""

from __future__ import annotations

from app.telephony.speech.composing import KINDS, LANGUAGES, CannotSay, compose
from app.telephony.speech.recordings import recordings

__all__ = ["KINDS", "LANGUAGES", "CannotSay", "compose", "recordings"]
