"""Billing: promises to pay

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("call_ref", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("noted_by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_payment_promise_customer_id_customer")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["cut_off_notice.id"], name=op.f("fk_payment_promise_notice_id_cut_off_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_promise")),
        sa.UniqueConstraint("notice_id", "call_ref", name="uq_payment_promise_notice_id_call_ref"),
    )
    op.create_index("ix_payment_promise_customer", "payment_promise", ["customer_id", "id"])


def downgrade() -> None:
    op.drop_table("payment_promise")
