"""The blueprint of the pages of key accounts."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("keyaccounts", __name__, template_folder="../templates")
