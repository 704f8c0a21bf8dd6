"""Outages: what plans keep without supply

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outage_cut",
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("transformer_code", sa.String(length=64), nullable=False),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name=op.f("fk_outage_cut_outage_id")),
        sa.PrimaryKeyConstraint("outage_id", "transformer_code", name=op.f("pk_outage_cut")),
    )
    with op.batch_alter_table("outage_cut", schema=None) as batch_op:
        batch_op.create_index("ix_outage_cut_transformer", ["transformer_code"], unique=False)
        batch_op.create_index("ix_outage_cut_restored", ["restored_at"], unique=False)
    # Planned outages under way keep what they cover; what else hangs below them is known from the next one on.
    op.execute(
        """
        INSERT INTO outage_cut (outage_id, transformer_code, out_at)
        SELECT DISTINCT o.id, d.device_code, o.started_at FROM outage o
        JOIN outage_device d ON d.outage_id = o.id AND d.active
        WHERE o.status IN ('switching', 'partially_restored') AND o.nature IN ('planned', 'temporary', 'orderly')
        """
    )


def downgrade() -> None:
    op.drop_table("outage_cut")
