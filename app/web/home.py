"""`/`: the first page of a signed-in person."""

from __future__ import annotations

from flask import Blueprint, Flask, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.web.access import signed_in

FIRST_PAGES = ("inbox.index",)
"""Where `/` leads: the first of these that is installed."""

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in
def index() -> Response | str:
    for endpoint in FIRST_PAGES:
        if endpoint in current_app.view_functions:
            return redirect(url_for(endpoint))
    return render_template("web/home.html")


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
