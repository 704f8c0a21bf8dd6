"""Recordings of talks: taken in once, paused while something secret is said

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAMED = sa.text("path <> ''")
WAITING = sa.text("file_id IS NULL AND path <> ''")


def upgrade() -> None:
    op.create_table(
        "recording_pause",
        sa.Column("call_key", sa.String(length=80), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("call_key", name=op.f("pk_recording_pause")),
    )
    op.create_index(
        "uq_call_recording_path",
        "call_recording",
        ["call_key", "path"],
        unique=True,
        sqlite_where=NAMED,
        postgresql_where=NAMED,
    )
    op.create_index(
        "ix_call_recording_waiting", "call_recording", ["id"], sqlite_where=WAITING, postgresql_where=WAITING
    )


def downgrade() -> None:
    op.drop_index("ix_call_recording_waiting", table_name="call_recording")
    op.drop_index("uq_call_recording_path", table_name="call_recording")
    op.drop_table("recording_pause")
