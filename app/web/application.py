"""The Flask class of the house: each request is one transaction, run again when another writer came first.

A view is one operation or one query, and effects outside the database go through jobs;
that is why running a view again after a lost race is harmless and invisible.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request

from app.kernel import db


class _Rollback(Exception):
    """Carries an error response out of the transaction, so that nothing half-done is kept."""

    def __init__(self, response: Response) -> None:
        self.response = response


class Lightline(Flask):
    """Flask with one owner of the commit: writing requests commit on success, others never."""

    def dispatch_request(self) -> Any:
        endpoint = request.endpoint or ""
        if request.method in {"GET", "HEAD", "OPTIONS"} or endpoint in self.extensions["lightline.own_transaction"]:
            return super().dispatch_request()
        try:
            return db.run(self._respond)
        except _Rollback as refused:
            return refused.response

    def _respond(self) -> Response:
        response = self.make_response(super().dispatch_request())
        if response.status_code >= 400:
            raise _Rollback(response)
        return response


def owns_transaction(app: Flask, endpoint: str) -> None:
    """Leave the commit of this endpoint to its own view (sign-in counts failures even when it refuses)."""
    app.extensions["lightline.own_transaction"].add(endpoint)
