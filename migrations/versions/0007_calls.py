"""Telephony: calls on record

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agent_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agent', sa.String(length=80), nullable=False),
    sa.Column('what', sa.String(length=10), nullable=False),
    sa.Column('value', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agent_change'))
    )
    with op.batch_alter_table('agent_change', schema=None) as batch_op:
        batch_op.create_index('ix_agent_change_agent', ['agent', 'what', 'id'], unique=False)
        batch_op.create_index('ix_agent_change_at', ['at'], unique=False)

    op.create_table('call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('direction', sa.String(length=10), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('called', sa.String(length=40), nullable=False),
    sa.Column('server', sa.String(length=80), nullable=False),
    sa.Column('flow', sa.String(length=80), nullable=False),
    sa.Column('version', sa.String(length=80), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('account_no', sa.String(length=32), nullable=False),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cause', sa.String(length=60), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('last_node', sa.String(length=200), nullable=False),
    sa.Column('queue', sa.String(length=60), nullable=False),
    sa.Column('agent', sa.String(length=80), nullable=False),
    sa.Column('waited', sa.Integer(), nullable=False),
    sa.Column('talked', sa.Integer(), nullable=False),
    sa.Column('steps', sa.Integer(), nullable=False),
    sa.Column('tags', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call')),
    sa.UniqueConstraint('key', name=op.f('uq_call_key'))
    )
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.create_index('ix_call_account', ['account_no', 'began_at'], unique=False)
        batch_op.create_index('ix_call_began', ['began_at', 'id'], unique=False)
        batch_op.create_index('ix_call_number', ['number', 'began_at'], unique=False)
        batch_op.create_index('ix_call_open', ['server'], unique=False, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.create_index('ix_call_scope', ['unit_path', 'began_at'], unique=False)

    op.create_table('flow_step_count',
    sa.Column('flow', sa.String(length=80), nullable=False),
    sa.Column('version', sa.String(length=80), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('node', sa.String(length=100), nullable=False),
    sa.Column('what', sa.String(length=70), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('flow', 'version', 'day', 'node', 'what', name=op.f('pk_flow_step_count'))
    )
    op.create_table('phone_agent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('extension', sa.String(length=20), nullable=False),
    sa.Column('username', sa.String(length=80), nullable=False),
    sa.Column('a1_hash', sa.String(length=32), nullable=False),
    sa.Column('wrap_up', sa.Integer(), nullable=False),
    sa.Column('rings', sa.Integer(), nullable=False),
    sa.Column('max_no_answer', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_agent')),
    sa.UniqueConstraint('extension', name=op.f('uq_phone_agent_extension')),
    sa.UniqueConstraint('username', name=op.f('uq_phone_agent_username'))
    )
    op.create_table('phone_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('queue', sa.String(length=40), nullable=False),
    sa.Column('details', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=True),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('result', sa.String(length=30), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_by', sa.String(length=80), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=80), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_call')),
    sa.UniqueConstraint('key', name=op.f('uq_phone_call_key'))
    )
    with op.batch_alter_table('phone_call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_phone_call_delivery_id'), ['delivery_id'], unique=False)
        batch_op.create_index('ix_phone_call_due', ['state', 'next_at'], unique=False)
        batch_op.create_index('ix_phone_call_number', ['number', 'created_at'], unique=False)

    op.create_table('phone_queue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('strategy', sa.String(length=40), nullable=False),
    sa.Column('max_wait', sa.Integer(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('record', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_queue')),
    sa.UniqueConstraint('code', name=op.f('uq_phone_queue_code'))
    )
    op.create_table('queue_visit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member', sa.String(length=80), nullable=False),
    sa.Column('queue', sa.String(length=60), nullable=False),
    sa.Column('call_key', sa.String(length=80), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('offered', sa.Integer(), nullable=False),
    sa.Column('agent', sa.String(length=80), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_visit')),
    sa.UniqueConstraint('member', name=op.f('uq_queue_visit_member'))
    )
    with op.batch_alter_table('queue_visit', schema=None) as batch_op:
        batch_op.create_index('ix_queue_visit_call', ['call_key'], unique=False)
        batch_op.create_index('ix_queue_visit_queue', ['queue', 'joined_at'], unique=False)

    op.create_table('call_leg',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('party', sa.String(length=80), nullable=False),
    sa.Column('queue', sa.String(length=60), nullable=False),
    sa.Column('uuid', sa.String(length=80), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_leg_call_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_leg')),
    sa.UniqueConstraint('call_id', 'n', name='uq_call_leg_call_id_n')
    )
    op.create_table('call_recording',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=True),
    sa.Column('call_key', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.String(length=300), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_recording_call_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_call_recording_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_recording'))
    )
    with op.batch_alter_table('call_recording', schema=None) as batch_op:
        batch_op.create_index('ix_call_recording_call', ['call_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_recording_call_key'), ['call_key'], unique=False)

    op.create_table('call_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('flow', sa.String(length=80), nullable=False),
    sa.Column('version', sa.String(length=80), nullable=False),
    sa.Column('node', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('exit', sa.String(length=60), nullable=False),
    sa.Column('input', sa.String(length=60), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_step_call_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_step')),
    sa.UniqueConstraint('call_id', 'n', name='uq_call_step_call_id_n')
    )
    op.create_table('phone_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('phone_call_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('call_key', sa.String(length=80), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.String(length=30), nullable=False),
    sa.Column('cause', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['phone_call_id'], ['phone_call.id'], name=op.f('fk_phone_attempt_phone_call_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_attempt')),
    sa.UniqueConstraint('call_key', name=op.f('uq_phone_attempt_call_key')),
    sa.UniqueConstraint('phone_call_id', 'n', name='uq_phone_attempt_phone_call_id_n')
    )
    op.create_table('phone_tier',
    sa.Column('queue_id', sa.Integer(), nullable=False),
    sa.Column('agent_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['phone_agent.id'], name=op.f('fk_phone_tier_agent_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['queue_id'], ['phone_queue.id'], name=op.f('fk_phone_tier_queue_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('queue_id', 'agent_id', name=op.f('pk_phone_tier'))
    )
    op.create_table('voicemail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('box', sa.String(length=60), nullable=False),
    sa.Column('call_key', sa.String(length=80), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('details', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_voicemail_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voicemail')),
    sa.UniqueConstraint('key', name=op.f('uq_voicemail_key'))
    )
    with op.batch_alter_table('voicemail', schema=None) as batch_op:
        batch_op.create_index('ix_voicemail_box', ['box', 'done_at', 'id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('voicemail', schema=None) as batch_op:
        batch_op.drop_index('ix_voicemail_box')

    op.drop_table('voicemail')
    op.drop_table('phone_tier')
    op.drop_table('phone_attempt')
    op.drop_table('call_step')
    with op.batch_alter_table('call_recording', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_recording_call_key'))
        batch_op.drop_index('ix_call_recording_call')

    op.drop_table('call_recording')
    op.drop_table('call_leg')
    with op.batch_alter_table('queue_visit', schema=None) as batch_op:
        batch_op.drop_index('ix_queue_visit_queue')
        batch_op.drop_index('ix_queue_visit_call')

    op.drop_table('queue_visit')
    op.drop_table('phone_queue')
    with op.batch_alter_table('phone_call', schema=None) as batch_op:
        batch_op.drop_index('ix_phone_call_number')
        batch_op.drop_index('ix_phone_call_due')
        batch_op.drop_index(batch_op.f('ix_phone_call_delivery_id'))

    op.drop_table('phone_call')
    op.drop_table('phone_agent')
    op.drop_table('flow_step_count')
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.drop_index('ix_call_scope')
        batch_op.drop_index('ix_call_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('ix_call_number')
        batch_op.drop_index('ix_call_began')
        batch_op.drop_index('ix_call_account')

    op.drop_table('call')
    with op.batch_alter_table('agent_change', schema=None) as batch_op:
        batch_op.drop_index('ix_agent_change_at')
        batch_op.drop_index('ix_agent_change_agent')

    op.drop_table('agent_change')
