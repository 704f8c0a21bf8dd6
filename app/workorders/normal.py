"""How phone numbers and addresses are kept, so that the same ones are found to be the same."""

from __future__ import annotations

import phonenumbers

COUNTRY = "CN"


def normal_phone(text: str) -> str | None:
    """The number in E.164 (`+8613800138000`); None where it is no number that can exist. Empty stays empty."""
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_address(text: str) -> str:
    """An address as it is compared: without spaces, punctuation and case."""
    return "".join(char for char in text.lower() if char.isalnum())
