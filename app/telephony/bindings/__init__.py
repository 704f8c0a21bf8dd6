"""What telephony registers for flows and diagrams."""

from __future__ import annotations

from app.telephony.bindings import switches

__all__ = ["switches"]
