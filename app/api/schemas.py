"""What every resource of the API shares: problems, people, instants. Schemas of one resource live beside it."""

from __future__ import annotations

from marshmallow import Schema, fields


class Problem(Schema):
    """A refusal: a stable `code`, a message in the caller's language, facts for machines."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    details = fields.Dict(keys=fields.String(), required=True)
    correlation_id = fields.String(allow_none=True)
