"""Keep the library: write, submit, retire, see what is used and what people miss."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import queries as people
from app.identity.session import acting
from app.kernel import clock, db
from app.kernel.clock import LOCAL
from app.kernel.errors import Invalid
from app.knowledge import labels, operations
from app.knowledge.operations import ArticleData
from app.knowledge.queries import Filters, article_view, categories, list_articles, open_feedback, usage
from app.knowledge.queries.articles import ArticleView
from app.knowledge.queries.scope import READ, REVIEW, WRITE
from app.knowledge.views.blueprint import blueprint, my_paths
from app.web.access import requires
from app.web.inputs import day, number, same_page, text

ENDING_WITHIN = timedelta(days=30)
LISTS = ("keywords", "questions", "businesses")


@blueprint.get("/list")
@requires(WRITE, REVIEW)
def articles() -> ResponseReturnValue:
    """All articles: by state and category, what waits, what ends soon, how each is used."""
    today = clock.now().astimezone(LOCAL).date()
    filters = Filters(category=text("category"), state=text("state"), until=today + ENDING_WITHIN)
    page = list_articles(filters, paths=my_paths(READ), after=number("after") or 0)
    return render_template(
        "knowledge/articles.html",
        rows=page.rows,
        filters=filters,
        tree=categories(),
        state=labels.STATE,
        colour=labels.COLOUR,
        today=today,
        next_url=same_page(after=page.after) if page.after else None,
        first_url=same_page() if text("after") else None,
    )


@blueprint.get("/use")
@requires(REVIEW, "report.read")
def statistics() -> ResponseReturnValue:
    """What is used, what is found unhelpful, what people say and miss."""
    today = clock.now().astimezone(LOCAL).date()
    since, until = day("since") or today - timedelta(days=29), day("until") or today
    return render_template(
        "knowledge/use.html",
        rows=usage(since=since, until=until + timedelta(days=1), paths=my_paths(READ)),
        feedback=open_feedback(paths=my_paths(REVIEW)),
        kinds=labels.USE,
        feedback_kinds=labels.FEEDBACK,
        since=since,
        until=until,
    )


@blueprint.post("/feedback/<int:feedback_id>")
@requires(REVIEW)
def feedback_answered(feedback_id: int) -> ResponseReturnValue:
    """Close a feedback with what was done."""
    operations.answer_feedback(feedback_id, answer=text("answer"), **acting())
    flash(_("Answered."), "success")
    return redirect(url_for("knowledge.statistics"))


@blueprint.route("/new", methods=["GET", "POST"])
@requires(WRITE)
def new_article() -> ResponseReturnValue:
    """Write a new article."""
    return _edit(None)


@blueprint.route("/<number>/edit", methods=["GET", "POST"])
@requires(WRITE)
def edit_article(number: str) -> ResponseReturnValue:
    """Write the next words of an article."""
    found = article_view(number, paths=my_paths(READ))
    if found is None:
        abort(404)
    return _edit(found)


@blueprint.post("/<number>/submit")
@requires(WRITE)
def submit_article(number: str) -> ResponseReturnValue:
    """Send the draft to its review."""
    operations.submit(number, **acting())
    flash(_("Submitted. You will find it in your inbox if it comes back."), "success")
    return redirect(url_for("knowledge.article", number=number))


@blueprint.post("/<number>/retire")
@requires(REVIEW)
def retire_article(number: str) -> ResponseReturnValue:
    """Take an article out of force."""
    operations.retire(number, reason=text("reason")[:500], **acting())
    flash(_("Retired: nobody finds it any more."), "success")
    return redirect(url_for("knowledge.article", number=number))


def _edit(found: ArticleView | None) -> ResponseReturnValue:
    if request.method == "GET":
        return _page(found, _values(found), {})
    data = ArticleData(
        unit=text("unit"),
        category=text("category"),
        title=text("title"),
        title_en=text("title_en"),
        answer=text("answer"),
        answer_en=text("answer_en"),
        body=text("body"),
        body_en=text("body_en"),
        **{name: text(name).splitlines() for name in LISTS},
        valid_from=day("valid_from") or clock.now().astimezone(LOCAL).date(),
        valid_until=day("valid_until"),
        source=text("source"),
        change_note=text("change_note"),
    )
    try:
        saved = operations.save_draft(data, number=found.number if found else None, **acting())
        if text("submit"):
            operations.submit(saved, **acting())
    except Invalid as refused:
        db.session.rollback()
        return _page(found, dict(request.form), refused.details.get("errors", {})), 422
    flash(_("Submitted for review.") if text("submit") else _("The draft is kept."), "success")
    return redirect(url_for("knowledge.article", number=saved))


def _values(found: ArticleView | None) -> dict[str, Any]:
    version = (found.draft or found.version) if found else None
    if found is None or version is None:
        return {"valid_from": clock.now().astimezone(LOCAL).date().isoformat()}
    names = ("title", "title_en", "answer", "answer_en", "body", "body_en", "source")
    values: dict[str, Any] = {name: getattr(version, name) for name in names}
    values |= {name: "\n".join(getattr(version, name)) for name in LISTS}
    values |= {"valid_from": version.valid_from.isoformat(), "category": version.category_code}
    values["valid_until"] = version.valid_until.isoformat() if version.valid_until else ""
    unit = next((unit for unit in people.subtree(["/"], at=clock.now()) if unit.path == found.scope_path), None)
    return values | {"unit": unit.code if unit else ""}


def _page(found: ArticleView | None, values: dict[str, Any], errors: dict[str, Any]) -> str:
    return render_template(
        "knowledge/edit.html",
        article=found,
        values=values,
        errors=errors,
        tree=categories(),
        units=people.subtree(my_paths(WRITE), at=clock.now()),
    )
