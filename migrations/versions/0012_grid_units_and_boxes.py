"""Grid: the units an import names, customers by their meter box

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
IN_BOX = sa.text("meter_box <> ''")


def upgrade() -> None:
    with op.batch_alter_table("grid_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("units", JSON, nullable=False, server_default="[]"))
    op.create_index(
        "ix_premises_meter_box", "premises", ["meter_box"], sqlite_where=IN_BOX, postgresql_where=IN_BOX
    )


def downgrade() -> None:
    op.drop_index("ix_premises_meter_box", table_name="premises")
    with op.batch_alter_table("grid_import", schema=None) as batch_op:
        batch_op.drop_column("units")
