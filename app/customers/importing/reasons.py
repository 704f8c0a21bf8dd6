"""Why rows are bad, in the reader's language. The database keeps a reason's code and numbers, never its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

_REASONS: dict[str, Any] = {
    "formula": _l("The cell holds a formula without a usable result. Replace it by its value."),
    "cell_error": _l("The cell holds an error or no usable number: %(value)s"),
    "lost_digits": _l("The spreadsheet kept only 15 digits of this number. Enter it as text."),
    "merged": _l("The cell is merged with the one to its left, so it is unclear what belongs here. Undo the merge."),
    "scientific": _l("The spreadsheet turned this number into %(value)s and lost its last digits. Enter it as text."),
    "code_with_fraction": _l("A number of this kind has no decimals: %(value)s"),
    "control_characters": _l("The text holds characters that cannot be read; the encoding may be wrong: %(value)s"),
    "too_long": _l("The text has %(length)s characters; at most %(limit)s fit."),
    "no_number": _l("“%(value)s” is no number."),
    "comma_number": _l("It is unclear whether the comma in “%(value)s” divides thousands or decimals."),
    "too_precise": _l("At most %(places)s decimals: %(value)s"),
    "too_small": _l("At least %(least)s."),
    "too_large": _l("At most %(most)s."),
    "no_integer": _l("A whole number is needed: %(value)s"),
    "unknown_unit": _l("The unit “%(unit)s” does not belong to this field."),
    "no_date": _l("“%(value)s” is no day. Write it like 2026-03-02."),
    "no_such_day": _l("There is no day %(value)s."),
    "ambiguous_date": _l("It is unclear which is day and which is month in %(value)s. Write it like 2026-03-02."),
    "no_period": _l("“%(value)s” is no month. Write it like 202603."),
    "no_truth": _l("“%(value)s” is neither yes nor no."),
    "no_choice": _l("“%(value)s” is not among the values of this field."),
    "no_phone": _l("“%(value)s” is no single phone number."),
    "missing": _l("A value is missing."),
    "twice": _l("The same record stands in line %(line)s already."),
    "unknown_customer": _l("There is no customer with this number: %(value)s"),
    "unknown_meter": _l("This customer has no meter with this number: %(value)s"),
    "several_meters": _l("Several meters have this number; give the customer's number too: %(value)s"),
    "unknown_unit_code": _l("There is no unit with this code: %(value)s"),
    "other_unit": _l("You may not import for this unit: %(value)s"),
    "unknown_code": _l("This code is not in the list of codes: %(value)s"),
    "customer_closed": _l("The customer's account is closed: %(value)s"),
    "before_installation": _l("The meter was installed only on %(value)s."),
    "after_removal": _l("The meter was removed on %(value)s already."),
    "removed_before_installed": _l("The day of removal is before the day of installation."),
    "backwards": _l(
        "The register shows less than on %(day)s (%(before)s). Correct it, or give it as a reading of kind"
        " “correction”."
    ),
    "no_register": _l("A reading needs at least one register's value."),
    "other_customer": _l("This meter stands at another customer: %(value)s"),
    "written_meanwhile": _l("Somebody changed this record while the file was checked. Check it again."),
}


def add(code: str, text: Any) -> None:
    """Add a package's own reason; `text` is a lazy text with named parameters."""
    _REASONS[code] = text


def text_of(code: str, params: Mapping[str, Any], shown: str = "") -> str:
    """The reason in the reader's language; `value` is what stood in the cell where nothing else was kept."""
    reason = _REASONS.get(code)
    if reason is None:
        return code
    try:
        return str(reason) % ({"value": shown} | dict(params))
    except (KeyError, TypeError, ValueError):
        return str(reason)
