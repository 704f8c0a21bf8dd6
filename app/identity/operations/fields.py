"""Checking what was typed: each check returns the cleaned value or notes the field's error.

`Fields.done()` raises them all at once, so that a person corrects a form in one go.
"""

from __future__ import annotations

import re
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,63}")
_UNIT_CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")


class InvalidFields(Invalid):
    """`details["errors"]` maps each wrong field to its messages."""

    code = "invalid_fields"


class Fields:
    """The errors of one form as they are found."""

    def __init__(self) -> None:
        self.errors: dict[str, list[Any]] = {}

    def refuse(self, field: str, message: Any) -> None:
        self.errors.setdefault(field, []).append(message)

    def done(self) -> None:
        """Raise `InvalidFields` if any check failed."""
        if self.errors:
            errors = {field: [str(message) for message in messages] for field, messages in self.errors.items()}
            raise InvalidFields(_l("Some fields need correcting."), errors=errors)

    def text(self, field: str, value: str, *, longest: int, required: bool = True) -> str:
        value = " ".join(value.split())
        if required and not value:
            self.refuse(field, _l("Please fill in this field."))
        if len(value) > longest:
            self.refuse(field, _l("At most %(n)s characters.", n=longest))
        if any(ord(c) < 32 or c == "\x7f" for c in value):
            self.refuse(field, _l("Control characters are not allowed."))
        return value

    def username(self, value: str) -> str:
        value = value.strip().lower()
        if not _USERNAME.fullmatch(value):
            self.refuse("username", _l("2 to 64 Latin letters, digits, dots, dashes; a letter first."))
        return value

    def unit_code(self, value: str) -> str:
        value = value.strip().upper()
        if not _UNIT_CODE.fullmatch(value) or len(value) > 40:
            self.refuse("code", _l("Capital letters and digits in groups joined by dashes, such as GM-LJ."))
        return value

    def choice(self, field: str, value: str, allowed: tuple[str, ...]) -> str:
        if value not in allowed:
            self.refuse(field, _l("Please choose one of the values offered."))
        return value

    def phone(self, value: str) -> str:
        """A phone number, kept as `13957100103`, `0571-88000101`, or `+16502530000` abroad."""
        value = value.strip()
        if not value:
            return ""
        try:
            number = phonenumbers.parse(value, "CN")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            self.refuse("phone", _l("This is not a phone number."))
            return value
        return _written(number)

    def email(self, value: str) -> str:
        value = value.strip()
        if not value:
            return ""
        try:
            return str(validate_email(value, check_deliverability=False, test_environment=True).normalized)
        except EmailNotValidError:
            self.refuse("email", _l("This is not an e-mail address."))
            return value


def _written(number: phonenumbers.PhoneNumber) -> str:
    """The way the number is written in China: mobiles whole, others with their area code apart."""
    if number.country_code != 86:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    digits = phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_geographical_area_code(number)
    return f"0{digits[:area]}-{digits[area:]}" if area else digits
