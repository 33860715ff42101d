"""Finish the notes

Revision: 0006
Follows: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.clock

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('note_taker',
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['added_by_id'], ['user.id'], name=op.f('fk_note_taker_added_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_note_taker_user_id_user'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_note_taker_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('webinar_id', 'user_id', name=op.f('pk_note_taker'))
    )
    with op.batch_alter_table('note_taker', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_note_taker_user_id'), ['user_id'], unique=False)

    op.create_table('correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('base', sa.Integer(), nullable=False),
    sa.Column('paragraph', sa.Integer(), nullable=False),
    sa.Column('was', sa.Text(), nullable=False),
    sa.Column('proposed', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('open', 'accepted', 'rejected', 'withdrawn', name='correctionstate', native_enum=False, length=20), nullable=False),
    sa.Column('answer', sa.String(length=500), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('lock_version', sa.Integer(), nullable=False),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user.id'], name=op.f('fk_correction_answered_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['note_id'], ['note.id'], name=op.f('fk_correction_note_id_note'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_correction_registration_id_registration'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_correction_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_note_id'), ['note_id'], unique=False)

    op.create_table('note_presence',
    sa.Column('note_set_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=True),
    sa.Column('seen_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['note_id'], ['note.id'], name=op.f('fk_note_presence_note_id_note'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['note_set_id'], ['note_set.id'], name=op.f('fk_note_presence_note_set_id_note_set'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_note_presence_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('note_set_id', 'user_id', name=op.f('pk_note_presence'))
    )
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.add_column(sa.Column('line', sa.Text(), server_default='', nullable=False))
        batch_op.create_index(batch_op.f('ix_action_note_id'), ['note_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_owner_city_id'), ['owner_city_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_owner_user_id'), ['owner_user_id'], unique=False)
        batch_op.create_index('ix_action_state_due', ['state', 'due_on'], unique=False)

    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('carries_actions', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('line', sa.Text(), server_default='', nullable=False))
        batch_op.create_index(batch_op.f('ix_decision_note_id'), ['note_id'], unique=False)

    with op.batch_alter_table('note', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Enum('general', 'item', 'earlier', 'questions', 'extra', name='notekind', native_enum=False, length=20), server_default='extra', nullable=False))
        batch_op.add_column(sa.Column('removed_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))

    with op.batch_alter_table('note_set', schema=None) as batch_op:
        batch_op.add_column(sa.Column('naming', sa.Enum('person', 'city', 'actor', 'nobody', name='naming', native_enum=False, length=20), server_default='person', nullable=False))
        batch_op.add_column(sa.Column('review_until', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('followup_thread_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_note_set_followup_thread_id_thread'), 'thread', ['followup_thread_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_excused', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wants_action_mails', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('wants_summary_mails', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('webinar', schema=None) as batch_op:
        batch_op.add_column(sa.Column('copied_from_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_webinar_copied_from_id'), ['copied_from_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_webinar_copied_from_id_webinar'), 'webinar', ['copied_from_id'], ['id'], ondelete='SET NULL')

    op.execute("UPDATE note SET kind = 'item' WHERE agenda_item_id IS NOT NULL")
    op.execute("UPDATE note SET kind = 'general' WHERE agenda_item_id IS NULL AND position = 0")
    op.execute("UPDATE note_set SET naming = 'nobody' WHERE attribution = 'chatham_house'")



def downgrade() -> None:
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.drop_column('wants_summary_mails')
        batch_op.drop_column('wants_action_mails')

    with op.batch_alter_table('webinar', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_webinar_copied_from_id_webinar'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_webinar_copied_from_id'))
        batch_op.drop_column('copied_from_id')

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_column('is_excused')

    with op.batch_alter_table('note_set', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_note_set_followup_thread_id_thread'), type_='foreignkey')
        batch_op.drop_column('followup_thread_id')
        batch_op.drop_column('review_until')
        batch_op.drop_column('naming')

    with op.batch_alter_table('note', schema=None) as batch_op:
        batch_op.drop_column('removed_at')
        batch_op.drop_column('kind')

    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_note_id'))
        batch_op.drop_column('line')

    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.drop_column('carries_actions')

    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.drop_index('ix_action_state_due')
        batch_op.drop_index(batch_op.f('ix_action_owner_user_id'))
        batch_op.drop_index(batch_op.f('ix_action_owner_city_id'))
        batch_op.drop_index(batch_op.f('ix_action_note_id'))
        batch_op.drop_column('line')

    op.drop_table('note_presence')
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_correction_note_id'))

    op.drop_table('correction')
    with op.batch_alter_table('note_taker', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_note_taker_user_id'))

    op.drop_table('note_taker')
