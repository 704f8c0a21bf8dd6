"""Code lists (代码表): fault types, causes, reasons, results … each word with Chinese and English."""

from __future__ import annotations

import sqlalchemy as sa

from app.kernel.codes import Code


class OrderCode(Code):
    """One word of a list. `facts` holds what rules need to know about it (a result that ends the callback …)."""

    __tablename__ = "order_code"
    __table_args__ = (sa.UniqueConstraint("kind", "code"),)
