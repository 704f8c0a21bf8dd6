"""The blueprint all pages of this package hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("identity", __name__, template_folder="../templates")
