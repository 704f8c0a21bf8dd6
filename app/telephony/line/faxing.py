"""Faxes on a call: send a document to the caller's machine, receive one from it."""

from __future__ import annotations

import io
import itertools
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageSequence

from app.kernel import db, files
from app.telephony import fax
from app.telephony.calls import CallLog
from app.telephony.esl import Channel
from app.telephony.ivr.commands import FaxReceive, FaxSend
from app.telephony.ivr.events import Done, Event
from app.telephony.line import media
from app.telephony.line.house import House
from app.telephony.line.services import IVR, About, Refused
from app.telephony.outbound import faxes

RENDER_LIMIT = 30.0


async def send(channel: Channel, command: FaxSend, house: House, about: About, record: CallLog) -> Event:
    """On this call, or to a number by a job of its own."""
    if command.number is not None:
        key, number = about.key(command), command.number
        queued = await house.workers.run(
            "fax",
            lambda: db.run(
                lambda: faxes.want(
                    command.document,
                    command.inputs,
                    number=number,
                    language=command.language,
                    key=key,
                    call_ref=about.call_key,
                    actor=IVR,
                    now=about.now,
                )
            ),
            seconds=10,
        )
        return Done(command.id, {"id": queued, "outcome": "queued"})
    page = await house.workers.run(
        "fax",
        lambda: pages(command.document, command.inputs, language=command.language, now=about.now),
        seconds=RENDER_LIMIT,
    )
    faxed = await media.send_fax(channel, page)
    record.tag("fax", faxed.outcome)
    record.note(outcome="fax")
    return Done(command.id, {"id": 0, "outcome": faxed.outcome, "pages": faxed.pages})


async def receive(channel: Channel, command: FaxReceive, house: House, record: CallLog, path: Path) -> Event:
    """Receive pages and take them into our files."""
    now = house.now()
    faxed = await media.receive_fax(channel, command, path)
    if faxed.outcome != "sent":
        raise Refused(faxed.outcome, faxed.detail)

    def keep() -> int:
        def work() -> int:
            pages = io.BytesIO(as_pdf(path))
            return files.save(pages, f"{path.stem}.pdf", actor=IVR, now=now, allowed=files.DOCUMENTS).id

        stored = db.run(work)
        with suppress(OSError):
            path.unlink()
        return stored

    kept = await house.workers.run("recordings", keep, seconds=30)
    record.recorded(kind="fax", name=command.name[:100], file_id=kept, path=path.name, seconds=0.0, at=now)
    return Done(command.id, {"file": str(kept), "pages": faxed.pages})


MOST_PAGES = 200


def pages(document: str, inputs: Mapping[str, Any], *, language: str, now: datetime) -> Path:
    """The pages of a document as FreeSWITCH sends them. Runs in a thread. Raises `Refused`."""
    try:
        return fax.render(document, inputs, language=language, now=now)
    except (fax.UnknownDocument, fax.NotIdentified) as refused:
        raise Refused("refused", type(refused).__name__) from refused


def as_pdf(path: Path) -> bytes:
    """The pages of a received TIFF as people can open them. Raises `Refused` where it holds none."""
    pdf = io.BytesIO()
    try:
        with Image.open(path) as received:
            pages = [page.copy() for page in itertools.islice(ImageSequence.Iterator(received), MOST_PAGES)]
        pages[0].save(pdf, "PDF", save_all=True, append_images=pages[1:], resolution=204)
    except (OSError, ValueError, IndexError) as broken:
        raise Refused("failed", type(broken).__name__) from broken
    return pdf.getvalue()
