"""Whose clock counts: what devices and other systems say of the time, set right by ours."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.outages.location import Thresholds


def corrected(
    device_at: datetime | None,
    *,
    sent_at: datetime | None,
    received_at: datetime,
    ahead: timedelta,
    behind: timedelta,
) -> datetime:
    """The instant at which something happened, by the server's clock; never later than `received_at`.

    `device_at` is when it happened and `sent_at` when it was sent, both by the sender's clock: the difference
    between sending and receiving is the error of that clock, and is taken off. Without `sent_at` a clock that
    runs up to `ahead` too fast is believed to be right, as is a report up to `behind` old; what lies outside
    cannot be right and counts as happening now.
    """
    if device_at is None:
        return received_at
    if sent_at is not None and device_at <= sent_at:
        device_at += received_at - sent_at
        return max(min(device_at, received_at), received_at - behind)
    if device_at > received_at + ahead or device_at < received_at - behind:
        return received_at
    return min(device_at, received_at)


def trusted(
    device_at: datetime | None, *, sent_at: datetime | None = None, now: datetime, thresholds: Thresholds
) -> datetime:
    """`corrected` of what is told now, by the limits in force."""
    return corrected(
        device_at,
        sent_at=sent_at,
        received_at=now,
        ahead=thresholds.minutes("clock_ahead"),
        behind=thresholds.minutes("clock_behind"),
    )
