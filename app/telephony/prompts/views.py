"""The page of the prompts: read, listen, upload a speaker's recording, go back to the rendering."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Blueprint, Flask, abort, flash, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.identity.session import acting
from app.identity.trail_titles import define
from app.kernel import clock
from app.kernel.errors import Invalid
from app.telephony.prompts import queries
from app.telephony.prompts.library import file_of
from app.telephony.prompts.operations import start_rendering, upload, withdraw
from app.telephony.prompts.operations.recording import RIGHT
from app.telephony.prompts.texts import UnknownPrompt, lint
from app.telephony.prompts.voices import CannotSpeak, voice_of
from app.telephony.speech import LANGUAGES
from app.web import navigation, redirects
from app.web.access import requires
from app.web.inputs import number, same_page, text

blueprint = Blueprint("prompts", __name__, url_prefix="/ivr/prompts", template_folder="templates")

STATES = {"recorded": _l("Recorded"), "rendered": _l("Machine voice"), "missing": _l("Not rendered")}
COLOURS = {"recorded": "green", "rendered": "blue", "missing": "orange"}


@blueprint.get("/")
@requires(RIGHT)
def index() -> ResponseReturnValue:
    """Everything a caller may hear, by key."""
    group = "say" if text("group") == "say" else "prompts"
    found = queries.listed(text=text("q")[:100], group=group, state=text("state"), page=number("page") or 1)
    return render_template(
        "prompts/index.html",
        found=found,
        group=group,
        states=STATES,
        colours=COLOURS,
        problems=lint(),
        progress=queries.progress(),
        voices=[voice_of(language).name for language in LANGUAGES],
        next_url=same_page(page=found.page + 1) if found.page < found.pages else None,
        previous_url=same_page(page=found.page - 1) if found.page > 1 else None,
    )


@blueprint.get("/progress")
@requires(RIGHT)
def progress() -> ResponseReturnValue:
    """How far the rendering is, for the page that is open."""
    return render_template("prompts/_progress.html", progress=queries.progress())


@blueprint.post("/render")
@requires(RIGHT)
def render() -> ResponseReturnValue:
    """Have rendered what is missing."""
    missing = start_rendering(now=clock.now())
    flash(_("Being rendered: %(count)s.", count=missing) if missing else _("Everything is rendered."), "success")
    return redirects.go(url_for("prompts.index"))


@blueprint.get("/<path:key>/<language>.wav")
@requires(RIGHT)
def listen(key: str, language: str) -> ResponseReturnValue:
    """What a caller hears; rendered now where it was not."""
    _known(language)
    try:
        path = file_of(key, language)
    except (UnknownPrompt, CannotSpeak):
        abort(404)
    return send_file(path, mimetype="audio/wav", conditional=True, max_age=0)


@blueprint.get("/<path:key>")
@requires(RIGHT)
def prompt(key: str) -> ResponseReturnValue:
    """One prompt: its words, who recorded it, a new recording."""
    return _page(key)


@blueprint.post("/<path:key>/<language>/recording")
@requires(RIGHT)
def record(key: str, language: str) -> ResponseReturnValue:
    """Take a speaker's recording."""
    _known(language)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(key, error=_("Choose a WAV file."), language=language), 422
    try:
        upload(key, language, cast(BinaryIO, file.stream), filename=file.filename, **acting())
    except Invalid as refused:
        return _page(key, error=str(refused), language=language), 422
    flash(_("Callers hear this recording from now on."), "success")
    return redirects.go(url_for("prompts.prompt", key=key))


@blueprint.post("/<path:key>/<language>/rendering")
@requires(RIGHT)
def back(key: str, language: str) -> ResponseReturnValue:
    """Back to the machine's voice."""
    _known(language)
    withdraw(key, language, **acting())
    flash(_("Callers hear the machine's voice again."), "success")
    return redirects.go(url_for("prompts.prompt", key=key))


def _known(language: str) -> None:
    if language not in LANGUAGES:
        abort(404)


def _page(key: str, *, error: str = "", language: str = "") -> str:
    row = queries.row_of(key)
    if row is None:
        abort(404)
    return render_template(
        "prompts/prompt.html",
        row=row,
        states=STATES,
        colours=COLOURS,
        history=queries.history(key),
        error=error,
        error_language=language,
    )


def init_app(app: Flask) -> None:
    """Add the pages, the entry in the menu, and what the audit trail calls our acts."""
    app.register_blueprint(blueprint)
    navigation.add("prompts.index", _l("Voice prompts"), "microphone", (RIGHT,), "manage", 62)
    define(
        actions={
            "prompt.recorded": _l("Recording of a prompt uploaded"),
            "prompt.withdrawn": _l("Prompt set back to the machine's voice"),
        },
        subjects={"prompt": _l("Voice prompt")},
        details={},
    )
