"""The blueprint of the pages of imports."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("imports", __name__, template_folder="../templates", url_prefix="/imports")
