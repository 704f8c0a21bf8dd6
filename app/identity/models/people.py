"""Users (用户), their appointments (任职) to posts in units, and substitutions (代理) while they are away."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class User(Base):
    """A member of staff who may sign in.

    `unit_id` is the home unit: whose administrators look after the account (None: only
    administrators of everything). `fs_uniquifier` is what a session holds; a new one ends
    every session. `totp_counter` is the last one-time code used, so that none works twice.
    """

    __tablename__ = "app_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(60), default="")
    phone: Mapped[str] = mapped_column(sa.String(32), default="")
    email: Mapped[str] = mapped_column(sa.String(120), default="")
    locale: Mapped[str | None] = mapped_column(sa.String(8))
    active: Mapped[bool] = mapped_column(default=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("org_unit.id"), index=True)
    password: Mapped[str | None] = mapped_column(sa.String(255))
    password_changed_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(500))
    totp_counter: Mapped[int | None]
    last_sign_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    # Flask-Login asks these of whoever is signed in.
    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def is_anonymous(self) -> bool:
        return False

    def get_id(self) -> str:
        return self.fs_uniquifier

    def calc_username(self) -> str:
        """The name an authenticator application shows (asked by Flask-Security)."""
        return self.username


class Appointment(Base):
    """A user has a post in a unit for a period; no unit means the whole organisation."""

    __tablename__ = "appointment"
    __table_args__ = (sa.Index("ix_appointment_post_unit", "post_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), index=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("org_unit.id"), index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class Substitution(Base):
    """In [valid_from, valid_to) the substitute does the absent user's work as well as their own."""

    __tablename__ = "substitution"

    id: Mapped[int] = mapped_column(primary_key=True)
    absent_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), index=True)
    substitute_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    created_by: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
