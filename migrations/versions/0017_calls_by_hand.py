"""Outages: calls that a dispatcher placed are found at once

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BY_HAND = "placed_by = 'hand'"


def upgrade() -> None:
    where = sa.text(BY_HAND)
    with op.batch_alter_table("trouble_call", schema=None) as batch_op:
        batch_op.create_index(
            "ix_trouble_call_by_hand", ["outage_id"], unique=False, sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    with op.batch_alter_table("trouble_call", schema=None) as batch_op:
        batch_op.drop_index("ix_trouble_call_by_hand")
