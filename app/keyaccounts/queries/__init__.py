"""What pages, panels and other packages ask about key accounts. Reads only; scope is checked here."""

from app.keyaccounts.queries.accounts import account_of_customer, account_view, accounts_under, find_account
from app.keyaccounts.queries.consents import consents_of
from app.keyaccounts.queries.visits import visits_of

__all__ = ["account_of_customer", "account_view", "accounts_under", "consents_of", "find_account", "visits_of"]
