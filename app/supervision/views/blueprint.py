"""The blueprint of the pages of supervision."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("supervision", __name__, template_folder="../templates")
