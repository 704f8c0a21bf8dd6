"""flask-smorest as this house uses it: titles, security scheme, and refusals told as everywhere else."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

import flask_smorest
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from app.web.errors import http_error

PREFIX = "/api/v1"

SECURITY = {
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "ll_..."}}},
    "security": [{"token": []}],
}


class Api(flask_smorest.Api):
    """The API; its errors are `{"code", "message", "details", "correlation_id"}` like every other."""

    def handle_http_exception(self, error: HTTPException) -> Response:
        return http_error(error)


def configure(app: Flask) -> None:
    """The settings flask-smorest reads."""
    app.config.update(
        API_TITLE="Lightline",
        API_VERSION=_version(),
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS=_description(),
    )


def _description() -> dict[str, Any]:
    about = "Customer service centre of a power utility. Texts are Chinese, or English with `?lang=en`."
    return {"info": {"description": about}, **SECURITY}


def _version() -> str:
    try:
        return version("lightline")
    except PackageNotFoundError:
        return "0"
