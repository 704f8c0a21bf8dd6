"""The blueprint of the pages of outages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("outages", __name__, url_prefix="/outages", template_folder="../templates")
