"""The blueprint of the pages of work orders."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("workorders", __name__, template_folder="../templates")
