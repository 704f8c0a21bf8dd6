"""The telephone in the browser: dial a flow, press keys, wait, answer for others, hang up."""

from __future__ import annotations

from typing import Any

import orjson
from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import authority
from app.identity.session import acting, current_actor
from app.kernel import clock
from app.kernel.errors import Invalid
from app.telephony.ivr import commands as c
from app.telephony.ivr.pieces import plain
from app.telephony.known import prompt_texts
from app.telephony.operations.flows import READ
from app.telephony.picture import picture
from app.telephony.prompts.operations.recording import RIGHT as PROMPTS
from app.telephony.queries import flows as queries
from app.telephony.workbench import trial as trials
from app.telephony.workbench.offers import offers
from app.telephony.workbench.trial import Trial
from app.telephony.workbench.views.blueprint import blueprint
from app.telephony.workbench.views.flow import found_flow
from app.web.access import requires
from app.web.inputs import text

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
SHOWN = 60
"""Entries of the log that the page shows."""


@blueprint.get("/flows/<name>/try")
@requires(READ)
def trying(name: str) -> ResponseReturnValue:
    """The telephone beside the picture; a call that is under way goes on."""
    found = found_flow(name)
    current = trials.current(actor=current_actor())
    trial = current if current is not None and current.flow == name else None
    return render_template("ivr/try.html", found=found, keys=KEYS, **_shown(trial, name))


@blueprint.post("/flows/<name>/try")
@requires(READ)
def dial(name: str) -> ResponseReturnValue:
    """Begin a call."""
    source = "draft" if text("source") == "draft" else "published"
    trial = trials.begin(name, source=source, answers=text("answers"), number=text("number"), **acting())
    return render_template("ivr/_phone.html", found=found_flow(name), keys=KEYS, **_shown(trial, name))


@blueprint.post("/flows/<name>/try/act")
@requires(READ)
def act(name: str) -> ResponseReturnValue:
    """One thing that the caller, or somebody else in the call, does."""
    trial = trials.act(_input(), **acting())
    return render_template("ivr/_phone.html", found=found_flow(name), keys=KEYS, **_shown(trial, name))


def _input() -> dict[str, Any]:
    if text("press") in KEYS:
        return {"press": text("press")}
    if text("wait"):
        return {"wait": True}
    if text("hang_up"):
        return {"hang_up": True}
    try:
        answer = orjson.loads(text("answer") or "{}")
    except orjson.JSONDecodeError:
        raise Invalid(_("The answer must be JSON.")) from None
    if not isinstance(answer, dict):
        raise Invalid(_("The answer must be a JSON object."))
    return {"answer": answer}


def _shown(trial: Trial | None, name: str) -> dict[str, Any]:
    """What the page shows of a call."""
    actor = current_actor()
    shared = {
        "trial": trial,
        "may_listen": authority.may(actor, PROMPTS, unit_path=None, now=clock.now()),
        "has_release": queries.current_release() is not None,
    }
    if trial is None:
        return {**shared, "drawn": None, "heard": [], "waiting": None, "offers": [], "done": []}
    phone = trial.phone
    at = phone.state.flow or name
    waiting = None if phone.over else phone.waiting
    return {
        **shared,
        "drawn": picture(trial.flows, trial.flows[at]),
        "at": phone.state.node,
        "heard": _heard(phone.log)[-SHOWN:],
        "done": _done(phone.log)[-SHOWN:],
        "waiting": c.name_of(type(waiting)) if waiting is not None else "",
        "asked": c.as_plain(waiting) if waiting is not None else {},
        "takes_keys": isinstance(waiting, c.Gather),
        "typed": phone.collector.value if phone.collector else "",
        "masked": isinstance(waiting, c.Gather) and waiting.mask,
        "offers": offers(waiting, trial.flows) if waiting is not None and not isinstance(waiting, c.Gather) else [],
        "variables": phone.state.shown(),
        "over": phone.over,
    }


def _heard(log: list[c.Command]) -> list[dict[str, Any]]:
    """What was said, in words, with the node and, for prompts, the key."""
    texts = {language: prompt_texts(language) for language in ("zh", "en")}
    heard = []
    for command in log:
        if isinstance(command, (c.Play, c.Gather)):
            for piece in map(plain, command.pieces):
                key = piece.get("prompt")
                language = piece.get("language") or command.language
                words = texts[language].get(key, key) if key else piece.get("text") or str(piece.get("say"))
                heard.append(
                    {
                        "node": command.node,
                        "key": key,
                        "words": words,
                        "kind": piece.get("as", ""),
                        "language": language,
                    }
                )
    return heard


def _done(log: list[c.Command]) -> list[dict[str, Any]]:
    """What would have been done, with its values."""
    quiet = (c.Enter, c.Play, c.Gather, c.Answer)
    done = []
    for command in log:
        if not isinstance(command, quiet):
            values = c.as_plain(command)
            facts = {key: value for key, value in values.items() if key not in ("id", "flow", "node", "command")}
            done.append({"name": values["command"], "node": command.node, "facts": orjson.dumps(facts).decode()})
    return done
