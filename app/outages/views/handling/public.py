"""The public page of outages (停电信息公告) and the same as JSON: no sign-in, no personal data, limited in rate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from app.identity import queries as people
from app.kernel import clock
from app.kernel.i18n import current_locale, localized
from app.outages import labels
from app.outages.queries import public as queries
from app.outages.queries.public import Answer, PublicOutage
from app.outages.views.blueprint import blueprint
from app.web.access import public
from app.web.inputs import text
from app.web.security import limiter

RATE = "60/minute"
ASK_RATE = "10/minute"
MOST_TYPED = 100


@blueprint.get("/public")
@public
@limiter.limit(RATE)
def public_page() -> ResponseReturnValue:
    """Current and coming outages by area."""
    return _page(None, "")


@blueprint.post("/public")
@public
@limiter.limit(ASK_RATE)
def ask_public() -> ResponseReturnValue:
    """Whether one account or address is affected; the answer names nobody."""
    typed = text("q")[:MOST_TYPED]
    return _page(_answer(typed), typed)


@blueprint.get("/public.json")
@public
@limiter.limit(RATE)
def public_json() -> ResponseReturnValue:
    """The same for programs. `area` is a unit's code."""
    now = clock.now()
    area = text("area")[:40]
    unit = people.unit_by_code(area, at=now) if area else None
    if area and unit is None:
        return jsonify({"code": "unknown_area", "message": "unknown area"}), 404
    found = queries.public_outages([unit.path] if unit else ["/"], now=now)
    return jsonify({"at": now.isoformat(), "outages": [_plain(one) for one in found]})


def _answer(typed: str) -> Answer:
    """An account number first, else an address."""
    now = clock.now()
    found = queries.of_account(typed.replace(" ", ""), now=now)
    return found if found.known else queries.of_address(typed, now=now)


def _page(answer: Answer | None, typed: str) -> str:
    now = clock.now()
    found = queries.public_outages(now=now)
    groups: dict[str, list[PublicOutage]] = {}
    for one in found:
        groups.setdefault(_area(one, now), []).append(one)
    return render_template(
        "outages/handling/public.html", groups=groups, answer=answer, typed=typed, facts=_facts, labels=labels, now=now
    )


def _area(one: PublicOutage, now: datetime) -> str:
    unit = people.unit_by_code(one.unit_code, at=now)
    return localized(unit.name, unit.name_en) if unit else one.unit_code


def _facts(one: PublicOutage) -> dict[str, str]:
    found = one.facts.get(current_locale()) or one.facts.get("zh") or {}
    return {name: str(found.get(name) or "") for name in ("line", "range", "cause", "type", "unit")}


def _plain(one: PublicOutage) -> dict[str, Any]:
    return {
        "number": one.number,
        "area": one.unit_code,
        "type": one.kind,
        "state": "restored" if one.back else "coming" if one.coming else "out",
        "start": one.begins_at.isoformat(),
        "end": one.ends_at.isoformat() if one.ends_at else None,
        "etr": one.etr_at.isoformat() if one.etr_at else None,
        "restored": one.restored_at.isoformat() if one.restored_at else None,
        "zh": one.facts.get("zh"),
        "en": one.facts.get("en"),
        "text": one.text,
        "text_en": one.text_en,
    }
