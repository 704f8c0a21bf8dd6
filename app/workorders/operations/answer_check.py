"""What makes the reply to an order other than a repair complete and free of contradictions. Pure."""

from __future__ import annotations

from dataclasses import dataclass

UNFOUNDED = "unfounded"
NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskReply:
    """What whoever handled the order hands in. `result` is a code of the category's own list."""

    contacted: str = ""
    findings: str = ""
    action: str = ""
    answer: str = ""
    opinion: str = ""
    result: str = ""
    measures: str = ""


def desk_problems(reply: DeskReply, *, category: str, anonymous: bool) -> list[str]:
    """Codes of what is missing or contradictory, in the order a person reads the form; empty is good."""
    found = []
    if category == "complaint" and not anonymous and not reply.contacted:
        found.append("contact_missing")
    needed = {"findings_missing": reply.findings, "action_missing": reply.action, "answer_missing": reply.answer}
    found += [code for code, text in needed.items() if not text.strip()]
    if reply.contacted not in ("", NOT_REACHED) and not reply.opinion.strip():
        found.append("opinion_missing")
    if reply.contacted == NOT_REACHED and reply.opinion.strip():
        found.append("opinion_of_nobody")
    judged = category in ("complaint", "misconduct_report") and reply.result not in ("", UNFOUNDED)
    if judged and not reply.measures.strip():
        found.append("measures_missing")
    if reply.result == UNFOUNDED and reply.measures.strip():
        found.append("measures_without_ground")
    return found
