"""Outages: indices

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outage_served",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("unit_path", sa.String(length=200), nullable=False),
        sa.Column("feeder_code", sa.String(length=64), nullable=False),
        sa.Column("feeder_name", sa.String(length=120), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("transformers", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_served")),
        sa.UniqueConstraint("month", "unit_code", "feeder_code", name=op.f("uq_outage_served_month_unit_code_feeder_code")),
    )
    with op.batch_alter_table("outage_served", schema=None) as batch_op:
        batch_op.create_index("ix_outage_served_scope", ["month", "unit_path"], unique=False)

    op.create_table(
        "outage_interruption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Double(), nullable=True),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("transformers", sa.Integer(), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name=op.f("fk_outage_interruption_outage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_interruption")),
    )
    with op.batch_alter_table("outage_interruption", schema=None) as batch_op:
        batch_op.create_index("ix_outage_interruption_outage", ["outage_id"], unique=False)
        batch_op.create_index("ix_outage_interruption_day", ["day"], unique=False)


def downgrade() -> None:
    op.drop_table("outage_interruption")
    op.drop_table("outage_served")
