"""Outages: trouble calls, groups, location

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meter_signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("meter_no", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("transformer_code", sa.String(length=64), nullable=False),
        sa.Column("feeder_code", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_meter_signal_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meter_signal")),
        sa.UniqueConstraint("key", name=op.f("uq_meter_signal_key")),
    )
    with op.batch_alter_table("meter_signal", schema=None) as batch_op:
        batch_op.create_index("ix_meter_signal_customer", ["customer_id", "at"], unique=False)
        batch_op.create_index("ix_meter_signal_feeder", ["feeder_code", "at"], unique=False)
        batch_op.create_index("ix_meter_signal_received", ["received_at"], unique=False)

    op.create_table(
        "outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("device_code", sa.String(length=64), nullable=False),
        sa.Column("device_name", sa.String(length=120), nullable=False),
        sa.Column("device_kind", sa.String(length=30), nullable=False),
        sa.Column("feeder_code", sa.String(length=64), nullable=False),
        sa.Column("feeder_name", sa.String(length=120), nullable=False),
        sa.Column("substation_code", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("phases", sa.String(length=3), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("unit_path", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("joined_into_id", sa.Integer(), nullable=True),
        sa.Column("storm_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("customers_total", sa.Integer(), nullable=False),
        sa.Column("customers_out", sa.Integer(), nullable=False),
        sa.Column("customers_restored", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("important", sa.Integer(), nullable=False),
        sa.Column("important_level", sa.String(length=20), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("cause_note", sa.Text(), nullable=False),
        sa.Column("weather", sa.String(length=40), nullable=False),
        sa.Column("hazard", sa.String(length=40), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("etr_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("etr_source", sa.String(length=20), nullable=False),
        sa.Column("crew_id", sa.Integer(), nullable=True),
        sa.Column("main_order_id", sa.Integer(), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("callbacks_pending", sa.Integer(), nullable=False),
        sa.Column("why", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["crew_id"], ["crew.id"], name=op.f("fk_outage_crew_id")),
        sa.ForeignKeyConstraint(["joined_into_id"], ["outage.id"], name=op.f("fk_outage_joined_into_id")),
        sa.ForeignKeyConstraint(["main_order_id"], ["work_order.id"], name=op.f("fk_outage_main_order_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["outage.id"], name=op.f("fk_outage_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
        sa.UniqueConstraint("number", name=op.f("uq_outage_number")),
    )
    with op.batch_alter_table("outage", schema=None) as batch_op:
        batch_op.create_index("ix_outage_device", ["device_code"], unique=False)
        batch_op.create_index("ix_outage_feeder", ["feeder_code"], unique=False)
        batch_op.create_index(
            "ix_outage_feeder_under_way",
            ["feeder_code"],
            unique=False,
            sqlite_where=sa.text("status NOT IN ('closed', 'cancelled')"),
            postgresql_where=sa.text("status NOT IN ('closed', 'cancelled')"),
        )
        batch_op.create_index("ix_outage_main_order", ["main_order_id"], unique=False)
        batch_op.create_index("ix_outage_parent", ["parent_id"], unique=False)
        batch_op.create_index("ix_outage_scope", ["unit_path", "id"], unique=False)
        batch_op.create_index("ix_outage_started", ["started_at"], unique=False)
        batch_op.create_index("ix_outage_storm", ["storm_id"], unique=False)
        batch_op.create_index(
            "ix_outage_under_way",
            ["unit_path", "status"],
            unique=False,
            sqlite_where=sa.text("status NOT IN ('closed', 'cancelled')"),
            postgresql_where=sa.text("status NOT IN ('closed', 'cancelled')"),
        )

    op.create_table(
        "outage_customer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("transformer_code", sa.String(length=64), nullable=False),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_outage_customer_customer_id")),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name=op.f("fk_outage_customer_outage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_customer")),
    )
    with op.batch_alter_table("outage_customer", schema=None) as batch_op:
        batch_op.create_index("ix_outage_customer_customer", ["customer_id", "out_at"], unique=False)
        batch_op.create_index("ix_outage_customer_outage", ["outage_id", "transformer_code"], unique=False)
        batch_op.create_index(
            "ux_outage_customer_active",
            ["customer_id"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.create_table(
        "outage_device",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("device_code", sa.String(length=64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name=op.f("fk_outage_device_outage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_device")),
    )
    with op.batch_alter_table("outage_device", schema=None) as batch_op:
        batch_op.create_index("ix_outage_device_outage", ["outage_id"], unique=False)
        batch_op.create_index(
            "ux_outage_device_active",
            ["device_code"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.create_table(
        "outage_etr",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etr_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name=op.f("fk_outage_etr_outage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_etr")),
    )
    with op.batch_alter_table("outage_etr", schema=None) as batch_op:
        batch_op.create_index("ix_outage_etr_outage", ["outage_id", "id"], unique=False)

    op.create_table(
        "outage_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("params", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name=op.f("fk_outage_event_outage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_event")),
    )
    with op.batch_alter_table("outage_event", schema=None) as batch_op:
        batch_op.create_index("ix_outage_event_outage", ["outage_id", "id"], unique=False)

    op.create_table(
        "outage_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("device_code", sa.String(length=64), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("customer_minutes", sa.Double(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name=op.f("fk_outage_step_outage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_step")),
        sa.UniqueConstraint("outage_id", "n", name=op.f("uq_outage_step_outage_id_n")),
    )
    op.create_table(
        "trouble_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("account_no", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("transformer_code", sa.String(length=64), nullable=False),
        sa.Column("feeder_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("unit_path", sa.String(length=200), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("screening", sa.String(length=30), nullable=False),
        sa.Column("screening_facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("placed_by", sa.String(length=10), nullable=False),
        sa.Column("suspect", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_trouble_call_customer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_trouble_call_order_id")),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name=op.f("fk_trouble_call_outage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trouble_call")),
        sa.UniqueConstraint("key", name=op.f("uq_trouble_call_key")),
    )
    with op.batch_alter_table("trouble_call", schema=None) as batch_op:
        batch_op.create_index("ix_trouble_call_customer", ["customer_id", "reported_at"], unique=False)
        batch_op.create_index("ix_trouble_call_order", ["order_id"], unique=False)
        batch_op.create_index("ix_trouble_call_outage", ["outage_id", "id"], unique=False)
        batch_op.create_index("ix_trouble_call_phone", ["phone", "received_at"], unique=False)
        batch_op.create_index("ix_trouble_call_received", ["received_at"], unique=False)
        batch_op.create_index(
            "ix_trouble_call_waiting",
            ["feeder_code", "zone"],
            unique=False,
            sqlite_where=sa.text("state IN ('open', 'attached')"),
            postgresql_where=sa.text("state IN ('open', 'attached')"),
        )


def downgrade() -> None:
    with op.batch_alter_table("trouble_call", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_trouble_call_waiting",
            sqlite_where=sa.text("state IN ('open', 'attached')"),
            postgresql_where=sa.text("state IN ('open', 'attached')"),
        )
        batch_op.drop_index("ix_trouble_call_received")
        batch_op.drop_index("ix_trouble_call_phone")
        batch_op.drop_index("ix_trouble_call_outage")
        batch_op.drop_index("ix_trouble_call_order")
        batch_op.drop_index("ix_trouble_call_customer")

    op.drop_table("trouble_call")
    op.drop_table("outage_step")
    with op.batch_alter_table("outage_event", schema=None) as batch_op:
        batch_op.drop_index("ix_outage_event_outage")

    op.drop_table("outage_event")
    with op.batch_alter_table("outage_etr", schema=None) as batch_op:
        batch_op.drop_index("ix_outage_etr_outage")

    op.drop_table("outage_etr")
    with op.batch_alter_table("outage_device", schema=None) as batch_op:
        batch_op.drop_index(
            "ux_outage_device_active", sqlite_where=sa.text("active"), postgresql_where=sa.text("active")
        )
        batch_op.drop_index("ix_outage_device_outage")

    op.drop_table("outage_device")
    with op.batch_alter_table("outage_customer", schema=None) as batch_op:
        batch_op.drop_index(
            "ux_outage_customer_active", sqlite_where=sa.text("active"), postgresql_where=sa.text("active")
        )
        batch_op.drop_index("ix_outage_customer_outage")
        batch_op.drop_index("ix_outage_customer_customer")

    op.drop_table("outage_customer")
    with op.batch_alter_table("outage", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outage_under_way",
            sqlite_where=sa.text("status NOT IN ('closed', 'cancelled')"),
            postgresql_where=sa.text("status NOT IN ('closed', 'cancelled')"),
        )
        batch_op.drop_index("ix_outage_storm")
        batch_op.drop_index("ix_outage_started")
        batch_op.drop_index("ix_outage_scope")
        batch_op.drop_index("ix_outage_parent")
        batch_op.drop_index("ix_outage_main_order")
        batch_op.drop_index(
            "ix_outage_feeder_under_way",
            sqlite_where=sa.text("status NOT IN ('closed', 'cancelled')"),
            postgresql_where=sa.text("status NOT IN ('closed', 'cancelled')"),
        )
        batch_op.drop_index("ix_outage_feeder")
        batch_op.drop_index("ix_outage_device")

    op.drop_table("outage")
    with op.batch_alter_table("meter_signal", schema=None) as batch_op:
        batch_op.drop_index("ix_meter_signal_received")
        batch_op.drop_index("ix_meter_signal_feeder")
        batch_op.drop_index("ix_meter_signal_customer")

    op.drop_table("meter_signal")
