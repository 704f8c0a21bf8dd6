"""Notices: the next way where one fails, what overtakes what, why a message did not arrive

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("language", sa.String(length=5), nullable=False, server_default="zh"))
    with op.batch_alter_table("outage_notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("rest_of", sa.Integer(), nullable=True))
    with op.batch_alter_table("outage_told", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.execute(sa.text("UPDATE outage_told SET tries = 1 WHERE delivery_id IS NOT NULL"))
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.alter_column("reason", existing_type=sa.String(length=20), server_default=None)
        batch_op.alter_column("language", existing_type=sa.String(length=5), server_default=None)
    with op.batch_alter_table("outage_told", schema=None) as batch_op:
        batch_op.alter_column("tries", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("outage_told", schema=None) as batch_op:
        batch_op.drop_column("tries")
    with op.batch_alter_table("outage_notice", schema=None) as batch_op:
        batch_op.drop_column("rest_of")
        batch_op.drop_column("stopped_at")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("language")
        batch_op.drop_column("reason")
