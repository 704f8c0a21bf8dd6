"""Outages: steps, notices, storms, planned outages

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('outage_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('outage_id', sa.Integer(), nullable=False),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('occasion', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('text_en', sa.Text(), nullable=False),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('tell', sa.Boolean(), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('recipients', sa.Integer(), nullable=False),
    sa.Column('cursor', sa.Integer(), nullable=True),
    sa.Column('caused_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('by_name', sa.String(length=80), nullable=False),
    sa.Column('warned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('instance_id', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['outage_id'], ['outage.id'], name=op.f('fk_outage_notice_outage_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outage_notice'))
    )
    op.create_index('ix_outage_notice_draft', 'outage_notice', ['state', 'due_at'], unique=False)
    op.create_index('ix_outage_notice_outage', 'outage_notice', ['outage_id', 'id'], unique=False)
    op.create_table('outage_recipient',
    sa.Column('outage_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('transformer_code', sa.String(length=64), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_outage_recipient_customer_id')),
    sa.ForeignKeyConstraint(['outage_id'], ['outage.id'], name=op.f('fk_outage_recipient_outage_id')),
    sa.PrimaryKeyConstraint('outage_id', 'customer_id', name=op.f('pk_outage_recipient'))
    )
    op.create_index(op.f('ix_outage_recipient_customer_id'), 'outage_recipient', ['customer_id'], unique=False)
    op.create_table('outage_told',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('why', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_outage_told_customer_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['outage_notice.id'], name=op.f('fk_outage_told_notice_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outage_told')),
    sa.UniqueConstraint('notice_id', 'customer_id', name=op.f('uq_outage_told_notice_id_customer_id'))
    )
    op.create_index('ix_outage_told_customer', 'outage_told', ['customer_id', 'id'], unique=False)
    op.create_index('ix_outage_told_delivery', 'outage_told', ['delivery_id'], unique=False)
    op.create_index('ix_outage_told_waiting', 'outage_told', ['state', 'at'], unique=False)
    op.create_table('outage_plan',
    sa.Column('outage_id', sa.Integer(), nullable=False),
    sa.Column('work', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('devices', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('judgement', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('terms', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('planner', sa.String(length=80), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reviewed_by', sa.String(length=80), nullable=False),
    sa.Column('review_note', sa.String(length=500), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by', sa.String(length=80), nullable=False),
    sa.Column('approve_note', sa.String(length=500), nullable=False),
    sa.Column('as_temporary', sa.Boolean(), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_to', sa.DateTime(timezone=True), nullable=False),
    sa.Column('extensions', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('ended_reason', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['outage_id'], ['outage.id'], name=op.f('fk_outage_plan_outage_id')),
    sa.PrimaryKeyConstraint('outage_id', name=op.f('pk_outage_plan'))
    )
    op.create_table('outage_switching',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('outage_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('device_code', sa.String(length=64), nullable=False),
    sa.Column('device_name', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=6), nullable=False),
    sa.Column('phases', sa.String(length=3), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['outage_id'], ['outage.id'], name=op.f('fk_outage_switching_outage_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outage_switching')),
    sa.UniqueConstraint('outage_id', 'n', name=op.f('uq_outage_switching_outage_id_n'))
    )
    op.create_table('outage_storm',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=32), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('unit_code', sa.String(length=40), nullable=False),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.String(length=80), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('began_by', sa.String(length=80), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=80), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('greeting', sa.String(length=300), nullable=False),
    sa.Column('greeting_en', sa.String(length=300), nullable=False),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('summary', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('instance_id', sa.String(length=36), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outage_storm')),
    sa.UniqueConstraint('number', name=op.f('uq_outage_storm_number'))
    )
    op.create_index('ix_outage_storm_scope', 'outage_storm', ['unit_path', 'id'], unique=False)
    op.create_index('ux_outage_storm_running', 'outage_storm', ['unit_code'], unique=True, sqlite_where=sa.text("state IN ('proposed', 'active')"), postgresql_where=sa.text("state IN ('proposed', 'active')"))
    op.create_table('outage_verification',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('outage_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('channel', sa.String(length=12), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('nested_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_outage_verification_customer_id')),
    sa.ForeignKeyConstraint(['nested_id'], ['outage.id'], name=op.f('fk_outage_verification_nested_id')),
    sa.ForeignKeyConstraint(['outage_id'], ['outage.id'], name=op.f('fk_outage_verification_outage_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outage_verification')),
    sa.UniqueConstraint('outage_id', 'customer_id', name=op.f('uq_outage_verification_outage_id_customer_id'))
    )
    op.create_index('ix_outage_verification_customer', 'outage_verification', ['customer_id'], unique=False)


def downgrade() -> None:
    op.drop_table("outage_verification")
    op.drop_table("outage_storm")
    op.drop_table("outage_switching")
    op.drop_table("outage_plan")
    op.drop_table("outage_told")
    op.drop_table("outage_recipient")
    op.drop_table("outage_notice")
