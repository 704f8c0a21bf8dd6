"""The store Flask-Security asks for users: one query, and no commit, which belongs to the request."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_security.datastore import UserDatastore

from app.identity.models import Role, User
from app.kernel.db import session


class Datastore(UserDatastore):
    """Users of `app_user`. Rights are not asked through Flask-Security: see `queries.rights`."""

    def __init__(self) -> None:
        models: Any = (User, Role)
        super().__init__(*models)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Any:
        ((name, value),) = kwargs.items()
        return session.scalar(sa.select(User).where(getattr(User, name) == value))

    def find_role(self, role: str) -> Any:
        return session.scalar(sa.select(Role).where(Role.code == role))

    def put(self, model: Any) -> Any:
        session.add(model)
        return model

    def delete(self, model: Any) -> None:
        session.delete(model)

    def commit(self) -> None:
        """Nothing: the request owns the commit."""
