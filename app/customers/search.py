"""Free text over customers: name and address, in Chinese by any two neighbouring characters.

Numbers (户号, 表号, phones) have indexes of their own, by beginning and by end, which are
smaller and faster than words. Addresses stand as their key, so that every way of writing one finds it.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.customers import addresses
from app.kernel.search import SearchIndex

index = SearchIndex("customer", sa.Integer())


def search_text(name: str, address: str) -> str:
    """What a customer is found by as free text."""
    return f"{name} {addresses.key(address)}"
