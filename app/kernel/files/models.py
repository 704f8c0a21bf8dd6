"""The table of stored files."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class StoredFile(Base):
    """One upload: several rows may share one content. `size` in bytes, `width` and `height` in pixels.

    `thumbnail` is the hash of the small picture of a photograph.
    """

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    thumbnail: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(100))
    created_by_id: Mapped[int | None]

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")
