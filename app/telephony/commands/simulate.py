"""`flask ivr simulate FLOW`: a call in the terminal."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping

import click
import orjson
from flask_babel import gettext as _

from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.kernel.registry import registry
from app.telephony import folder as files
from app.telephony.ivr import commands as c
from app.telephony.ivr.events import Done, Event, Failed
from app.telephony.ivr.phone import Phone, default_answer, stubbed
from app.telephony.ivr.pieces import plain
from app.telephony.ivr.problems import BadFlow
from app.telephony.known import prompt_texts
from app.telephony.lookups import answer as ask
from app.telephony.speech import LANGUAGES

log = logging.getLogger(__name__)


@click.command("simulate")
@click.argument("flow")
@click.option("--number", default="", help="The caller's number.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", help="In which language prompts are shown.")
@click.option("--stubs", is_flag=True, help="Ask for the answers of look-ups instead of asking the real ones.")
def simulate(flow: str, number: str, language: str, stubs: bool) -> None:
    """Play FLOW: digits are keys, an empty line is waiting, q hangs up. Nothing is really done but look-ups."""
    try:
        flows = files.load()
    except BadFlow as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if flow not in flows:
        click.echo(_("there is no flow %(name)s", name=flow), err=True)
        sys.exit(1)
    phone = Phone.call(flows, flow, {"id": "simulation", "number": number, "called": "95598"}, clock.now())
    shown = 0
    texts = {"": prompt_texts(language), **{own: prompt_texts(own) for own in LANGUAGES}}
    while True:
        for command in phone.log[shown:]:
            _show(command, texts)
        shown = len(phone.log)
        if phone.over or phone.waiting is None:
            break
        if isinstance(phone.waiting, c.Gather):
            _keys(phone)
        else:
            phone.answer(_answer(phone.waiting, stubs))
    click.echo(_("The call is over."))


def _show(command: c.Command, texts: Mapping[str, Mapping[str, str]]) -> None:
    match command:
        case c.Enter(flow=flow, node=node, verb=verb):
            click.echo(click.style(f"[{flow}/{node}] {verb}", dim=True))
        case c.Play(pieces=pieces) | c.Gather(pieces=pieces):
            for piece in map(plain, pieces):
                key = piece.get("prompt")
                said = texts[piece.get("language", "")].get(key, "") if key else ""
                words = f"{said} ({key})" if key else piece.get("text") or f"{piece['say']} {piece['as']}"
                click.echo(f"  ♪ {words}")
        case c.Hangup(cause=cause):
            click.echo(f"  ☎ {cause}")
        case _:
            values = {key: value for key, value in c.as_plain(command).items() if key not in ("id", "flow", "node")}
            click.echo(f"  → {orjson.dumps(values).decode()}")


def _keys(phone: Phone) -> None:
    typed = click.prompt("", prompt_suffix="> ", default="", show_default=False).strip()
    if typed == "q":
        phone.hang_up()
    elif not typed:
        phone.wait()
    for key in typed if typed != "q" else "":
        phone.press(key)


def _answer(command: c.Command, stubs: bool) -> Event:
    found = registry.lookups.get(command.name) if isinstance(command, c.Lookup) else None
    if isinstance(command, c.Lookup) and not stubs and not (found is not None and found.writes):
        return _looked_up(command)
    event = default_answer(command)
    if event is not None:
        return event
    given = click.prompt(_("answer as JSON, or q to hang up"), default="{}")
    try:
        return stubbed(orjson.loads(given))
    except orjson.JSONDecodeError:
        return Failed(error="failed")


def _looked_up(command: c.Lookup) -> Event:
    try:
        event = ask(command, actor=SYSTEM, now=clock.now())
        shown = event.result if isinstance(event, Done) else {"error": event.error, "detail": event.detail}
    except Exception:
        log.exception("look-up %s failed", command.name)
        db.session.rollback()
        event, shown = Failed(command.id, "unavailable"), {"error": "unavailable"}
    click.echo(f"  ← {orjson.dumps(shown, default=str).decode()}")
    return event
