"""The indices themselves, from sums, customers served and hours. Pure; None where nothing can be said.

IEEE Std 1366-2012, 4.2 to 4.4: SAIFI = ΣNᵢ / N_T (interruptions a customer), SAIDI = Σrᵢ·Nᵢ / N_T (minutes a customer),
CAIDI = SAIDI / SAIFI (minutes an interruption), CAIFI = ΣNᵢ / CN, ASAI = 1 − Σrᵢ·Nᵢ / (N_T · T), MAIFI = ΣIMᵢ·Nᵢ / N_T,
CEMIₙ = customers with n or more / N_T; where customers moved to another unit, more may have been interrupted than are
served on average: all of them were served here at some time, so that CN stands for N_T there.
DL/T 836: AIHC-1 = hours of interruption a customer, RS-1 = 1 − AIHC-1 / T, AITC-1 = interruptions a customer, RS-2
without external causes, RS-3 without shortage of supply.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.outages.indices.counting import Counted
from app.outages.indices.rules import HOUSEHOLDS, TEN_KV

Figures = Mapping[str, float | None]

NAMES = {
    HOUSEHOLDS: ("saifi", "saidi", "caidi", "caifi", "asai", "maifi", "cemi"),
    TEN_KV: ("aihc1", "rs1", "aitc1", "rs2", "rs3", "maifi"),
}
"""What is shown of each basis, in this order."""


def ieee(counted: Counted, *, served: float, hours: float) -> dict[str, float | None]:
    """The indices of IEEE 1366. `served` is N_T, `hours` how long the period was."""
    saifi, saidi = _over(counted.interruptions, served), _over(counted.minutes, served)
    return {
        "saifi": saifi,
        "saidi": saidi,
        "caidi": _over(counted.minutes, counted.interruptions),
        "caifi": _over(counted.interruptions, counted.distinct),
        "asai": _available(counted.minutes, served, hours),
        "maifi": _over(counted.momentary, served),
        "cemi": _over(counted.frequent, cemi_base(counted, served)),
    }


def cemi_base(counted: Counted, served: float) -> float:
    """Over how many customers CEMI is counted: N_T, or CN where more were interrupted than are served on average."""
    return max(served, counted.distinct) if served else 0.0


def dlt836(
    counted: Counted, inside: Counted, enough: Counted, *, served: float, hours: float
) -> dict[str, float | None]:
    """The indices of DL/T 836: `inside` is counted without external causes, `enough` without shortage of supply."""
    return {
        "aihc1": _over(counted.minutes / 60, served),
        "rs1": _available(counted.minutes, served, hours),
        "aitc1": _over(counted.interruptions, served),
        "rs2": _available(inside.minutes, served, hours),
        "rs3": _available(enough.minutes, served, hours),
        "maifi": _over(counted.momentary, served),
    }


def _over(above: float, below: float) -> float | None:
    return above / below if below else None


def _available(minutes: float, served: float, hours: float) -> float | None:
    return 1 - minutes / (served * hours * 60) if served and hours else None
