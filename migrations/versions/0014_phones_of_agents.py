"""The agent's phone: what rings, short-lived passwords, why agents pause, who is rung

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pause_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("name_en", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause_reason")),
        sa.UniqueConstraint("code", name=op.f("uq_pause_reason_code")),
    )
    with op.batch_alter_table("phone_agent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default="telephone"))
        batch_op.add_column(sa.Column("seat", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("queue_visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offered_to", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("agent_uuid", sa.String(length=80), nullable=False, server_default=""))
        batch_op.create_index("ix_queue_visit_open", ["left_at", "joined_at"], unique=False)
    with op.batch_alter_table("agent_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(length=20), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("agent_change", schema=None) as batch_op:
        batch_op.drop_column("reason")
    with op.batch_alter_table("queue_visit", schema=None) as batch_op:
        batch_op.drop_index("ix_queue_visit_open")
        batch_op.drop_column("agent_uuid")
        batch_op.drop_column("offered_to")
    with op.batch_alter_table("phone_agent", schema=None) as batch_op:
        batch_op.drop_column("expires_at")
        batch_op.drop_column("seat")
        batch_op.drop_column("kind")
    op.drop_table("pause_reason")
