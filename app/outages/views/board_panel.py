"""The chosen outage beside the list: whom to send and why, confirmation, ETR, calls; and joining several."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.identity import authority
from app.identity.session import current_actor
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.kernel.i18n import localized
from app.outages import queries
from app.outages.crews.words import reason_words
from app.outages.labels import DEVICE_KIND, ETR_SOURCE, KIND, NATURE, SOURCE, STATUS, STATUS_TONE, label
from app.outages.operations import crews
from app.outages.queries.board_panel import calls_of, etrs_of
from app.outages.rights import CONFIRM, MANAGE
from app.outages.views.blueprint import blueprint
from app.outages.views.board_shown import TONES
from app.web.access import requires
from app.workorders.labels import COLOUR, status_label
from app.workorders.queries.codes import codes

FEW = 5
"""Crews shown at once; the others stand behind a fold."""

UNJUDGED = frozenset({"predicted"})
HELD = frozenset({"restored", "verifying"})


@blueprint.get("/<number>/panel")
@requires("outage.read")
def board_panel(number: str) -> ResponseReturnValue:
    """One outage for the board; with `join=` several numbers, the form that joins them."""
    actor, now = current_actor(), clock.now()
    outage = queries.outage_view(number, actor=actor, now=now)
    chosen = [one for one in request.args.get("join", "").split(",") if one][:50]

    def may(permission: str) -> bool:
        return authority.may(actor, permission, unit_path=outage.unit_path, now=now)

    sending = may("order.dispatch") and outage.open and outage.status not in HELD
    return render_template(
        "outages/_board_panel.html",
        o=outage,
        joining=[queries.outage_view(one, actor=actor, now=now) for one in chosen] if len(chosen) > 1 else [],
        status=label(STATUS, outage.status),
        tone=TONES.get(STATUS_TONE.get(outage.status, ""), STATUS_TONE.get(outage.status, "grey")),
        kind=label(KIND, outage.kind),
        nature=label(NATURE, outage.nature),
        device_kind=label(DEVICE_KIND, outage.device_kind) if outage.device_kind else "",
        proposed=crews.propose(number, actor=actor, now=now) if sending and outage.nature == "unplanned" else [],
        few=FEW,
        words=reason_words,
        status_label=status_label,
        colour=COLOUR,
        calls=calls_of(outage, actor=actor, now=now),
        sources=SOURCE,
        etrs=etrs_of(outage.id),
        etr_sources=ETR_SOURCE,
        causes=[(word.code, localized(word.name, word.name_en)) for word in codes("fault_cause")],
        may_send=sending,
        may_manage=may(MANAGE) and outage.open,
        may_estimate=may(MANAGE) and outage.open and outage.status not in HELD,
        may_confirm=may(CONFIRM) and outage.status in UNJUDGED,
        etr_start=(outage.etr_at or now + timedelta(hours=1)).astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M"),
        now=now,
    )
