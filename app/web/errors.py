"""Every refusal and failure, told in the reader's language: a page, a fragment for htmx, or JSON.

JSON is `{"code", "message", "details", "correlation_id"}`. What went wrong inside is
logged with the correlation id and never shown.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app.kernel.correlation import current as correlation_id
from app.kernel.errors import LightlineError

log = logging.getLogger(__name__)

TEXTS: dict[int, tuple[str, Any, Any]] = {
    400: ("bad_request", _l("The request cannot be understood"), _l("Go back, reload the page and try again.")),
    401: ("unauthorized", _l("Please sign in"), _l("Sign in and try again.")),
    403: (
        "forbidden",
        _l("You may not open this"),
        _l("Ask your administrator for the permission if your work needs it."),
    ),
    404: ("not_found", _l("Nothing is here"), _l("It may have been moved or closed. Search for it or go back.")),
    405: ("method_not_allowed", _l("This address does not take such a request"), _l("Go back and try again.")),
    409: ("conflict", _l("Somebody else was faster"), _l("Reload to see the present state, then decide again.")),
    413: ("too_large", _l("What you sent is too large"), _l("Make the file smaller or send fewer at once.")),
    415: ("unsupported_type", _l("This type of content is not accepted"), _l("Send it in another format.")),
    422: ("invalid", _l("Some entries do not fit"), _l("Correct the marked entries and send again.")),
    429: ("too_many_requests", _l("Too many requests"), _l("Wait a minute and try again.")),
    500: ("internal_error", _l("Something went wrong on our side"), _l("Nothing was saved. Try again in a minute.")),
    503: ("unavailable", _l("The service cannot answer right now"), _l("Nothing was saved. Try again in a minute.")),
}
"""Status -> (code, what is wrong, how to go on)."""

LAST_RESORT = "服务暂时不可用，请稍后重试。\nThe service cannot answer right now. Try again in a minute.\n"


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure as it is shown."""

    status: int
    code: str
    title: str
    message: str
    advice: str
    details: dict[str, Any] = field(default_factory=dict)


def _problem(status: int, *, code: str = "", message: str = "", details: dict[str, Any] | None = None) -> Problem:
    known = TEXTS.get(status) or TEXTS[500 if status >= 500 else 400]
    return Problem(status, code or known[0], str(known[1]), message or str(known[1]), str(known[2]), details or {})


def wants_json() -> bool:
    """Whether the caller is a program: an API path, a JSON body, or JSON preferred over HTML."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    accepted = request.accept_mimetypes
    return accepted.best_match(["text/html", "application/json"]) == "application/json" and not accepted.accept_html


def respond(problem: Problem) -> Response:
    """The answer in the form the caller reads; where even that cannot be drawn (no database), plain words."""
    try:
        return _drawn(problem)
    except Exception as error:
        log.error("error page failed", exc_info=error)
        return Response(LAST_RESORT, status=problem.status, mimetype="text/plain")


def _drawn(problem: Problem) -> Response:
    if wants_json():
        response = jsonify(
            code=problem.code,
            message=problem.message,
            details=problem.details,
            correlation_id=correlation_id(),
        )
    elif "HX-Request" in request.headers:
        response = make_response(render_template("web/_problem.html", problem=problem))
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
    else:
        page = render_template("web/error.html", problem=problem, correlation_id=correlation_id())
        response = make_response(page)
    response.status_code = problem.status
    return response


def _refused(error: LightlineError) -> Response:
    return respond(_problem(error.status, code=error.code, message=str(error.message), details=error.details))


def _csrf(_error: CSRFError) -> Response:
    message = _("This page has been open too long or was opened in another session. Reload it and send again.")
    return respond(_problem(400, code="csrf", message=message))


def http_error(error: HTTPException) -> Response:
    """An `abort(...)` of a view or library; field errors of webargs go under `details["errors"]`."""
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    data = getattr(error, "data", None) or {}
    errors = data.get("errors") or data.get("messages")
    response = respond(_problem(error.code, details={"errors": errors} if errors else None))
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    for name, value in (data.get("headers") or {}).items():
        response.headers[name] = value
    return response


def _no_database(error: Exception) -> Response:
    log.error("database unavailable", exc_info=error)
    response = respond(_problem(HTTPStatus.SERVICE_UNAVAILABLE))
    response.headers["Retry-After"] = "5"
    return response


def _broken(error: Exception) -> Response:
    if current_app.config["TESTING"] and current_app.config["PROPAGATE_EXCEPTIONS"] is not False:
        raise error
    log.error("unhandled exception", exc_info=error)
    return respond(_problem(HTTPStatus.INTERNAL_SERVER_ERROR))


def _unreadable(error: ValueError | RecursionError) -> Response:
    """JSON too deep, or with a number too long, for Python's own reader; any other such error is ours."""
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    if innermost is None or innermost.tb_frame.f_globals.get("__name__") not in {"json.decoder", "json.scanner"}:
        return _broken(error)
    return respond(_problem(400))


def init_app(app: Flask) -> None:
    app.register_error_handler(LightlineError, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(ValueError, _unreadable)
    app.register_error_handler(RecursionError, _unreadable)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(InterfaceError, _no_database)
    app.register_error_handler(PoolTimeout, _no_database)
    app.register_error_handler(Exception, _broken)
