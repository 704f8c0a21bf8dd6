"""An order as a printed sheet (工单): PDF, with numbers masked for those who may not see them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Response

from app.inbox.queries.case import files_of
from app.kernel import audit, db
from app.kernel.db import session
from app.kernel.files import FileNotFound, open_file
from app.web import pdf
from app.web.access import requires
from app.web.security import limiter
from app.workorders.models import OrderProgress
from app.workorders.queries import OrderDetails, order_view
from app.workorders.views.amounts import amount_label
from app.workorders.views.blueprint import blueprint
from app.workorders.views.inputs import acting
from app.workorders.views.order import shown

MOST_PHOTOS = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """A small photo as a `data:` address."""

    source: str
    title: str


@blueprint.get("/orders/<number>.pdf")
@requires("order.read")
@limiter.limit("60/minute")
def order_sheet(number: str) -> Response:
    """The whole order on paper; the audit trail notes who printed it."""
    details = order_view(number, **acting())
    content = pdf.render("workorders/sheet.html", **shown(details), photos=_photos(details), amount_label=amount_label)
    path, printed = details.order.unit_path, details.order.number
    db.run(lambda: audit.record("order.printed", subject_type="order", subject_id=printed, unit_path=path, **acting()))
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{printed}.pdf"'
    response.cache_control.private = True
    response.cache_control.no_store = True
    return response


def _photos(details: OrderDetails) -> list[Picture]:
    """The case's photos, those of arrivals and of progress; a file that is lost is left out."""
    ids = dict.fromkeys(_ids(details))
    pictures = (_picture(file_id) for file_id in ids)
    return [picture for picture in pictures if picture][:MOST_PHOTOS]


def _ids(details: OrderDetails) -> Iterable[int]:
    if details.order.instance_id:
        kept = files_of(details.order.instance_id)
        yield from (file.file_id for file in reversed(kept) if file.is_picture and file.removed_at is None)
    for stamp in details.stamps:
        yield from (value for value in stamp.photos if isinstance(value, int))
    rows = session.scalars(sa.select(OrderProgress.photos).where(OrderProgress.order_id == details.order.id))
    for photos in rows:
        yield from (value for value in photos if isinstance(value, int))


def _picture(file_id: int) -> Picture | None:
    try:
        opened = open_file(file_id, thumbnail=True)
    except FileNotFound:
        return None
    if not opened.media_type.startswith("image/"):
        return None
    content = b64encode(opened.path.read_bytes()).decode()
    return Picture(f"data:{opened.media_type};base64,{content}", opened.name)
