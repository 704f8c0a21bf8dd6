"""Rules of billing as data: what a tariff and the rules beside it may say, checked when they are loaded.

`tariff` and `house` are the rules as the computation reads them (values, no behaviour beyond looking
up); `schema` reads them from JSON or YAML and says what is wrong where; `book` holds versions and gives
the one in force on a day. Prices are yuan with all their places, thresholds kWh.
"""

from app.billing.rules.book import Book, Version, book_of, house_on
from app.billing.rules.house import House, LateFee, PowerFactor
from app.billing.rules.schema import InvalidRules, read_rule, read_tariff
from app.billing.rules.tariff import PARTS, TariffRules

__all__ = [
    "PARTS",
    "Book",
    "House",
    "InvalidRules",
    "LateFee",
    "PowerFactor",
    "TariffRules",
    "Version",
    "book_of",
    "house_on",
    "read_rule",
    "read_tariff",
]
