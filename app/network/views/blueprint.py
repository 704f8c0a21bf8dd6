"""The blueprint of the grid's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("network", __name__, template_folder="../templates")
