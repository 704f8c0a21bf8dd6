"""What the layout asks about the present page: who is signed in, and pieces other packages hang into the frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, render_template
from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person as the frame shows them; `subtitle` is the post or unit."""

    name: str
    subtitle: str = ""
    sign_out_url: str = ""


ViewerProvider = Callable[[], Viewer | None]
SlotContext = Callable[[], Mapping[str, Any] | None]


def set_viewer(app: Flask, provider: ViewerProvider) -> None:
    """Identity says who looks at the page; None for nobody."""
    app.extensions["lightline.viewer"] = provider


def viewer() -> Viewer | None:
    provider: ViewerProvider | None = current_app.extensions.get("lightline.viewer")
    return provider() if provider else None


def add_slot(app: Flask, place: str, template: str, context: SlotContext = dict) -> None:
    """Hang a template into `topbar` (beside the user's menu) or `foot` of every page of a signed-in user.

    `context` gives its variables; None leaves the piece out.
    """
    slots = app.extensions.setdefault("lightline.slots", {}).setdefault(place, {})
    slots[template] = context


def slots(place: str) -> list[Markup]:
    """The rendered pieces of a place."""
    found: dict[str, SlotContext] = current_app.extensions.get("lightline.slots", {}).get(place, {})
    contexts = ((template, context()) for template, context in found.items())
    return [Markup(render_template(name, **values)) for name, values in contexts if values is not None]  # noqa: S704


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(viewer=viewer, slots=slots)
