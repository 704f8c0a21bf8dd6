"""Words for what the code itself distinguishes: states, steps, stages, timestamps. Codes of the trade are data."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

STATUS: dict[str, LazyString] = {
    "NEW": _l("New"),
    "DISPATCHED": _l("Dispatched"),
    "ACCEPTED": _l("Taken"),
    "EN_ROUTE": _l("On the way"),
    "ARRIVED": _l("On site"),
    "SURVEYED": _l("Surveyed"),
    "REPAIRING": _l("Under repair"),
    "HANDLING": _l("In hand"),
    "RESTORED": _l("Restored"),
    "REPLIED": _l("Replied"),
    "REVIEWED": _l("Reviewed"),
    "ANSWERED": _l("Answered"),
    "CALLED_BACK": _l("Called back"),
    "ARCHIVED": _l("Archived"),
    "RETURNED": _l("Returned"),
    "TRANSFERRED": _l("Transferred"),
    "SUSPENDED": _l("Suspended"),
    "MERGED": _l("Merged"),
    "CANCELLED": _l("Cancelled"),
}

COLOUR: dict[str, str] = {
    "NEW": "orange",
    "RETURNED": "orange",
    "TRANSFERRED": "orange",
    "DISPATCHED": "blue",
    "ACCEPTED": "blue",
    "EN_ROUTE": "blue",
    "ARRIVED": "blue",
    "SURVEYED": "blue",
    "REPAIRING": "blue",
    "HANDLING": "blue",
    "RESTORED": "green",
    "REPLIED": "green",
    "REVIEWED": "green",
    "ANSWERED": "green",
    "CALLED_BACK": "green",
    "ARCHIVED": "green",
    "SUSPENDED": "purple",
    "MERGED": "purple",
    "CANCELLED": "grey",
}

STAGE: dict[str, LazyString] = {
    "dispatch": _l("Dispatch"),
    "redispatch": _l("Dispatch again"),
    "take": _l("Take or return"),
    "arrive": _l("Arrive on site"),
    "rearrive": _l("Arrive again"),
    "restore": _l("Restore power"),
    "progress": _l("Report progress"),
    "report": _l("Reply after restoration"),
    "review": _l("Review the reply"),
    "callback": _l("Call back"),
    "reminder": _l("Answer a reminder"),
    "contact": _l("Contact the customer"),
    "handle": _l("Handle"),
    "reply": _l("Reply to the customer"),
    "total": _l("The whole order"),
    "rehandle": _l("Handle again"),
    "visit": _l("Verify on site"),
    "settle": _l("Settle"),
    "verify": _l("First look"),
    "forward": _l("Pass it on"),
    "survey": _l("Survey"),
    "plan": _l("Supply plan"),
    "await": _l("Wait for the design"),
    "design": _l("Design review"),
    "works": _l("Works under way"),
    "midterm": _l("Mid-term inspection"),
    "final": _l("Final inspection"),
    "contract": _l("Contract and fee"),
    "connect": _l("Install and connect"),
    "change": _l("Change of supply"),
    "check": _l("Check of papers and conditions"),
    "carry_out": _l("Carry it out"),
}

STAMP: dict[str, LazyString] = {
    "fault": _l("Fault"),
    "accepted": _l("Accepted"),
    "dispatched": _l("Dispatched"),
    "taken": _l("Taken"),
    "left": _l("Left"),
    "arrived": _l("Arrived"),
    "surveyed": _l("Surveyed"),
    "estimated": _l("Estimated"),
    "restored": _l("Restored"),
    "replied": _l("Replied"),
    "reviewed": _l("Reviewed"),
    "answered": _l("Answered"),
    "called_back": _l("Called back"),
    "archived": _l("Archived"),
}

ETR_SOURCE: dict[str, LazyString] = {
    "rule": _l("rule"),
    "crew": _l("crew"),
    "dispatcher": _l("dispatcher"),
}

PROBLEM: dict[str, LazyString] = {
    "contact_missing": _l("How the customer was contacted is missing."),
    "cause_missing": _l("The cause is missing."),
    "findings_missing": _l("The findings are missing."),
    "action_missing": _l("What was done is missing."),
    "opinion_missing": _l("The customer's opinion is missing."),
    "answer_missing": _l("The answer to the customer is missing."),
    "measures_missing": _l("Well founded, yet no measures are named."),
    "measures_without_ground": _l("Unfounded, yet measures are named."),
    "opinion_of_nobody": _l("The customer was not reached, yet an opinion is given."),
    "restoration_missing": _l("The time of restoration is missing."),
    "restored_before_arrival": _l("Restored before the crew arrived."),
    "restored_in_future": _l("The time of restoration lies in the future."),
    "restored_after_stamp": _l("The time of restoration lies after the report of restoration."),
    "own_fault_but_utility": _l("A fault of the customer's own cannot be on the utility's property."),
    "customer_but_utility_fault": _l("A fault on the customer's property needs the customer's equipment or cause."),
    "no_fault_but_repaired": _l("No fault was found, yet a cause is named."),
}


def status_label(status: str) -> LazyString | str:
    return STATUS.get(status, status)


def stage_label(stage: str) -> LazyString | str:
    return STAGE.get(stage, stage)


def stamp_label(name: str) -> LazyString | str:
    return STAMP.get(name, name)


def problem_label(code: str) -> LazyString | str:
    return PROBLEM.get(code, code)
