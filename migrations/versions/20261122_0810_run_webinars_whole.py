"""Run webinars whole

Revision: 0004
Follows: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.clock

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sender_domain',
    sa.Column('name', sa.String(length=254), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('looked_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_sender_domain'))
    )
    op.create_table('calendar_key',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('mine', 'organised', 'actions', name='feedkind', native_enum=False, length=20), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_calendar_key_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'kind', name=op.f('pk_calendar_key'))
    )
    op.create_table('series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=150), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('description_html', sa.Text(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_series_created_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series'))
    )
    op.create_table('checklist_tick',
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.String(length=40), nullable=False),
    sa.Column('ticked_by_id', sa.Integer(), nullable=True),
    sa.Column('at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['ticked_by_id'], ['user.id'], name=op.f('fk_checklist_tick_ticked_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_checklist_tick_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('webinar_id', 'line', name=op.f('pk_checklist_tick'))
    )
    op.create_table('date_poll',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('remark', sa.String(length=1000), nullable=False),
    sa.Column('closes_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('closed_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('chosen_slot_id', sa.Integer(), nullable=True),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user.id'], name=op.f('fk_date_poll_asked_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_date_poll_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_date_poll')),
    sa.UniqueConstraint('webinar_id', name=op.f('uq_date_poll_webinar_id'))
    )
    op.create_table('registration_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('text', 'choice', 'yes_no', name='questionkind', native_enum=False, length=20), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('is_required', sa.Boolean(), nullable=False),
    sa.Column('ended_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_registration_question_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_question'))
    )
    with op.batch_alter_table('registration_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_question_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('data', 'name_listed', 'recording', name='consentkind', native_enum=False, length=20), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('is_given', sa.Boolean(), nullable=False),
    sa.Column('at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_consent_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_registration_id'), ['registration_id'], unique=False)

    op.create_table('counter_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('comment', sa.String(length=1000), nullable=False),
    sa.Column('received_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_counter_proposal_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counter_proposal'))
    )
    with op.batch_alter_table('counter_proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_counter_proposal_registration_id'), ['registration_id'], unique=False)

    op.create_table('inbound_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=False),
    sa.Column('envelope_from', sa.String(length=254), nullable=False),
    sa.Column('envelope_to', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('received_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.Enum('waiting', 'applied', 'unverified', 'forwarded', 'ignored', 'kept_aside', name='outcome', native_enum=False, length=20), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_inbound_mail_registration_id_registration'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_inbound_mail_webinar_id_webinar'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_mail')),
    sa.UniqueConstraint('sha256', name=op.f('uq_inbound_mail_sha256'))
    )
    with op.batch_alter_table('inbound_mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbound_mail_received_at'), ['received_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_inbound_mail_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('poll_slot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('poll_id', sa.Integer(), nullable=False),
    sa.Column('tzid', sa.String(length=40), nullable=False),
    sa.Column('start_local', sa.DateTime(), nullable=False),
    sa.Column('end_local', sa.DateTime(), nullable=False),
    sa.Column('starts_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['poll_id'], ['date_poll.id'], name=op.f('fk_poll_slot_poll_id_date_poll'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poll_slot'))
    )
    with op.batch_alter_table('poll_slot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poll_slot_poll_id'), ['poll_id'], unique=False)

    op.create_table('registration_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['registration_question.id'], name=op.f('fk_registration_answer_question_id_registration_question'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_registration_answer_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_answer')),
    sa.UniqueConstraint('registration_id', 'question_id', name=op.f('uq_registration_answer_registration_id_question_id'))
    )
    with op.batch_alter_table('registration_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_answer_question_id'), ['question_id'], unique=False)

    op.create_table('seat_transfer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('to_email', sa.String(length=254), nullable=False),
    sa.Column('to_name', sa.String(length=120), nullable=False),
    sa.Column('source', sa.Enum('link', 'calendar', name='transfersource', native_enum=False, length=20), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_seat_transfer_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_transfer')),
    sa.UniqueConstraint('token', name=op.f('uq_seat_transfer_token'))
    )
    with op.batch_alter_table('seat_transfer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seat_transfer_registration_id'), ['registration_id'], unique=False)

    op.create_table('unverified_reply',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('partstat', sa.Enum('NEEDS-ACTION', 'ACCEPTED', 'TENTATIVE', 'DECLINED', 'DELEGATED', name='partstat', native_enum=False, length=20), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('dtstamp', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('comment', sa.String(length=1000), nullable=False),
    sa.Column('delegate', sa.String(length=254), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('received_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('asked_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_unverified_reply_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unverified_reply')),
    sa.UniqueConstraint('token', name=op.f('uq_unverified_reply_token'))
    )
    with op.batch_alter_table('unverified_reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unverified_reply_registration_id'), ['registration_id'], unique=False)

    op.create_table('poll_vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=True),
    sa.Column('value', sa.Enum('yes', 'if_needed', 'no', name='vote', native_enum=False, length=20), nullable=False),
    sa.Column('at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['city_id'], ['city.id'], name=op.f('fk_poll_vote_city_id_city'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['slot_id'], ['poll_slot.id'], name=op.f('fk_poll_vote_slot_id_poll_slot'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_poll_vote_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poll_vote')),
    sa.UniqueConstraint('slot_id', 'user_id', name=op.f('uq_poll_vote_slot_id_user_id'))
    )
    with op.batch_alter_table('poll_vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poll_vote_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('priority', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('approved_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('approved_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reject_reason', sa.String(length=500), server_default='', nullable=False))
        batch_op.add_column(sa.Column('offered_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('offered_until', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('last_mailed_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('wants_reminders', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('reply_sequence', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reply_dtstamp', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reply_comment', sa.String(length=1000), server_default='', nullable=False))
        batch_op.add_column(sa.Column('is_reply_stale', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('replied_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_registration_approved_by_id_user'), 'user', ['approved_by_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.Enum('listed', 'invited', 'confirmed', 'declined', name='speakerstate', native_enum=False, length=20), server_default='listed', nullable=False))
        batch_op.add_column(sa.Column('bio', sa.String(length=2000), server_default='', nullable=False))
        batch_op.add_column(sa.Column('phone', sa.String(length=40), server_default='', nullable=False))
        batch_op.add_column(sa.Column('access_needs', sa.String(length=500), server_default='', nullable=False))
        batch_op.add_column(sa.Column('may_record', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('consent_version', sa.String(length=20), server_default='', nullable=False))
        batch_op.add_column(sa.Column('consented_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('language', sa.String(length=8), server_default='', nullable=False))
        batch_op.add_column(sa.Column('timezone', sa.String(length=40), server_default='', nullable=False))
        batch_op.add_column(sa.Column('slides_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('invited_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('answered_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('shares_slides', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('wants_reminders', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('last_mailed_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_speaker_slides_id_stored_file'), 'stored_file', ['slides_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('webinar', schema=None) as batch_op:
        batch_op.add_column(sa.Column('publish_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('postponed_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('postpone_reason', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('restored_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('ended_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('deleted_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('series_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_template', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('needs_approval', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('waiting', sa.Enum('auto', 'offer', name='waiting', native_enum=False, length=20), server_default='auto', nullable=False))
        batch_op.add_column(sa.Column('kept_per_city', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('kept_until', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('tells_late', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('armed_for', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('zone_data', sa.String(length=20), server_default='', nullable=False))
        batch_op.add_column(sa.Column('has_captions', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('has_sign_language', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('sign_language', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('has_interpretation', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('interpretation', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('plain_summary', sa.String(length=1000), server_default='', nullable=False))
        batch_op.add_column(sa.Column('access_contact', sa.String(length=254), server_default='', nullable=False))
        batch_op.create_index(batch_op.f('ix_webinar_publish_at'), ['publish_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_webinar_series_id'), ['series_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_webinar_series_id_series'), 'series', ['series_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('webinar_organiser', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_owner', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('added_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))

    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.add_column(sa.Column('webinar_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_notice_webinar_id'), ['webinar_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_notice_webinar_id_webinar'), 'webinar', ['webinar_id'], ['id'], ondelete='CASCADE')

    op.execute("UPDATE webinar SET has_captions = true WHERE captions <> ''")
    op.create_index('ix_thread_read_thread_city', 'thread_read', ['thread_id', 'city_id', 'user_id'])
    op.drop_index(op.f('ix_thread_read_thread_id'), 'thread_read')
    is_there = sa.text('deleted_at IS NULL AND merged_into_id IS NULL AND (id > 0)')  # see app/forum/tallies.py
    op.create_index('ix_post_seat_created', 'post', ['seat_id', 'created_at', 'thread_id'])
    op.create_index('ix_thread_list_place', 'thread', ['topic_id', 'visibility', 'group_id', 'last_post_at', 'id'], sqlite_where=is_there, postgresql_where=is_there)



def downgrade() -> None:
    op.drop_index('ix_thread_list_place', 'thread')
    op.drop_index('ix_post_seat_created', 'post')
    op.create_index(op.f('ix_thread_read_thread_id'), 'thread_read', ['thread_id'])
    op.drop_index('ix_thread_read_thread_city', 'thread_read')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notice_webinar_id_webinar'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_notice_webinar_id'))
        batch_op.drop_column('webinar_id')

    with op.batch_alter_table('webinar_organiser', schema=None) as batch_op:
        batch_op.drop_column('added_at')
        batch_op.drop_column('is_owner')

    with op.batch_alter_table('webinar', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_webinar_series_id_series'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_webinar_series_id'))
        batch_op.drop_index(batch_op.f('ix_webinar_publish_at'))
        batch_op.drop_column('deleted_at')
        batch_op.drop_column('access_contact')
        batch_op.drop_column('plain_summary')
        batch_op.drop_column('interpretation')
        batch_op.drop_column('has_interpretation')
        batch_op.drop_column('sign_language')
        batch_op.drop_column('has_sign_language')
        batch_op.drop_column('has_captions')
        batch_op.drop_column('zone_data')
        batch_op.drop_column('armed_for')
        batch_op.drop_column('tells_late')
        batch_op.drop_column('kept_until')
        batch_op.drop_column('kept_per_city')
        batch_op.drop_column('waiting')
        batch_op.drop_column('needs_approval')
        batch_op.drop_column('is_template')
        batch_op.drop_column('series_id')
        batch_op.drop_column('ended_at')
        batch_op.drop_column('restored_at')
        batch_op.drop_column('postpone_reason')
        batch_op.drop_column('postponed_at')
        batch_op.drop_column('publish_at')

    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_speaker_slides_id_stored_file'), type_='foreignkey')
        batch_op.drop_column('last_mailed_at')
        batch_op.drop_column('wants_reminders')
        batch_op.drop_column('shares_slides')
        batch_op.drop_column('answered_at')
        batch_op.drop_column('invited_at')
        batch_op.drop_column('slides_id')
        batch_op.drop_column('timezone')
        batch_op.drop_column('language')
        batch_op.drop_column('consented_at')
        batch_op.drop_column('consent_version')
        batch_op.drop_column('may_record')
        batch_op.drop_column('access_needs')
        batch_op.drop_column('phone')
        batch_op.drop_column('bio')
        batch_op.drop_column('state')

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_registration_approved_by_id_user'), type_='foreignkey')
        batch_op.drop_column('replied_at')
        batch_op.drop_column('is_reply_stale')
        batch_op.drop_column('reply_comment')
        batch_op.drop_column('reply_dtstamp')
        batch_op.drop_column('reply_sequence')
        batch_op.drop_column('wants_reminders')
        batch_op.drop_column('last_mailed_at')
        batch_op.drop_column('offered_until')
        batch_op.drop_column('offered_at')
        batch_op.drop_column('reject_reason')
        batch_op.drop_column('approved_by_id')
        batch_op.drop_column('approved_at')
        batch_op.drop_column('priority')

    with op.batch_alter_table('poll_vote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_poll_vote_user_id'))

    op.drop_table('poll_vote')
    with op.batch_alter_table('unverified_reply', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_unverified_reply_registration_id'))

    op.drop_table('unverified_reply')
    with op.batch_alter_table('seat_transfer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seat_transfer_registration_id'))

    op.drop_table('seat_transfer')
    with op.batch_alter_table('registration_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_answer_question_id'))

    op.drop_table('registration_answer')
    with op.batch_alter_table('poll_slot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_poll_slot_poll_id'))

    op.drop_table('poll_slot')
    with op.batch_alter_table('inbound_mail', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inbound_mail_webinar_id'))
        batch_op.drop_index(batch_op.f('ix_inbound_mail_received_at'))

    op.drop_table('inbound_mail')
    with op.batch_alter_table('counter_proposal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_counter_proposal_registration_id'))

    op.drop_table('counter_proposal')
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consent_registration_id'))

    op.drop_table('consent')
    with op.batch_alter_table('registration_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_question_webinar_id'))

    op.drop_table('registration_question')
    op.drop_table('date_poll')
    op.drop_table('checklist_tick')
    op.drop_table('series')
    op.drop_table('calendar_key')
    op.drop_table('sender_domain')
