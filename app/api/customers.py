"""Customers through the API: the marketing system writes them, others find and read them.

Each item of a batch stands in a savepoint of its own: what does not fit is refused by itself, with
its reasons, and the same batch sent again changes nothing more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, replace
from typing import Any

from flask import Response, make_response
from flask_babel import lazy_gettext as _l
from flask_smorest import Blueprint
from marshmallow import RAISE, ValidationError

from app.api import customer_schemas as io
from app.api.order_schemas import printable
from app.api.schemas import Problem
from app.api.setup import PREFIX
from app.customers.operations import readings as reading_operations
from app.customers.operations.contacts import ContactData, set_contacts
from app.customers.operations.customers import Saved, Stale, upsert
from app.customers.operations.history import Origin
from app.customers.operations.looks import record_look
from app.customers.operations.readings import ReadingData, enter
from app.customers.page_rules import page_rules
from app.customers.queries.codes import all_codes
from app.customers.queries.find import by_number
from app.customers.queries.looks import looked_lately
from app.customers.queries.meters import meter_lines
from app.customers.queries.search import search as find
from app.customers.queries.shown import shown_lines
from app.customers.queries.view import CustomerNotFound, customer_row, customer_view
from app.identity import authority
from app.identity.session import current_actor
from app.kernel import clock, db
from app.kernel.db import session
from app.kernel.errors import LightlineError
from app.web.access import requires
from app.web.security import limiter

READ, WRITE = "customer.read", "customer.write"

blueprint = Blueprint(
    "customer_records", "customers", url_prefix=f"{PREFIX}/customers", description="Customers, contacts, readings"
)


@blueprint.get("")
@requires(READ)
@blueprint.arguments(io.SearchQuery, location="query", unknown=RAISE)
@blueprint.response(200, io.Found)
@blueprint.alt_response(422, schema=Problem)
def search(query: dict[str, Any]) -> dict[str, Any]:
    """Find customers of the caller's units by number, meter, phone, name or part of the address."""
    actor, now = current_actor(), clock.now()
    paths = authority.paths(actor, READ, now=now)
    found = find(query["q"], paths=paths, limit=query["limit"])
    return {"customers": shown_lines(found, actor=actor, now=now)}


@blueprint.get("/<number>")
@requires(READ)
@blueprint.arguments(io.LookQuery, location="query", unknown=RAISE)
@blueprint.response(200, io.CustomerOut, headers={"ETag": {"description": "The revision"}})
@blueprint.alt_response(404, schema=Problem)
@blueprint.alt_response(422, schema=Problem, description="The installation wants a reason")
def customer(query: dict[str, Any], number: str) -> Response:
    """One customer with contacts and meters; the look is noted in the audit trail."""
    actor, now = current_actor(), clock.now()
    view = customer_view(_clean(number), right=READ, actor=actor, now=now)
    if not looked_lately(view.number, within=page_rules().noted_every, actor=actor, now=now):
        db.run(lambda: record_look(view, reason=query["reason"], page="api", actor=actor, now=now))
    meters = [asdict(meter) for meter in meter_lines(view.id)]
    body = io.CustomerOut().dump(asdict(view) | {"meters": meters, "hidden": sorted(view.hidden)})
    return _tagged(make_response(body), view.revision)


@blueprint.put("/<number>")
@requires(WRITE)
@limiter.limit("1200/minute")
@blueprint.arguments(io.CustomerIn)
@blueprint.arguments(io.Revision, location="headers")
@blueprint.response(200, io.Written, headers={"ETag": {"description": "The new revision"}})
@blueprint.alt_response(201, schema=io.Written, description="A new customer")
@blueprint.alt_response(412, schema=Problem, description="The customer has another revision")
@blueprint.alt_response(422, schema=Problem, description="Fields that do not fit, by name")
def put(sent: dict[str, Any], headers: dict[str, Any], number: str) -> Response:
    """Make a customer, or change what is given; the same request again changes nothing."""
    number, expected = _clean(number), _expected(headers["if_match"])
    if headers["if_none_match"] == "*" and by_number(number) is not None:
        raise Stale(_l("There is a customer %(number)s already.", number=number))
    saved = _write(number, sent, expected)
    answer = make_response(io.Written().dump(asdict(saved)), 201 if saved.outcome == "created" else 200)
    return _tagged(answer, saved.revision)


@blueprint.post("/batch")
@requires(WRITE)
@limiter.limit("60/minute")
@blueprint.arguments(io.Batch)
@blueprint.response(200, io.BatchAnswer)
@blueprint.alt_response(422, schema=Problem)
def batch(sent: dict[str, Any]) -> dict[str, Any]:
    """Make or change up to a thousand customers; a result for each."""
    codes = all_codes()
    results = [_result(item, codes) for item in sent["customers"]]
    return {"results": results, "counts": dict(Counter(result["outcome"] for result in results))}


@blueprint.post("/<number>/readings")
@requires(WRITE)
@limiter.limit("1200/minute")
@blueprint.arguments(io.Readings)
@blueprint.response(200, io.ReadingsAnswer)
@blueprint.alt_response(404, schema=Problem)
@blueprint.alt_response(422, schema=Problem)
def readings(sent: dict[str, Any], number: str) -> dict[str, Any]:
    """Enter what the customer's meters showed; a result for each, unusual values unless confirmed are refused."""
    origin, row = _origin(), customer_row(_clean(number))
    authority.require(origin.actor, WRITE, unit_path=row.unit_path, now=origin.now)
    meters: dict[str, int] = {}
    for meter in meter_lines(row.id):
        meters.setdefault(meter.number, meter.id)
    return {"results": [_entered(item, meters, origin) for item in sent["readings"]]}


def _write(number: str, sent: dict[str, Any], expected: int | None, codes: Any = None) -> Saved:
    given = {name: value for name, value in sent.items() if name not in ("contacts", "number", "revision")}
    origin = _origin()
    saved = upsert(number, given, expected=expected, codes=codes, origin=origin)
    if "contacts" not in sent:
        return saved
    wanted = [ContactData(**contact) for contact in sent["contacts"]]
    changed = set_contacts(number, wanted, origin=origin)
    return replace(saved, outcome="changed") if changed and saved.outcome == "same" else saved


def _result(item: dict[str, Any], codes: Any) -> dict[str, Any]:
    number = item["number"].strip()
    try:
        with session.begin_nested():
            saved = _write(number, item, item["revision"], codes)
    except LightlineError as refused:
        return _refused(refused) | {"number": number, "errors": _errors(refused)}
    return {"number": number, "outcome": saved.outcome, "revision": saved.revision}


def _entered(item: dict[str, Any], meters: dict[str, int], origin: Origin) -> dict[str, Any]:
    about = {"meter": item["meter"], "read_on": item["read_on"]}
    values = {name: item[name] for name in io.REGISTERS if item.get(name) is not None}
    data = ReadingData(read_on=item["read_on"], values=values, kind=item["kind"], note=item["note"])
    try:
        with session.begin_nested():
            if item["meter"] not in meters:
                raise reading_operations.MeterNotFound(_l("The customer has no such meter."))
            done = enter(meters[item["meter"]], data, confirmed=item["confirmed"], origin=origin)
    except LightlineError as refused:
        return about | _refused(refused) | {"findings": refused.details.get("findings", [])}
    return about | {"outcome": done.outcome, "findings": [one.code for one in done.findings]}


def _refused(refused: LightlineError) -> dict[str, Any]:
    return {"outcome": "refused", "code": refused.code, "message": str(refused)}


def _errors(refused: LightlineError) -> dict[str, list[str]]:
    errors: dict[str, Any] = refused.details.get("errors", {})
    return {name: [str(message) for message in messages] for name, messages in errors.items()}


def _origin() -> Origin:
    return Origin(current_actor(), clock.now(), source="api", right=WRITE)


def _expected(tag: str) -> int | None:
    """The revision an `If-Match` names; `*` and nothing are any."""
    bare = tag.strip('"')
    return int(bare) if bare.isdigit() else None


def _tagged(answer: Response, revision: int) -> Response:
    answer.set_etag(str(revision))
    return answer


def _clean(number: str) -> str:
    """A number out of an address: what no person types names nobody."""
    try:
        printable(number)
    except ValidationError:
        raise CustomerNotFound(_l("There is no such customer.")) from None
    return number.strip()
