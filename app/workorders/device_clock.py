"""When something happened, by a device whose clock may run ahead or behind. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta


def instant_of(
    device_at: datetime | None, received_at: datetime, *, trust: timedelta, sent_at: datetime | None = None
) -> datetime:
    """The instant meant by `device_at`, never later than `received_at`.

    `sent_at` is what the same clock showed when the device sent: the difference to `received_at` is the
    error of its clock, whatever it is, and is taken off. Without it a clock ahead counts as now, and one
    behind is believed up to `trust` (kept while there was no signal), beyond that as now.
    """
    if device_at is None:
        return received_at
    if sent_at is not None:
        return min(received_at, device_at + (received_at - max(sent_at, device_at)))
    if device_at > received_at or received_at - device_at > trust:
        return received_at
    return device_at
