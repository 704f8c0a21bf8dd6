"""Recordings of prompts, faxes, surveys, checks of callers

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('survey_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('survey', sa.String(length=60), nullable=False),
    sa.Column('call_ref', sa.String(length=80), nullable=False),
    sa.Column('answer', sa.String(length=10), nullable=False),
    sa.Column('label', sa.String(length=40), nullable=False),
    sa.Column('agent', sa.String(length=80), nullable=False),
    sa.Column('queue', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_answer')),
    sa.UniqueConstraint('survey', 'call_ref', name=op.f('uq_survey_answer_survey_call_ref'))
    )
    with op.batch_alter_table('survey_answer', schema=None) as batch_op:
        batch_op.create_index('ix_survey_answer_day', ['survey', 'at'], unique=False)

    op.create_table('fax_job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('document', sa.String(length=40), nullable=False),
    sa.Column('inputs', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('account_no', sa.String(length=32), nullable=False),
    sa.Column('call_ref', sa.String(length=80), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=True),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=80), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fax_job')),
    sa.UniqueConstraint('key', name=op.f('uq_fax_job_key'))
    )
    with op.batch_alter_table('fax_job', schema=None) as batch_op:
        batch_op.create_index('ix_fax_job_scope', ['unit_path', 'id'], unique=False)
        batch_op.create_index('ix_fax_job_state', ['state', 'next_at'], unique=False)

    op.create_table('prompt_recording',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_prompt_recording_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prompt_recording'))
    )
    with op.batch_alter_table('prompt_recording', schema=None) as batch_op:
        batch_op.create_index('ix_prompt_recording_key', ['language', 'key', 'id'], unique=False)

    op.create_table('caller_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_no', sa.String(length=32), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('method', sa.String(length=20), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('call_ref', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_caller_check_customer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_caller_check'))
    )
    with op.batch_alter_table('caller_check', schema=None) as batch_op:
        batch_op.create_index('ix_caller_check_account', ['account_no', 'at'], unique=False)
        batch_op.create_index('ix_caller_check_phone', ['phone', 'at'], unique=False)

    op.create_table('fax_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fax_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=12), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('detail', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['fax_id'], ['fax_job.id'], name=op.f('fk_fax_attempt_fax_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fax_attempt')),
    sa.UniqueConstraint('fax_id', 'n', name=op.f('uq_fax_attempt_fax_id_n'))
    )


def downgrade() -> None:
    op.drop_table('fax_attempt')
    with op.batch_alter_table('caller_check', schema=None) as batch_op:
        batch_op.drop_index('ix_caller_check_phone')
        batch_op.drop_index('ix_caller_check_account')

    op.drop_table('caller_check')
    with op.batch_alter_table('prompt_recording', schema=None) as batch_op:
        batch_op.drop_index('ix_prompt_recording_key')

    op.drop_table('prompt_recording')
    with op.batch_alter_table('fax_job', schema=None) as batch_op:
        batch_op.drop_index('ix_fax_job_state')
        batch_op.drop_index('ix_fax_job_scope')

    op.drop_table('fax_job')
    with op.batch_alter_table('survey_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_survey_answer_day')

    op.drop_table('survey_answer')
