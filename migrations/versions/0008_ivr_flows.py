"""Telephony: flows and their versions

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ivr_flow',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('draft', sa.Text(), nullable=True),
    sa.Column('draft_by', sa.String(length=80), nullable=False),
    sa.Column('draft_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ivr_flow')),
    sa.UniqueConstraint('name', name=op.f('uq_ivr_flow_name'))
    )
    op.create_table('ivr_hours',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('title_en', sa.String(length=80), nullable=False),
    sa.Column('days', sa.String(length=10), nullable=False),
    sa.Column('opens', sa.String(length=5), nullable=False),
    sa.Column('closes', sa.String(length=5), nullable=False),
    sa.Column('forced', sa.String(length=10), nullable=True),
    sa.Column('forced_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('changed_by', sa.String(length=80), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ivr_hours')),
    sa.UniqueConstraint('name', name=op.f('uq_ivr_hours_name'))
    )
    op.create_table('ivr_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('title_en', sa.String(length=80), nullable=False),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('text_en', sa.String(length=500), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shut', sa.Boolean(), nullable=False),
    sa.Column('changed_by', sa.String(length=80), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ivr_notice')),
    sa.UniqueConstraint('name', name=op.f('uq_ivr_notice_name'))
    )
    op.create_table('ivr_release',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('back_to', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ivr_release'))
    )
    op.create_table('ivr_trial',
    sa.Column('user_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('flow', sa.String(length=60), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('answers', sa.String(length=10), nullable=False),
    sa.Column('beginning', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('inputs', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_ivr_trial'))
    )
    op.create_table('ivr_flow_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('flow_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('title_en', sa.String(length=500), nullable=False),
    sa.Column('nodes', sa.Integer(), nullable=False),
    sa.Column('coverage', sa.Double(), nullable=False),
    sa.Column('made_by', sa.String(length=80), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['flow_id'], ['ivr_flow.id'], name=op.f('fk_ivr_flow_version_flow_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ivr_flow_version')),
    sa.UniqueConstraint('flow_id', 'hash', name=op.f('uq_ivr_flow_version_flow_id_hash')),
    sa.UniqueConstraint('flow_id', 'number', name=op.f('uq_ivr_flow_version_flow_id_number'))
    )
    with op.batch_alter_table('ivr_flow_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ivr_flow_version_hash'), ['hash'], unique=False)

    op.create_table('ivr_release_flow',
    sa.Column('release_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['release_id'], ['ivr_release.id'], name=op.f('fk_ivr_release_flow_release_id')),
    sa.ForeignKeyConstraint(['version_id'], ['ivr_flow_version.id'], name=op.f('fk_ivr_release_flow_version_id')),
    sa.PrimaryKeyConstraint('release_id', 'version_id', name=op.f('pk_ivr_release_flow'))
    )
    with op.batch_alter_table('ivr_release_flow', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ivr_release_flow_version_id'), ['version_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('ivr_release_flow', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ivr_release_flow_version_id'))

    op.drop_table('ivr_release_flow')
    with op.batch_alter_table('ivr_flow_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ivr_flow_version_hash'))

    op.drop_table('ivr_flow_version')
    op.drop_table('ivr_trial')
    op.drop_table('ivr_release')
    op.drop_table('ivr_notice')
    op.drop_table('ivr_hours')
    op.drop_table('ivr_flow')
