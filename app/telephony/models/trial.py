"""A call that somebody tries in the browser: one a person, overwritten by the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class IvrTrial(Base):
    """`source` is `draft` or `published`; `answers` is `real` (look-ups are asked) or `stubs`.

    `beginning` is how the call began (number, time, versions), `inputs` everything that came after: what the
    interpreter makes of them is the same each time.
    """

    __tablename__ = "ivr_trial"

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    flow: Mapped[str] = mapped_column(sa.String(60))
    source: Mapped[str] = mapped_column(sa.String(10))
    answers: Mapped[str] = mapped_column(sa.String(10))
    beginning: Mapped[dict[str, Any]]
    inputs: Mapped[list[Any]]
    at: Mapped[datetime]
