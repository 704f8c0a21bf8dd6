"""`webhook`: post values to an endpoint that the installation names (a flow names no addresses)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.fields import Exprs, Name
from app.telephony.ivr.moment import Moment, Step, Wait
from app.telephony.ivr.verbs.verb import AskingSchema, Verb


class WebhookSchema(AskingSchema):
    """Its answer, a JSON object, goes under `into`."""

    webhook = Name(required=True)
    payload = Exprs(load_default=dict)


class Webhook(Verb):
    """Post values elsewhere."""

    kind = "webhook"
    title = _l("Webhook")
    icon = "webhook"
    schema = WebhookSchema
    effect = True

    def enter(self, moment: Moment) -> Step:
        spec = moment.spec
        webhook = moment.make(
            commands.Webhook, name=spec["webhook"], payload=moment.values(spec["payload"]), timeout=spec["timeout"]
        )
        return Wait(webhook)
