"""Every view states who may call it; a request for a view without a rule is refused.

`@public`, `@signed_in` or `@requires("order.create", ...)` above a view set its rule.
`identity` says who the caller is and what they may do, through `AccessChecker`, so that
this package knows no users. A permission in a rule means "somewhere in the organisation";
whether it reaches one order or task is checked by the operation with that order's unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, abort, current_app, request

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Rule:
    """`kind` is public, signed_in or requires; any one of `permissions` is enough."""

    kind: str
    permissions: tuple[str, ...] = ()


class AccessChecker(Protocol):
    def is_signed_in(self) -> bool: ...

    def has_any(self, permissions: tuple[str, ...]) -> bool:
        """Whether the caller holds any of these; with none, whether they may what every signed-in user may."""

    def challenge(self) -> Any:
        """The response for a caller who is not signed in: a redirect to sign-in, or 401 for the API."""


def _mark(view: View, rule: Rule) -> View:
    cast(Any, view).access_rule = rule
    return view


def public(view: View) -> View:
    """Anybody may call this view."""
    return _mark(view, Rule("public"))


def signed_in(view: View) -> View:
    """Any signed-in user may call this view; the operation limits what they see."""
    return _mark(view, Rule("signed_in"))


def requires(*permissions: str) -> Callable[[View], View]:
    """A user who holds any one of these permissions somewhere may call this view."""
    return lambda view: _mark(view, Rule("requires", permissions))


def rule_of(view: Any, method: str) -> Rule | None:
    """The rule of a view function, or of the method of a class-based view."""
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        handler = getattr(view_class, method.lower(), None)
        return cast(Rule | None, getattr(handler, "access_rule", None) or getattr(view_class, "access_rule", None))
    return cast(Rule | None, getattr(view, "access_rule", None))


def checker(app: Flask) -> AccessChecker | None:
    """Who says what the caller may do; None until identity has told."""
    return app.extensions.get("lightline.access")


def set_checker(app: Flask, checker: AccessChecker) -> None:
    app.extensions["lightline.access"] = checker


def set_rule(app: Flask, endpoint: str, rule: Rule) -> None:
    """Give a rule to a view that a library registered."""
    app.extensions.setdefault("lightline.access.rules", {})[endpoint] = rule


def endpoint_rule(app: Flask, endpoint: str, method: str) -> Rule | None:
    """The rule in force for an endpoint, None where nobody stated one."""
    given: dict[str, Rule] = app.extensions.get("lightline.access.rules", {})
    return given.get(endpoint) or rule_of(app.view_functions.get(endpoint), method)


def _enforce() -> Any:
    if request.endpoint is None or request.method == "OPTIONS":
        return None
    rule = endpoint_rule(current_app, request.endpoint, request.method)
    if rule is None:
        abort(403)
    if rule.kind == "public":
        return None
    who: AccessChecker = current_app.extensions["lightline.access"]
    if not who.is_signed_in():
        return _whole_page(who.challenge())
    if not who.has_any(rule.permissions):
        abort(403)
    return None


def _whole_page(challenge: Any) -> Any:
    """A fragment request cannot show the sign-in page: htmx is told to load it as a page of its own."""
    response = current_app.make_response(challenge)
    if "HX-Request" in request.headers and response.location:
        response.headers["HX-Redirect"] = response.location
        response.status_code = 204
        del response.headers["Location"]
    return response


def init_app(app: Flask) -> None:
    set_rule(app, "static", Rule("public"))
    app.before_request(_enforce)
