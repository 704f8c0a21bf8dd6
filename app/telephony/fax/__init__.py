"""Faxes that go out."""

from __future__ import annotations

from app.telephony.fax import models

__all__ = ["models"]
