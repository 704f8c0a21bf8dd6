"""Why an outage is where prediction put it, in the words of the judging form, in both languages."""

from __future__ import annotations

from app.kernel.i18n import in_locale
from app.outages.explaining import reason
from app.outages.models import Outage


def why_words(outage: Outage) -> dict[str, str]:
    """`why_words` and `why_words_en`: the rule and the numbers behind the last decision."""
    rule, facts = str(outage.why.get("rule") or ""), outage.why.get("facts") or {}
    found = {}
    for language, name in (("zh", "why_words"), ("en", "why_words_en")):
        with in_locale(language):
            found[name] = reason(rule, facts, outage.device) if rule else ""
    return found
