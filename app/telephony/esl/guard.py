"""What may be said to the switch. A line break begins a second command, `${…}` runs one: both are refused.

Every value on its way to FreeSWITCH passes one of these, whoever it comes from. They refuse and never
clean: a value that somebody shaped so is not one to be guessed at.
"""

from __future__ import annotations

import re

MAX_ARGUMENT = 32 * 1024
MAX_NUMBER = 32

_BREAKS = re.compile(r"[\r\n\x00]")
_EXPANDS = re.compile(r"\$\s*\{")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,127}")
_NUMBER = re.compile(rf"\+?[0-9*#]{{1,{MAX_NUMBER}}}")
_WORD = re.compile(r"[^\s'\"\\,|{}\[\]<>^]+")


class Injection(ValueError):
    """A value that would be read as something else than a value. The text names the place, not the value."""


def line(text: str) -> str:
    """A command or header of one line."""
    if _BREAKS.search(text):
        raise Injection("a line break in a command")
    if len(text) > MAX_ARGUMENT:
        raise Injection("too long for a command")
    return text


def argument(text: str) -> str:
    """What an application is given: one line without `${`, of a bounded length."""
    if _EXPANDS.search(line(text)):
        raise Injection("a variable in an argument")
    return text


def word(text: str) -> str:
    """One of several arguments parted by blanks: no blank, quote, comma, pipe or bracket in it."""
    if not _WORD.fullmatch(argument(text)):
        raise Injection("not one word")
    return text


def name(text: str) -> str:
    """The name of an application, a variable, an event or a queue."""
    if not _NAME.fullmatch(text):
        raise Injection("not a name")
    return text


def number(text: str) -> str:
    """A number to dial: digits, `*`, `#` and a leading plus, of at most 32 places."""
    if not _NUMBER.fullmatch(text):
        raise Injection("not a telephone number")
    return text


def option(text: str) -> str:
    """A value within the braces of a dial string in its `^^:` form: commas are safe there, colons are not."""
    if re.search(r"[:{}\[\]'\\]", argument(text)):
        raise Injection("a mark of the dial string in its option")
    return text
