"""The outgoing feed of changes of customers' data, for systems that keep a copy."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate

from app.api.schemas import Problem
from app.api.setup import PREFIX
from app.customers.feed import placing, queries
from app.customers.feed.limits import LIMITS
from app.identity import authority
from app.identity.session import current_actor
from app.kernel import clock
from app.web.access import requires

READ = "customer.read"

blueprint = Blueprint("changes", "changes", url_prefix=f"{PREFIX}/changes", description="Changes of customers' data")


class ChangesQuery(Schema):
    """Where the reader stands; `subject` narrows to `customer`, `contact`, `meter`, `reading` … (several times)."""

    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**62))
    limit = fields.Integer(load_default=LIMITS.page, validate=validate.Range(1, LIMITS.page))
    subject = fields.List(
        fields.String(validate=validate.Length(1, 20)), load_default=list, validate=validate.Length(max=10)
    )


class ChangeOut(Schema):
    """One change; `fields` are the names of what changed, `customer` the customer's number."""

    position = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    subject = fields.String(required=True)
    key = fields.String(required=True)
    customer = fields.String(required=True)
    act = fields.String(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields", attribute="fields")
    source = fields.String(required=True)


class ChangesPage(Schema):
    """Ask next after `next`; `more` says that there is something behind it already, `last` is the newest position."""

    changes = fields.List(fields.Nested(ChangeOut), required=True)
    next = fields.Integer(required=True)
    last = fields.Integer(required=True)
    more = fields.Boolean(required=True)


@blueprint.get("")
@requires(READ)
@blueprint.arguments(ChangesQuery, location="query", unknown=RAISE)
@blueprint.response(200, ChangesPage)
@blueprint.alt_response(410, schema=Problem, description="These changes are no longer kept: read all data anew")
@blueprint.alt_response(422, schema=Problem)
def changes(query: dict[str, Any]) -> dict[str, Any]:
    """Changes behind a position, in the order in which they became visible, without gaps among the caller's units."""
    placing.place_all()
    paths = authority.paths(current_actor(), READ, now=clock.now())
    page = queries.read(after=query["after"], limit=query["limit"], paths=paths, subjects=query["subject"])
    return asdict(page)
