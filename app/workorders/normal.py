"""How addresses of orders are kept, so that the same ones are found to be the same.

Phone numbers follow `customers.phones`: orders and customers must agree on what one number is.
"""

from __future__ import annotations


def normal_address(text: str) -> str:
    """An address as it is compared: without spaces, punctuation and case."""
    return "".join(char for char in text.lower() if char.isalnum())
