"""Words of supervision: lines of business, reasons of a 督办, words that media use. Rows of `standard.yaml`."""

from __future__ import annotations

import sqlalchemy as sa

from app.kernel.codes import Code


class SupervisionWord(Code):
    """`kind` is line, reason, media, rule or bound; `facts` of a line: `post` and `kinds` (category[/sub-type])."""

    __tablename__ = "supervision_word"
    __table_args__ = (sa.UniqueConstraint("kind", "code"),)
