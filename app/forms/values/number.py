"""Numbers: exact while they are checked, kept as JSON can hold them."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError

from app.forms.values.base import ComponentField, bound

MAX_LENGTH = 40
NUMBER_BOUND = Decimal(10) ** 15


class NumberValue(ComponentField):
    """number: kept as int where whole, else float; as text where the form says `serializeToString`."""

    def check(self, value: Any) -> Any:
        if value == "":
            return None
        number = _number(value)
        self._check_step(number)
        lowest, highest = bound(self.component, "min"), bound(self.component, "max")
        if lowest is not None and number < lowest:
            raise ValidationError(_("Must be at least %(n)s.", n=lowest))
        if highest is not None and number > highest:
            raise ValidationError(_("Must be at most %(n)s.", n=highest))
        return self._kept(number)

    def _check_step(self, number: Decimal) -> None:
        digits = self.component.raw.get("decimalDigits")
        exponent = number.normalize().as_tuple().exponent
        places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        if isinstance(digits, int) and places > digits:
            if digits == 0:
                raise ValidationError(_("Must be a whole number."))
            raise ValidationError(_("At most %(n)s decimal places are allowed.", n=digits))
        try:
            step = Decimal(str(self.component.raw.get("increment") or 0))
        except InvalidOperation:
            return
        if step > 0 and number % step != 0:
            raise ValidationError(_("Must be a multiple of %(n)s.", n=step))

    def _kept(self, number: Decimal) -> Any:
        if self.component.raw.get("serializeToString") is True:
            return format(number, "f")
        return int(number) if number == number.to_integral_value() else float(number)


def _number(value: Any) -> Decimal:
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float, str))
        or (isinstance(value, str) and len(value) > 40)
    ):
        raise ValidationError(_("Must be a number."))
    if isinstance(value, float) and not math.isfinite(value):
        raise ValidationError(_("Must be a number."))
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValidationError(_("Must be a number.")) from None
    if not number.is_finite() or abs(number) > NUMBER_BOUND:
        raise ValidationError(_("Must be a number."))
    return number
