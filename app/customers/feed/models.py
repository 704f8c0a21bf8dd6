"""The feed's counter and its subscribers."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class FeedPosition(Base):
    """One row: the last position given, and the first that is still readable."""

    __tablename__ = "feed_position"

    id: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    first: Mapped[int] = mapped_column(sa.BigInteger, default=1)


class FeedSubscriber(Base):
    """An address that changes are pushed to.

    `secret_name` names the environment variable with the signing secret. `position` is the last change that
    was taken, `failures` the attempts in a row that were not, `error` why.
    """

    __tablename__ = "feed_subscriber"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    url: Mapped[str] = mapped_column(sa.String(500))
    secret_name: Mapped[str] = mapped_column(sa.String(80))
    subjects: Mapped[list[str]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    failures: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(index=True)
    error: Mapped[str] = mapped_column(sa.String(500), default="")
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(80))

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)
