"""Which language is in force, and names that exist in both."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import cast

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, refresh

from app.kernel.i18n import catalogues

LOCALES = ("zh", "en")

UserLocale = Callable[[], str | None]


def select_locale() -> str:
    """`?lang=`, then the cookie `lang`, then the user's own setting, then the default.

    The browser's Accept-Language is not asked: many Chinese users have English browsers.
    """
    default: str = current_app.extensions["lightline.settings"].default_locale
    if not has_request_context():
        return default
    user: UserLocale = current_app.extensions.get("lightline.user_locale", lambda: None)
    for wanted in (request.args.get("lang"), request.cookies.get("lang"), user()):
        if wanted in LOCALES:
            return str(wanted)
    return default


def set_user_locale(app: Flask, user_locale: UserLocale) -> None:
    """Ask this function for the signed-in user's language where neither address nor cookie says."""
    app.extensions["lightline.user_locale"] = user_locale


def current_locale() -> str:
    """`zh` or `en`."""
    locale = get_locale()
    return locale.language if locale else "zh"


def in_locale(locale: str) -> AbstractContextManager[None]:
    """Write in this language within the block (a letter to a customer, a job)."""
    if locale not in LOCALES:
        raise ValueError(f"unknown language {locale!r}")
    return cast(AbstractContextManager[None], force_locale(locale))


def localized(name: str, name_en: str | None) -> str:
    """The twin of a name that suits the reader; the Chinese one where English is missing."""
    return name_en if name_en and current_locale() == "en" else name


def init_app(app: Flask, *, default_locale: str, compile_now: bool) -> None:
    """Set up Flask-Babel over the translations of every package."""
    if compile_now:
        catalogues.compile_stale()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(folder) for folder in catalogues.folders())
    Babel().init_app(
        app, default_locale=default_locale, default_timezone="Asia/Shanghai", locale_selector=select_locale
    )
    app.before_request(refresh)  # Flask-Babel remembers on `g`, which a context around the request shares with it
    app.add_template_global(localized)
    app.add_template_global(current_locale)
