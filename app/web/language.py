"""The language switch: `?lang=en` on any page changes it and a cookie remembers it.

Which language a request is answered in is decided by `kernel.i18n`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, request

from app.kernel.i18n import current_locale

LANGUAGES = {"zh": "中文", "en": "English"}
COOKIE = "lang"
REMEMBERED = 365 * 24 * 3600


def switch_url(lang: str) -> str:
    """The present page in another language, with its other query arguments kept."""
    path = request.path if request.method == "GET" else "/"
    arguments = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"{path}?{urlencode([*arguments, ('lang', lang)])}"


def _remember(response: Response) -> Response:
    lang = request.args.get("lang", "")
    if lang in LANGUAGES and request.method == "GET" and response.mimetype == "text/html":
        response.set_cookie(COOKIE, lang, max_age=REMEMBERED, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


def init_app(app: Flask) -> None:
    app.after_request(_remember)
    app.jinja_env.globals.update(language=current_locale, language_url=switch_url, languages=LANGUAGES)

    @app.context_processor
    def _html_language() -> dict[str, Any]:
        return {"html_lang": "en" if current_locale() == "en" else "zh-CN"}
