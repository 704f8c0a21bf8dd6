"""Code lists of customers (代码表): category, industry, voltage, importance … in Chinese and English."""

from __future__ import annotations

import sqlalchemy as sa

from app.kernel.codes import Code


class CustomerCode(Code):
    """One word of a list. `facts` holds what rules need to know about it (a pattern, a bound …)."""

    __tablename__ = "customer_code"
    __table_args__ = (sa.UniqueConstraint("kind", "code"),)
