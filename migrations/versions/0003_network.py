"""Grid model

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('grid_branch',
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('from_code', sa.String(length=40), nullable=False),
    sa.Column('to_code', sa.String(length=40), nullable=False),
    sa.Column('length', sa.Double(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('unit_code', sa.String(length=40), nullable=False),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('phases', sa.String(length=3), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint("kind in ('line', 'cable', 'power_transformer')", name=op.f('ck_grid_branch_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_branch')),
    sa.UniqueConstraint('code', 'valid_from', name=op.f('uq_grid_branch_code_valid_from'))
    )
    with op.batch_alter_table('grid_branch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grid_branch_unit_path'), ['unit_path'], unique=False)

    op.create_table('grid_customer_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('premises_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_customer_mark'))
    )
    op.create_table('grid_feeder',
    sa.Column('breaker_code', sa.String(length=40), nullable=False),
    sa.Column('busbar_code', sa.String(length=40), nullable=False),
    sa.Column('substation_code', sa.String(length=40), nullable=False),
    sa.Column('voltage', sa.Double(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('unit_code', sa.String(length=40), nullable=False),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('phases', sa.String(length=3), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_feeder')),
    sa.UniqueConstraint('code', 'valid_from', name=op.f('uq_grid_feeder_code_valid_from'))
    )
    with op.batch_alter_table('grid_feeder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grid_feeder_breaker_code'), ['breaker_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_grid_feeder_substation_code'), ['substation_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_grid_feeder_unit_path'), ['unit_path'], unique=False)

    op.create_table('grid_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('by_name', sa.String(length=100), nullable=False),
    sa.Column('form', sa.String(length=20), nullable=False),
    sa.Column('files', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('counts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('findings', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_import'))
    )
    with op.batch_alter_table('grid_import', schema=None) as batch_op:
        batch_op.create_index('ix_grid_import_at', ['at'], unique=False)

    op.create_table('grid_lv_branch',
    sa.Column('transformer_code', sa.String(length=40), nullable=False),
    sa.Column('parent_code', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('unit_code', sa.String(length=40), nullable=False),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('phases', sa.String(length=3), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_lv_branch')),
    sa.UniqueConstraint('code', 'valid_from', name=op.f('uq_grid_lv_branch_code_valid_from'))
    )
    with op.batch_alter_table('grid_lv_branch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grid_lv_branch_transformer_code'), ['transformer_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_grid_lv_branch_unit_path'), ['unit_path'], unique=False)

    op.create_table('grid_meter_box',
    sa.Column('transformer_code', sa.String(length=40), nullable=False),
    sa.Column('lv_branch_code', sa.String(length=40), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('unit_code', sa.String(length=40), nullable=False),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('phases', sa.String(length=3), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_meter_box')),
    sa.UniqueConstraint('code', 'valid_from', name=op.f('uq_grid_meter_box_code_valid_from'))
    )
    with op.batch_alter_table('grid_meter_box', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grid_meter_box_transformer_code'), ['transformer_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_grid_meter_box_unit_path'), ['unit_path'], unique=False)

    op.create_table('grid_node',
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('voltage', sa.Double(), nullable=True),
    sa.Column('substation_code', sa.String(length=40), nullable=False),
    sa.Column('infeed', sa.Boolean(), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('capacity', sa.Double(), nullable=True),
    sa.Column('load', sa.Double(), nullable=True),
    sa.Column('public', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('unit_code', sa.String(length=40), nullable=False),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('phases', sa.String(length=3), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint(
        "kind in ('source', 'busbar', 'junction', 'distribution_transformer')", name=op.f("ck_grid_node_kind")
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_node')),
    sa.UniqueConstraint('code', 'valid_from', name=op.f('uq_grid_node_code_valid_from'))
    )
    with op.batch_alter_table('grid_node', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grid_node_substation_code'), ['substation_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_grid_node_unit_path'), ['unit_path'], unique=False)

    op.create_table('grid_substation',
    sa.Column('voltage', sa.Double(), nullable=True),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('unit_code', sa.String(length=40), nullable=False),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('phases', sa.String(length=3), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_substation')),
    sa.UniqueConstraint('code', 'valid_from', name=op.f('uq_grid_substation_code_valid_from'))
    )
    with op.batch_alter_table('grid_substation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grid_substation_unit_path'), ['unit_path'], unique=False)

    op.create_table('grid_switch',
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('from_code', sa.String(length=40), nullable=False),
    sa.Column('to_code', sa.String(length=40), nullable=False),
    sa.Column('normal', sa.String(length=3), nullable=False),
    sa.Column('present', sa.String(length=3), nullable=False),
    sa.Column('protective', sa.Boolean(), nullable=False),
    sa.Column('remote', sa.Boolean(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('unit_code', sa.String(length=40), nullable=False),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('phases', sa.String(length=3), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint("kind in ('CB', 'breaker', 'LBS', 'disconnector', 'fuse')", name=op.f('ck_grid_switch_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_switch')),
    sa.UniqueConstraint('code', 'valid_from', name=op.f('uq_grid_switch_code_valid_from'))
    )
    with op.batch_alter_table('grid_switch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grid_switch_changed'), ['changed'], unique=False)
        batch_op.create_index(batch_op.f('ix_grid_switch_unit_path'), ['unit_path'], unique=False)

    op.create_table('grid_switching',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('switch_code', sa.String(length=40), nullable=False),
    sa.Column('unit_path', sa.String(length=200), nullable=False),
    sa.Column('before', sa.String(length=3), nullable=False),
    sa.Column('after', sa.String(length=3), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('by_name', sa.String(length=100), nullable=False),
    sa.Column('applied', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_switching')),
    sa.UniqueConstraint('key', name=op.f('uq_grid_switching_key'))
    )
    with op.batch_alter_table('grid_switching', schema=None) as batch_op:
        batch_op.create_index('ix_grid_switching_switch', ['switch_code', 'id'], unique=False)

    op.create_table('grid_version',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('structure', sa.String(length=36), nullable=False),
    sa.Column('state', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_version'))
    )


def downgrade() -> None:
    op.drop_table('grid_version')
    with op.batch_alter_table('grid_switching', schema=None) as batch_op:
        batch_op.drop_index('ix_grid_switching_switch')

    op.drop_table('grid_switching')
    with op.batch_alter_table('grid_switch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grid_switch_unit_path'))
        batch_op.drop_index(batch_op.f('ix_grid_switch_changed'))

    op.drop_table('grid_switch')
    with op.batch_alter_table('grid_substation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grid_substation_unit_path'))

    op.drop_table('grid_substation')
    with op.batch_alter_table('grid_node', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grid_node_unit_path'))
        batch_op.drop_index(batch_op.f('ix_grid_node_substation_code'))

    op.drop_table('grid_node')
    with op.batch_alter_table('grid_meter_box', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grid_meter_box_unit_path'))
        batch_op.drop_index(batch_op.f('ix_grid_meter_box_transformer_code'))

    op.drop_table('grid_meter_box')
    with op.batch_alter_table('grid_lv_branch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grid_lv_branch_unit_path'))
        batch_op.drop_index(batch_op.f('ix_grid_lv_branch_transformer_code'))

    op.drop_table('grid_lv_branch')
    with op.batch_alter_table('grid_import', schema=None) as batch_op:
        batch_op.drop_index('ix_grid_import_at')

    op.drop_table('grid_import')
    with op.batch_alter_table('grid_feeder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grid_feeder_unit_path'))
        batch_op.drop_index(batch_op.f('ix_grid_feeder_substation_code'))
        batch_op.drop_index(batch_op.f('ix_grid_feeder_breaker_code'))

    op.drop_table('grid_feeder')
    op.drop_table('grid_customer_mark')
    with op.batch_alter_table('grid_branch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grid_branch_unit_path'))

    op.drop_table('grid_branch')
