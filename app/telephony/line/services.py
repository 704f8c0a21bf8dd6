"""Commands that concern the house and not the caller's ear: ask, start, tell, keep. Each runs in a thread.

Everything here is given the key of its command (call and number of the command), so that what is written
carries it. Errors become codes that a flow may handle; a database that is away is `unavailable`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from marshmallow import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.customers import outbound as web
from app.engine import api as engine
from app.identity import queries as people
from app.kernel import db, files, lookups, settings
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import LightlineError
from app.kernel.registry import BusinessError, UnknownName, registry
from app.notify import deliveries
from app.telephony import surveys
from app.telephony.calls.models import Voicemail
from app.telephony.ivr import commands as wanted
from app.telephony.outbound import operations as outbound

IVR = Actor(kind="system", id=None, username="ivr", name="自助语音")


class Refused(Exception):
    """The command cannot be carried out: `code` is what the flow is told."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class About:
    """The call that a command belongs to."""

    call_key: str
    number: str
    language: str
    now: datetime

    def key(self, command: wanted.Command) -> str:
        return f"call:{self.call_key}:{command.id}"


Service = Callable[[Any, About], Mapping[str, Any]]


def carry_out(command: wanted.Command, about: About) -> dict[str, Any]:
    """Do it and return what its docstring promises. Raises `Refused`."""
    try:
        return dict(SERVICES[type(command)](command, about))
    except Refused:
        raise
    except UnknownName as unknown:
        raise Refused("not_found", str(unknown)) from unknown
    except BusinessError as failed:
        raise Refused(failed.code, failed.message) from failed
    except LightlineError as refused:
        raise Refused(refused.code, str(refused)) from refused
    except ValidationError as wrong:
        raise Refused("refused", str(wrong)[:200]) from wrong
    except SQLAlchemyError as failed:
        raise Refused("unavailable" if db.is_unavailable(failed) else "failed", type(failed).__name__) from failed


def lookup(command: wanted.Lookup, about: About) -> Mapping[str, Any]:
    """Ask; a personal question only for the account the caller was identified for."""
    personal = registry.get_lookup(command.name).personal
    if personal and (not command.identified or command.inputs.get("account_no") != command.identified):
        raise Refused("not_identified")
    return lookups.ask(command.name, command.inputs, actor=IVR, now=about.now)


def start_process(command: wanted.StartProcess, about: About) -> Mapping[str, Any]:
    """Start a case; started again with the same key it is the same case."""
    unit = people.unit_by_code(command.unit, at=about.now) if command.unit else None
    known = engine.list_instances(business_key=command.business_key, process_key=command.process, limit=1)
    if command.business_key and known:
        return {"instance_id": known[0].id, "business_key": known[0].business_key}
    started = db.run(
        lambda: engine.start(
            command.process,
            data=dict(command.data),
            actor=IVR,
            now=about.now,
            business_key=command.business_key,
            title=command.title,
            title_en=command.title_en,
            unit=unit.code if unit else None,
        )
    )
    return {"instance_id": started.id, "business_key": started.business_key}


def message(command: wanted.Message, about: About) -> Mapping[str, Any]:
    reached = db.run(
        lambda: engine.publish(
            command.message,
            correlation=dict(command.correlation),
            payload=dict(command.payload),
            key=about.key(command),
            actor=IVR,
            now=about.now,
        )
    )
    return {"instances": list(reached)}


def sms(command: wanted.Sms, about: About) -> Mapping[str, Any]:
    sent = db.run(
        lambda: deliveries.send(
            channel="sms",
            to=command.to,
            text=command.text,
            key=about.key(command),
            subject_type="call",
            subject_id=about.call_key,
            actor=IVR,
            now=about.now,
        )
    )
    return {"id": sent}


def webhook(command: wanted.Webhook, about: About) -> Mapping[str, Any]:
    """Post to an endpoint of `webhooks.yaml` in the instance folder: `{name: {url, token}}`."""
    path = Path(settings.current().instance) / "webhooks.yaml"
    known = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    entry = (known or {}).get(command.name)
    if not isinstance(entry, dict):
        raise Refused("not_found", f"no endpoint {command.name}")
    headers = {"Content-Type": "application/json", "Idempotency-Key": about.key(command)}
    if entry.get("token"):
        headers["Authorization"] = f"Bearer {web.token(str(entry['token']))}"
    try:
        answer = web.ask(str(entry["url"]), json.dumps(dict(command.payload)).encode(), headers=headers)
        values = json.loads(answer or b"{}")
    except (web.CallFailed, ValueError) as failed:
        raise Refused("unavailable", str(failed)[:100]) from failed
    return values if isinstance(values, dict) else {}


def voicemail(command: wanted.Voicemail, about: About) -> Mapping[str, Any]:
    def work() -> int:
        key = about.key(command)
        row = session.query(Voicemail).filter_by(key=key).one_or_none() or Voicemail(key=key, at=about.now)
        row.box, row.call_key = command.box[:60], about.call_key
        row.number = (command.number or about.number)[:40]
        row.file_id = int(command.file) if command.file.isdigit() else None
        row.seconds, row.details = command.seconds, dict(command.values)
        session.add(row)
        session.flush()
        return row.id

    return {"id": db.run(work)}


def callback(command: wanted.Callback, about: About) -> Mapping[str, Any]:
    at = datetime.fromisoformat(command.at) if command.at else None
    wanted_call = outbound.Callback(
        queue=command.queue,
        number=command.number,
        language=command.language,
        at=at,
        details={"call": about.call_key, **command.values},
    )
    return {"id": db.run(lambda: outbound.want_callback(wanted_call, key=about.key(command), actor=IVR, now=about.now))}


def survey(command: wanted.Survey, about: About) -> Mapping[str, Any]:
    db.run(
        lambda: surveys.keep(
            command.name,
            call_ref=about.call_key,
            answer=command.answer,
            label=command.label,
            values=command.values,
            now=about.now,
        )
    )
    return {}


def keep_recording(path: Path, about: About) -> int:
    """Take what FreeSWITCH recorded into our files; the file's id. What it wrote goes: our copy has a time to be
    kept, the other has none."""

    def work() -> int:
        with path.open("rb") as sound:
            stored = files.save(sound, path.name, actor=IVR, now=about.now, allowed=files.AUDIO)
        return stored.id

    kept = db.run(work)
    with suppress(OSError):
        path.unlink()
    return kept


SERVICES: dict[type[wanted.Command], Service] = {
    wanted.Lookup: lookup,
    wanted.StartProcess: start_process,
    wanted.Message: message,
    wanted.Sms: sms,
    wanted.Webhook: webhook,
    wanted.Voicemail: voicemail,
    wanted.Callback: callback,
    wanted.Survey: survey,
}

SECONDS: dict[type[wanted.Command], float] = {
    wanted.Sms: 5.0,
    wanted.Voicemail: 5.0,
    wanted.Callback: 5.0,
    wanted.Survey: 5.0,
}
"""Time limits of commands that name none."""
