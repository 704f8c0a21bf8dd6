"""The REST interface under /api/v1, with its OpenAPI description at /api/v1/openapi.json.

A resource is a file with its blueprint, `schemas` what goes in and out. Callers use a
token (`Authorization: Bearer ll_...`) or, from a page, the session with a CSRF header.
The rules are those of the pages: a view parses, calls one operation or query, answers.
"""

from __future__ import annotations

from flask import Flask

from app.api import bills, changes, crews, customers, network, orders, outages, tasks
from app.api.order_schemas import FAULTS_NEED_AN_ADDRESS
from app.api.setup import Api, configure
from app.web.access import Rule, set_rule


def init_app(app: Flask) -> None:
    """Add the resources and their description."""
    configure(app)
    api = Api(app)
    api.register_blueprint(tasks.blueprint)
    api.register_blueprint(orders.blueprint)
    api.register_blueprint(orders.files_blueprint)
    api.register_blueprint(changes.blueprint)
    api.register_blueprint(customers.blueprint)
    api.register_blueprint(bills.blueprint)
    api.register_blueprint(crews.blueprint)
    api.register_blueprint(outages.blueprint)
    api.register_blueprint(network.blueprint)
    api.spec.components.schemas["NewOrder"].update(FAULTS_NEED_AN_ADDRESS)
    set_rule(app, "api-docs.openapi_json", Rule("public"))
