"""Outages: English twins of the names of devices and feeders

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ADDED = (
    ("outage", "device_name_en"),
    ("outage", "feeder_name_en"),
    ("outage_switching", "device_name_en"),
    ("outage_served", "feeder_name_en"),
)
DEVICES = ("grid_substation", "grid_node", "grid_branch", "grid_switch", "grid_feeder", "grid_lv_branch", "grid_meter_box")
KNOWN = (
    *(("outage", "device", table) for table in DEVICES),
    ("outage", "feeder", "grid_feeder"),
    ("outage_switching", "device", "grid_switch"),
    ("outage_served", "feeder", "grid_feeder"),
)
"""Which names are taken over from which table of the grid, where the Chinese name is still the same."""


def upgrade() -> None:
    for table, column in ADDED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.String(length=120), nullable=False, server_default=""))
    for table, what, source in KNOWN:
        found = f"FROM {source} g WHERE g.code = {table}.{what}_code AND g.name = {table}.{what}_name AND g.name_en <> ''"
        op.execute(f"UPDATE {table} SET {what}_name_en = (SELECT max(g.name_en) {found}) WHERE EXISTS (SELECT 1 {found})")


def downgrade() -> None:
    for table, column in ADDED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
