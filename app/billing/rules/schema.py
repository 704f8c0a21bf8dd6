"""Read rules from JSON or YAML values; what does not fit is refused with the place and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from app.billing.rules import house, tariff
from app.kernel.errors import Invalid


class InvalidRules(Invalid):
    """Rules that do not fit: `details["errors"]` maps the place to what is wrong."""

    code = "invalid_rules"


class Number(fields.Decimal):
    """An exact number, written as text or as a whole number; binary fractions are refused."""

    def __init__(self, *, least: str | None = "0", most: str | None = None, **options: Any) -> None:
        bounds = validate.Range(
            min=None if least is None else Decimal(least), max=None if most is None else Decimal(most)
        )
        super().__init__(allow_nan=False, validate=bounds, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Decimal:
        if isinstance(value, float):
            raise ValidationError("Write the number in quotes: binary fractions are not exact.")
        return super()._deserialize(value, attr, data, **options)


class StepSchema(Schema):
    above = Number(required=True)
    add = Number(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tariff.Step:
        return tariff.Step(**data)


class HouseholdSchema(Schema):
    people = fields.Integer(required=True, strict=True, validate=validate.Range(2, 50))
    extra = Number(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tariff.Household:
        return tariff.Household(**data)


class TiersSchema(Schema):
    basis = fields.String(required=True, validate=validate.OneOf(["year", "month"]))
    steps = fields.List(fields.Nested(StepSchema), required=True, validate=validate.Length(1, 10))
    household = fields.Nested(HouseholdSchema, load_default=None)

    @validates_schema
    def rising(self, data: Mapping[str, Any], **_: Any) -> None:
        marks = [step.above for step in data["steps"]]
        adds = [step.add for step in data["steps"]]
        if marks != sorted(set(marks)) or adds != sorted(adds):
            raise ValidationError("Thresholds and prices of tiers must rise.", "steps")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tariff.Tiers:
        return tariff.Tiers(data["basis"], tuple(data["steps"]), data["household"])


class FixedSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(["capacity", "demand"]))
    price = Number(required=True)
    basis = fields.String(load_default="actual", validate=validate.OneOf(["actual", "contract"]))
    tolerance = Number(load_default=Decimal(1), least="1", most="2")
    over = Number(load_default=Decimal(1), least="1", most="10")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tariff.Fixed:
        return tariff.Fixed(**data)


class LevySchema(Schema):
    code = fields.String(required=True, validate=validate.Regexp(r"^[a-z_]{2,30}$"))
    name = fields.String(required=True, validate=validate.Length(1, 60))
    name_en = fields.String(required=True, validate=validate.Length(1, 80))
    price = Number(required=True)
    included = fields.Boolean(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tariff.Levy:
        return tariff.Levy(**data)


class MinimumSchema(Schema):
    amount = Number(load_default=Decimal(0))
    per_kva = Number(load_default=Decimal(0))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tariff.Minimum:
        return tariff.Minimum(**data)


class RoundingSchema(Schema):
    energy = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 3))
    amount = fields.Integer(load_default=2, strict=True, validate=validate.Range(0, 2))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tariff.Rounding:
        return tariff.Rounding(**data)


class DueSchema(Schema):
    days = fields.Integer(load_default=None, strict=True, validate=validate.Range(0, 180))
    day = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, 28))

    @validates_schema
    def one(self, data: Mapping[str, Any], **_: Any) -> None:
        if (data["days"] is None) == (data["day"] is None):
            raise ValidationError("Say either days or day.", "days")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tariff.Due:
        return tariff.Due(**data)


class TariffSchema(Schema):
    prices = fields.Dict(fields.String(), Number(), required=True)
    fold = fields.Dict(
        fields.String(validate=validate.OneOf(tariff.PARTS)),
        fields.String(validate=validate.OneOf(tariff.PARTS)),
        load_default=dict,
    )
    late_class = fields.String(required=True, validate=validate.OneOf(["resident", "other"]))
    due = fields.Nested(DueSchema, required=True)
    rounding = fields.Nested(RoundingSchema, load_default=tariff.Rounding())
    tiers = fields.Nested(TiersSchema, load_default=None)
    fixed = fields.Nested(FixedSchema, load_default=None)
    power_factor = fields.String(load_default=None, validate=validate.Regexp(r"^0\.\d\d$"))
    levies = fields.List(fields.Nested(LevySchema), load_default=list, validate=validate.Length(max=20))
    minimum = fields.Nested(MinimumSchema, load_default=None)

    @validates_schema
    def consistent(self, data: Mapping[str, Any], **_: Any) -> None:
        parts = set(data["prices"])
        if parts != {"total"} and not (parts and parts <= set(tariff.PARTS)):
            raise ValidationError("Give one price `total`, or prices of parts of the day.", "prices")
        if set(data["fold"].values()) - parts or set(data["fold"]) & parts:
            raise ValidationError("Parts without a price fold into priced ones.", "fold")
        within = sum((levy.price for levy in data["levies"] if levy.included), Decimal(0))
        if within > min(data["prices"].values()):
            raise ValidationError("Levies included in the price exceed the lowest price.", "levies")
        codes = [levy.code for levy in data["levies"]]
        if len(codes) != len(set(codes)):
            raise ValidationError("A levy is named twice.", "levies")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tariff.TariffRules:
        return tariff.TariffRules(**{**data, "levies": tuple(data["levies"])})


class BandSchema(Schema):
    until = Number(load_default=None, most="1")
    percent = Number(required=True, most="10")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> house.Band:
        return house.Band(**data)


class StandardSchema(Schema):
    penalty = fields.List(fields.Nested(BandSchema), required=True, validate=validate.Length(1, 10))
    reward = fields.List(fields.Nested(BandSchema), required=True, validate=validate.Length(1, 10))


class PowerFactorSchema(Schema):
    places = fields.Integer(required=True, strict=True, validate=validate.Range(2, 4))
    standards = fields.Dict(
        fields.String(validate=validate.Regexp(r"^0\.\d\d$")), fields.Nested(StandardSchema), required=True
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> house.PowerFactor:
        standards = {
            name: house.Standard(Decimal(name), tuple(each["penalty"]), tuple(each["reward"]))
            for name, each in data["standards"].items()
        }
        return house.PowerFactor(data["places"], standards)


class LateRateSchema(Schema):
    same_year = Number(required=True, most="0.01")
    later_years = Number(required=True, most="0.01")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> house.LateRate:
        return house.LateRate(**data)


class LateFeeSchema(Schema):
    least = Number(required=True)
    classes = fields.Dict(
        fields.String(validate=validate.OneOf(["resident", "other"])), fields.Nested(LateRateSchema), required=True
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> house.LateFee:
        return house.LateFee(**data)


class ReadingSchema(Schema):
    rollover_last = Number(required=True, most="1")
    rollover_this = Number(required=True, most="1")
    month_days = fields.Integer(required=True, strict=True, validate=validate.Range(0, 14))
    outlier_least = Number(required=True, most="1")
    outlier_most = Number(required=True, least="1")
    outlier_small = Number(required=True)
    usual_periods = fields.Integer(required=True, strict=True, validate=validate.Range(1, 24))
    estimates = fields.Integer(required=True, strict=True, validate=validate.Range(0, 12))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> house.ReadingRules:
        return house.ReadingRules(**data)


class PaymentSchema(Schema):
    order = fields.List(
        fields.String(validate=validate.OneOf(["late_fee", "principal"])), required=True, validate=validate.Length(2, 2)
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> house.PaymentRules:
        return house.PaymentRules(tuple(data["order"]))


RULES: Mapping[str, type[Schema]] = {
    "late_fee": LateFeeSchema,
    "payment": PaymentSchema,
    "power_factor": PowerFactorSchema,
    "readings": ReadingSchema,
}
"""The rules beside the tariffs and what each may say."""


def read_tariff(rules: Mapping[str, Any]) -> tariff.TariffRules:
    """The rules of one version of a tariff; raises `InvalidRules`."""
    return cast(tariff.TariffRules, _load(TariffSchema, rules))


def read_rule(code: str, rules: Mapping[str, Any]) -> Any:
    """One of the rules beside the tariffs; raises `InvalidRules`."""
    if code not in RULES:
        raise InvalidRules(_l("There is no rule named %(code)s.", code=code), errors={"code": [code]})
    return _load(RULES[code], rules)


def _load(schema: type[Schema], rules: Mapping[str, Any]) -> Any:
    try:
        return schema().load(rules)
    except ValidationError as exc:
        raise InvalidRules(_l("The rules do not fit."), errors=exc.messages) from exc
