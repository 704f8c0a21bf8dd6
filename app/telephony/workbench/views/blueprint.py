"""The blueprint of the analysts' pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("ivr", __name__, url_prefix="/ivr", template_folder="../templates")
