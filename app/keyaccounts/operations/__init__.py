"""What is done with key accounts. No operation commits; all take `actor=` and `now=`."""

from app.keyaccounts.operations.accounts import (
    AccountData,
    Supply,
    appoint_manager,
    make_account,
    review_importance,
    save_account,
    save_supplies,
)
from app.keyaccounts.operations.consents import PlannedOutage, answer, ask_consent, withdraw
from app.keyaccounts.operations.planning import begin_due, cancel_visit, plan_due, plan_visit, plan_year

__all__ = [
    "AccountData",
    "PlannedOutage",
    "Supply",
    "answer",
    "appoint_manager",
    "ask_consent",
    "begin_due",
    "cancel_visit",
    "make_account",
    "plan_due",
    "plan_visit",
    "plan_year",
    "review_importance",
    "save_account",
    "save_supplies",
    "withdraw",
]
