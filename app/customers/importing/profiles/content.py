"""What a profile says, as it is kept (JSON) and checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from app.customers.importing.reading import Layout
from app.customers.importing.reading.layout import DELIMITERS, ENCODINGS
from app.customers.importing.targets import Target
from app.customers.importing.values import factor
from app.kernel.errors import Invalid


class BadProfile(Invalid):
    """The profile does not fit its target: `details["errors"]` by `<field>` or `<field>.<part>`."""

    code = "import_profile_invalid"


@dataclass(frozen=True, slots=True)
class Column:
    """Where one field comes from: a column by its `header`, or a `constant` for every row.

    `unit` is the column's where its numbers carry none; `words` maps what stands in cells to the field's values;
    `pad` is the number of digits a code has, with zeros in front.
    """

    field: str
    header: str = ""
    constant: str = ""
    unit: str = ""
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    pad: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """A profile's content; `source` names the system the files come from."""

    columns: tuple[Column, ...]
    source: str = ""
    layout: Layout = dataclasses.field(default_factory=Layout)
    date_order: str = "ymd"
    decimal_comma: bool = False

    def as_json(self) -> dict[str, Any]:
        """What is kept."""
        return asdict(self) | {"columns": [asdict(column) for column in self.columns]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Content:
        """Read what was kept or sent; raises `BadProfile`."""
        try:
            loaded: Content = _ContentSchema(unknown=EXCLUDE).load(kept)
        except ValidationError as exc:
            raise BadProfile(_l("The profile cannot be read."), errors=exc.messages) from exc
        return loaded


class _LayoutSchema(Schema):
    encoding = fields.String(load_default="", validate=validate.OneOf(("", *ENCODINGS)))
    delimiter = fields.String(load_default="", validate=validate.OneOf(("", *DELIMITERS)))
    sheet = fields.String(load_default="", validate=validate.Length(max=100))
    header_row = fields.Integer(load_default=0, validate=validate.Range(0, 1000))
    hidden = fields.Boolean(load_default=True)
    formulas = fields.String(load_default="cached", validate=validate.OneOf(("cached", "refuse")))

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> Layout:
        return Layout(**data)


class _ColumnSchema(Schema):
    field = fields.String(required=True, validate=validate.Length(1, 40))
    header = fields.String(load_default="", validate=validate.Length(max=200))
    constant = fields.String(load_default="", validate=validate.Length(max=200))
    unit = fields.String(load_default="", validate=validate.Length(max=20))
    words = fields.Dict(
        keys=fields.String(validate=validate.Length(max=100)),
        values=fields.String(validate=validate.Length(max=100)),
        load_default=dict,
        validate=validate.Length(max=500),
    )
    pad = fields.Integer(load_default=0, validate=validate.Range(0, 32))

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> Column:
        return Column(**data)


class _ContentSchema(Schema):
    columns = fields.List(
        fields.Nested(_ColumnSchema, unknown=EXCLUDE), required=True, validate=validate.Length(1, 200)
    )
    source = fields.String(load_default="", validate=validate.Length(max=40))
    layout = fields.Nested(_LayoutSchema, unknown=EXCLUDE, load_default=Layout)
    date_order = fields.String(load_default="ymd", validate=validate.OneOf(("ymd", "mdy", "dmy")))
    decimal_comma = fields.Boolean(load_default=False)

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> Content:
        return Content(**{**data, "columns": tuple(data["columns"])})


def check(content: Content, target: Target) -> None:
    """Raise `BadProfile` where the content does not fit the target: unknown, doubled and missing fields, units."""
    errors: dict[str, list[Any]] = {}
    seen: set[str] = set()
    for column in content.columns:
        known = target.field(column.field)
        if known is None:
            errors[column.field] = [_l("There is no such field.")]
            continue
        if column.field in seen:
            errors[column.field] = [_l("Two columns are mapped to this field.")]
        if not column.header and not column.constant:
            errors[column.field] = [_l("Name a column or a fixed value.")]
        if column.unit and (not known.dimension or factor(known.dimension, column.unit) is None):
            errors[f"{column.field}.unit"] = [_l("This unit does not belong to the field.")]
        seen.add(column.field)
    for name in target.key:
        if name not in seen:
            errors.setdefault(name, []).append(_l("Without this field a record cannot be recognised."))
    if errors:
        message = _l("The profile is not complete.")
        raise BadProfile(message, errors={key: [str(text) for text in texts] for key, texts in errors.items()})
