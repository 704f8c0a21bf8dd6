"""The blueprint of the customers' pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("customers", __name__, template_folder="../templates")
