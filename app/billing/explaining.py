"""A bill's lines in words: what each is called, and the calculation behind it with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.billing.figures import _, money, plain, signed_percent
from app.billing.labels import REGISTER, UNIT, label
from app.kernel.i18n import format_date, localized

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Explained:
    """A line as it is shown: all texts in the reader's language; `rule` names the rule it follows."""

    title: str
    span: str
    quantity: str
    unit: str
    price: str
    amount: str
    why: str
    rule: str
    counted: bool


def explain(line: Line) -> Explained:
    """One line of a bill."""
    return Explained(
        title=title(line),
        span=span(line),
        quantity=plain(line["quantity"]) if line["code"] != "power_factor" else money(line["quantity"]),
        unit=label(UNIT, line["unit"]),
        price=signed_percent(line["params"]["percent"]) if line["code"] == "power_factor" else plain(line["price"]),
        amount=money(line["amount"]),
        why=why(line),
        rule=line["rule"],
        counted=line.get("counted", True),
    )


def title(line: Line) -> str:
    """What a line is called."""
    kind, _dot, which = str(line["code"]).partition(".")
    if kind == "energy":
        return _("Energy") if which == "total" else _("Energy, %(part)s", part=label(REGISTER, which))
    if kind == "tier":
        return _("Tier %(tier)s addition", tier=which)
    if kind == "levy":
        return localized(line["params"]["name"], line["params"]["name_en"])
    titles = {
        "capacity": _("Capacity charge"),
        "demand": _("Demand charge"),
        "demand_over": _("Demand beyond the contract"),
        "power_factor": _("Power-factor adjustment"),
        "minimum": _("Minimum charge"),
    }
    return str(titles.get(kind, line["code"]))


def span(line: Line) -> str:
    """The days a line is for, where the bill is cut into pieces."""
    if "from" not in line["params"]:
        return ""
    begin, end = (date.fromisoformat(line["params"][name]) for name in ("from", "to"))
    return _("%(begin)s to %(end)s", begin=format_date(begin), end=format_date(date.fromordinal(end.toordinal() - 1)))


def why(line: Line) -> str:
    """The calculation of a line in words."""
    kind = str(line["code"]).partition(".")[0]
    return WHY[kind](line, line["params"]) if kind in WHY else ""


def _figures(line: Line) -> dict[str, str]:
    return {"quantity": plain(line["quantity"]), "price": plain(line["price"]), "amount": money(line["amount"])}


def _energy(line: Line, _params: Line) -> str:
    return _("%(quantity)s kWh × %(price)s yuan/kWh = %(amount)s yuan.", **_figures(line))


def _tier(line: Line, params: Line) -> str:
    facts = {name: plain(params[name]) for name in ("before", "now", "above")} | _figures(line)
    facts["tier"] = str(params["tier"])
    if params["basis"] == "year":
        text = _(
            "Use since 1 January rises from %(before)s to %(now)s kWh. %(quantity)s kWh of it lie in tier %(tier)s, "
            "above %(above)s kWh, and cost %(price)s yuan more each: %(amount)s yuan.",
            **facts,
        )
    else:
        text = _(
            "Of %(now)s kWh in the period %(quantity)s kWh lie in tier %(tier)s, above %(above)s kWh, "
            "and cost %(price)s yuan more each: %(amount)s yuan.",
            **facts,
        )
    if params.get("household"):
        text += " " + _("The tiers begin later for a household of %(people)s.", people=params["household"])
    return str(text)


def _capacity(line: Line, params: Line) -> str:
    return _(
        "%(quantity)s kVA × %(price)s yuan a month × %(months)s months = %(amount)s yuan.",
        months=plain(params["months"]),
        **_figures(line),
    )


def _demand(line: Line, params: Line) -> str:
    facts = {"months": plain(params["months"]), "shown": plain(params["shown"]), **_figures(line)}
    if params["basis"] == "contract" and params["contract"]:
        return _(
            "The contract's demand %(quantity)s kW (read: %(shown)s kW) × %(price)s yuan a month × %(months)s months "
            "= %(amount)s yuan.",
            **facts,
        )
    return _(
        "The greatest demand read, %(quantity)s kW, × %(price)s yuan a month × %(months)s months = %(amount)s yuan.",
        **facts,
    )


def _demand_over(line: Line, params: Line) -> str:
    return _(
        "Read: %(shown)s kW. The contract allows %(contract)s kW, and %(tolerance)s times that without charge: "
        "%(allowed)s kW. "
        "%(quantity)s kW beyond count %(times)s times.",
        shown=plain(params["shown"]),
        contract=plain(params["contract"]),
        tolerance=plain(params["tolerance"]),
        allowed=plain(params["allowed"]),
        times=plain(params["times"]),
        quantity=plain(line["quantity"]),
    )


def _power_factor(line: Line, params: Line) -> str:
    facts = {name: plain(params[name]) for name in ("active", "reactive")}
    return _(
        "cosφ = P / √(P² + Q²) = %(active)s / √(%(active)s² + %(reactive)s²) = %(cos)s; the standard is %(standard)s: "
        "%(percent)s of (fixed and energy charges %(charged)s − levies %(levies)s) yuan = %(amount)s yuan.",
        cos=params["cos"],
        standard=params["standard"],
        percent=signed_percent(params["percent"]),
        charged=money(params["charged"]),
        levies=money(params["levies"]),
        amount=money(line["amount"]),
        **facts,
    )


def _levy(line: Line, params: Line) -> str:
    text = _("%(quantity)s kWh × %(price)s yuan/kWh = %(amount)s yuan.", **_figures(line))
    more = " " + _("It is part of the energy price and not added again.") if params["included"] else ""
    return str(text) + more


def _minimum(line: Line, params: Line) -> str:
    return _(
        "A month costs at least %(least)s yuan; %(charged)s yuan are charged: %(amount)s yuan are missing.",
        least=money(Decimal(params["least"])),
        charged=money(params["charged"]),
        amount=money(line["amount"]),
    )


WHY: Mapping[str, Callable[[Line, Line], str]] = {
    "energy": _energy,
    "tier": _tier,
    "capacity": _capacity,
    "demand": _demand,
    "demand_over": _demand_over,
    "power_factor": _power_factor,
    "levy": _levy,
    "minimum": _minimum,
}
"""How each kind of line is explained."""
