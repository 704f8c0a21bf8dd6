"""Work orders through the API: report, look, remind, cancel, attach."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_smorest import Blueprint
from marshmallow import RAISE

from app.api import order_schemas as io
from app.api.order_answers import created, detail, line
from app.api.schemas import Problem
from app.api.setup import PREFIX
from app.forms.uploads import files_of
from app.identity import authority
from app.identity import queries as people
from app.identity.session import current_actor
from app.inbox.operations.files import keep
from app.kernel import clock, files
from app.kernel.errors import Invalid
from app.web.access import requires
from app.web.security import limiter
from app.workorders import operations
from app.workorders.operations import Report
from app.workorders.operations.report import InvalidReport
from app.workorders.queries import Filters, list_orders, order_view
from app.workorders.queries.proposal import propose
from app.workorders.queries.scope import READ

blueprint = Blueprint("orders", "orders", url_prefix=f"{PREFIX}/orders", description="Work orders")


@blueprint.post("")
@requires("order.create")
@limiter.limit("600/minute")
@blueprint.arguments(io.NewOrder)
@blueprint.arguments(io.IdempotencyHeader, location="headers")
@blueprint.response(201, io.CreatedOrder, description="A new order")
@blueprint.alt_response(200, schema=io.CreatedOrder, description="The order that the same request made before")
@blueprint.alt_response(409, schema=Problem, description="The key was used for another content")
@blueprint.alt_response(422, schema=Problem, description="Fields that do not fit, by name")
def report(sent: dict[str, Any], header: dict[str, Any]) -> Any:
    """Report a fault, a complaint, an application …: an order is written and its process started."""
    actor, now = current_actor(), clock.now()
    photos, reference = _photos(sent.pop("photos")), sent.pop("reference")
    key = f"key:{header['key']}" if header["key"] else f"ref:{reference}" if reference else ""
    sent["unit"] = sent["unit"] or _proposed(sent)
    done = operations.accept_once(Report(**sent), key=key, photos=photos, actor=actor, now=now)
    return created(done.order, actor=actor, now=now), 201 if done.new else 200


@blueprint.get("")
@requires("order.read")
@blueprint.arguments(io.OrderQuery, location="query", unknown=RAISE)
@blueprint.response(200, io.OrderPage)
@blueprint.alt_response(422, schema=Problem)
def orders(query: dict[str, Any]) -> dict[str, Any]:
    """Orders the caller may see, newest first; page by `after`."""
    actor, now = current_actor(), clock.now()
    filters = Filters(
        text=query["q"],
        state=query["state"],
        unit_path=_unit_path(query["unit"]) if query["unit"] else "",
        since=query["since"],
        until=query["until"],
        overdue=query["overdue"],
        supervised=query["supervised"],
        category=query["category"],
    )
    paths = authority.paths(actor, READ, now=now)
    page = list_orders(filters, paths=paths, now=now, after=query["after"], limit=query["limit"])
    return {"orders": [line(row, actor=actor, now=now) for row in page.rows], "after": page.after}


@blueprint.get("/<number>")
@requires("order.read")
@blueprint.response(200, io.OrderDetail)
@blueprint.alt_response(404, schema=Problem)
def order(number: str) -> dict[str, Any]:
    """One order: status, timestamps, limits, time-line."""
    return detail(order_view(number, actor=current_actor(), now=clock.now()))


@blueprint.post("/<number>/reminders")
@requires("order.remind")
@limiter.limit("120/minute")
@blueprint.arguments(io.Reminder)
@blueprint.response(201, io.Reminded)
@blueprint.alt_response(404, schema=Problem)
@blueprint.alt_response(409, schema=Problem, description="Closed, or reminded as often as the rules allow")
@blueprint.alt_response(422, schema=Problem)
def remind(sent: dict[str, Any], number: str) -> dict[str, Any]:
    """The customer asks again (催办): whoever holds the order is told."""
    done = operations.remind(number, note=sent["note"], actor=current_actor(), now=clock.now())
    return {"id": done, "number": number}


@blueprint.post("/<number>/cancellations")
@requires("order.cancel")
@limiter.limit("120/minute")
@blueprint.arguments(io.Cancellation)
@blueprint.response(201, io.OrderDetail)
@blueprint.alt_response(404, schema=Problem)
@blueprint.alt_response(409, schema=Problem, description="Power is back already, or the order is closed")
@blueprint.alt_response(422, schema=Problem)
def cancel(sent: dict[str, Any], number: str) -> dict[str, Any]:
    """The customer no longer needs it."""
    actor, now = current_actor(), clock.now()
    operations.cancel(number, reason=sent["reason"], note=sent["note"], actor=actor, now=now)
    return detail(order_view(number, actor=actor, now=now))


@blueprint.post("/<number>/attachments")
@requires("order.create", "task.work")
@limiter.limit("120/minute")
@blueprint.arguments(io.Upload, location="files")
@blueprint.response(201, io.StoredFile)
@blueprint.alt_response(404, schema=Problem)
@blueprint.alt_response(422, schema=Problem, description="Too large, or not what its name says")
def attach(sent: dict[str, Any], number: str) -> dict[str, Any]:
    """Attach a photo or document to the order (multipart field `file`)."""
    actor, now = current_actor(), clock.now()
    found = order_view(number, actor=actor, now=now).order
    row = files.save(sent["file"].stream, sent["file"].filename or "", actor=actor, now=now)
    if found.instance_id is None:
        raise ValueError(f"order {number} has no process")
    keep(found.instance_id, row.id, task_id=None, title=row.name, actor=actor, now=now)
    return {"id": row.id, "name": row.name, "size": row.size, "media_type": row.media_type}


def _photos(ids: list[int]) -> list[int]:
    known = files_of(current_actor())
    if strange := [file_id for file_id in ids if known(file_id) is None]:
        message = _l("There is no such file.")
        raise Invalid(message, errors={"photos": [message]}, files=strange)
    return ids


def _proposed(sent: dict[str, Any]) -> str:
    actor, now = current_actor(), clock.now()
    found = propose(
        address=sent["address"], phone=sent["phone"], account_no=sent["account_no"], actor=actor, now=now
    ).unit
    if found is None:
        message = _l("The unit in charge cannot be told from the address: name it.")
        raise InvalidReport(_l("The report is not complete."), errors={"unit": [message]})
    return found.code


def _unit_path(code: str) -> str:
    unit = people.unit_by_code(code, at=clock.now())
    if unit is None:
        message = _l("There is no such unit.")
        raise Invalid(message, errors={"unit": [message]})
    return unit.path


files_blueprint = Blueprint("files", "files", url_prefix=f"{PREFIX}/files", description="Uploads for forms and reports")


@files_blueprint.post("")
@requires("task.work", "order.create")
@limiter.limit("120/minute")
@files_blueprint.arguments(io.Upload, location="files")
@files_blueprint.response(201, io.StoredFile)
@files_blueprint.alt_response(422, schema=Problem, description="Too large, or not what its name says")
def upload(sent: dict[str, Any]) -> dict[str, Any]:
    """Keep a file and answer its id, which a task's form or a report names in a field of files."""
    row = files.save(sent["file"].stream, sent["file"].filename or "", actor=current_actor(), now=clock.now())
    return {"id": row.id, "name": row.name, "size": row.size, "media_type": row.media_type}
