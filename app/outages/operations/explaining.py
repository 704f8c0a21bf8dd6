"""Why an outage is where prediction put it, in the words of the judging form."""

from __future__ import annotations

from app.outages.models import Outage


def why_words(outage: Outage) -> dict[str, str]:
    """`why_words` and `why_words_en`: the rule and the numbers behind the last decision."""
    facts = outage.why.get("facts") or {}
    calls = facts.get("calls", outage.calls)
    if outage.kind == "real_device":
        return {"why_words": "依据：开关变位。", "why_words_en": "Because a switch stands open."}
    return {"why_words": f"依据：{calls} 个报修的分布。", "why_words_en": f"Because of where {calls} calls come from."}
