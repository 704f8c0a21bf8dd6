"""Look something up: search, one article, what one thinks of it."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity.session import acting
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.knowledge import labels, operations
from app.knowledge.queries import article_view, categories, search, versions_of
from app.knowledge.queries.scope import READ, REVIEW, WRITE
from app.knowledge.views.blueprint import blueprint, my_paths, my_unit_path
from app.web.access import requires
from app.web.inputs import text

SHOWN = 20


@blueprint.get("/")
@requires(READ)
def index() -> ResponseReturnValue:
    """Search the library, or look through its categories; without words the most used articles stand first."""
    question, category = text("q")[:200], text("category")
    hits = search(question, paths=my_paths(READ), day=_today(), category=category, limit=SHOWN)
    return render_template(
        "knowledge/index.html",
        question=question,
        chosen=category,
        hits=hits,
        tree=categories(),
        may_write=bool(my_paths(WRITE)),
        may_review=bool(my_paths(REVIEW)),
    )


@blueprint.get("/<number>")
@requires(READ)
def article(number: str) -> ResponseReturnValue:
    """One article: what to say, the details, its versions, how it is used."""
    found = article_view(number, paths=my_paths(READ))
    if found is None:
        abort(404)
    shown = found.version or found.draft
    if text("version").isdigit():
        shown = next((one for one in versions_of(found.id) if one.number == int(text("version"))), shown)
    return render_template(
        "knowledge/article.html",
        article=found,
        shown=shown,
        versions=versions_of(found.id),
        state=labels.STATE,
        colour=labels.COLOUR,
        kinds={kind: label for kind, label in labels.FEEDBACK.items() if kind != "missing"},
        may_write=_under(found.scope_path, WRITE),
        may_review=_under(found.scope_path, REVIEW),
        today=_today(),
    )


@blueprint.post("/<number>/use")
@requires(READ)
def use(number: str) -> ResponseReturnValue:
    """Count that the article was found helpful or not; the page answers with a word of thanks."""
    kind = text("kind")
    if kind not in {"helpful", "unhelpful", "inserted", "viewed"}:
        abort(422)
    operations.note_use(number, kind, unit_path=my_unit_path(), **acting())  # type: ignore[arg-type]
    if request.headers.get("HX-Request"):
        return render_template("knowledge/_thanks.html", kind=kind)
    flash(_("Thank you."), "success")
    return redirect(url_for("knowledge.article", number=number))


@blueprint.post("/feedback")
@requires(READ)
def feedback() -> ResponseReturnValue:
    """Say what is wrong with an article, or that none was found."""
    number = text("number") or None
    operations.give_feedback(
        text("kind"), number=number, query=text("query"), text=text("text"), unit_path=my_unit_path(), **acting()
    )
    flash(_("Thank you: the editors of the library will see to it."), "success")
    return redirect(url_for("knowledge.article", number=number) if number else url_for("knowledge.index"))


def _under(scope: str, permission: str) -> bool:
    return any(scope.startswith(path) for path in my_paths(permission))


def _today() -> date:
    return clock.now().astimezone(LOCAL).date()
