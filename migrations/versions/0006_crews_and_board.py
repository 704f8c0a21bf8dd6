"""Crews: skills, vehicles, shifts, positions

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("crew", schema=None) as batch_op:
        batch_op.add_column(sa.Column("skills", JSON, server_default=sa.text("'[]'"), nullable=False))
        batch_op.add_column(sa.Column("lat", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("lon", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("accuracy", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("position_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("position_source", sa.String(length=10), server_default="", nullable=False))
    op.create_table(
        "crew_vehicle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crew_id", sa.Integer(), nullable=False),
        sa.Column("plate", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("equipment", JSON, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["crew_id"], ["crew.id"], name=op.f("fk_crew_vehicle_crew_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew_vehicle")),
        sa.UniqueConstraint("plate", name=op.f("uq_crew_vehicle_plate")),
    )
    op.create_index("ix_crew_vehicle_crew_id", "crew_vehicle", ["crew_id"], unique=False)
    op.create_table(
        "crew_shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crew_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("begun", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("ck_crew_shift_order")),
        sa.ForeignKeyConstraint(["crew_id"], ["crew.id"], name=op.f("fk_crew_shift_crew_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew_shift")),
        sa.UniqueConstraint("crew_id", "begins_at", name=op.f("uq_crew_shift_crew_id_begins_at")),
    )
    op.create_index("ix_crew_shift_day", "crew_shift", ["day", "crew_id"], unique=False)
    op.create_index("ix_crew_shift_ends", "crew_shift", ["ended", "begins_at"], unique=False)
    op.create_table(
        "crew_position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crew_id", sa.Integer(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("accuracy", sa.Double(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("device_at", INSTANT, nullable=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["crew_id"], ["crew.id"], name=op.f("fk_crew_position_crew_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_crew_position_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew_position")),
    )
    op.create_index("ix_crew_position_crew", "crew_position", ["crew_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_crew_position_crew", table_name="crew_position")
    op.drop_table("crew_position")
    op.drop_index("ix_crew_shift_ends", table_name="crew_shift")
    op.drop_index("ix_crew_shift_day", table_name="crew_shift")
    op.drop_table("crew_shift")
    op.drop_index("ix_crew_vehicle_crew_id", table_name="crew_vehicle")
    op.drop_table("crew_vehicle")
    with op.batch_alter_table("crew", schema=None) as batch_op:
        for column in ("position_source", "position_at", "accuracy", "lon", "lat", "skills"):
            batch_op.drop_column(column)
