"""Hold the live hour

Revision: 0005
Follows: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.clock

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('attendance_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('zoom', 'teams', 'other', name='reportkind', native_enum=False, length=20), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('imported_by_id', sa.Integer(), nullable=True),
    sa.Column('imported_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('undone_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['imported_by_id'], ['user.id'], name=op.f('fk_attendance_report_imported_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_attendance_report_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_report'))
    )
    with op.batch_alter_table('attendance_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_report_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('attendance_upload',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('sent_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['sent_by_id'], ['user.id'], name=op.f('fk_attendance_upload_sent_by_id_user'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_attendance_upload_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_upload'))
    )
    with op.batch_alter_table('attendance_upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_upload_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('city_nudge',
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.Column('nudged_by_id', sa.Integer(), nullable=True),
    sa.Column('at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['city_id'], ['city.id'], name=op.f('fk_city_nudge_city_id_city'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['nudged_by_id'], ['user.id'], name=op.f('fk_city_nudge_nudged_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_city_nudge_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('webinar_id', 'city_id', name=op.f('pk_city_nudge'))
    )
    op.create_table('feedback_answer',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('usefulness', sa.Integer(), nullable=True),
    sa.Column('will_use', sa.Boolean(), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('topic_wish', sa.String(length=300), nullable=False),
    sa.Column('replies', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_feedback_answer_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_answer'))
    )
    with op.batch_alter_table('feedback_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_answer_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('live_state',
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('changed_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_live_state_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('webinar_id', name=op.f('pk_live_state'))
    )
    op.create_table('question_desk',
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('is_moderated', sa.Boolean(), nullable=False),
    sa.Column('is_closed', sa.Boolean(), nullable=False),
    sa.Column('prep_thread_id', sa.Integer(), nullable=True),
    sa.Column('followup_thread_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['followup_thread_id'], ['thread.id'], name=op.f('fk_question_desk_followup_thread_id_thread'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['prep_thread_id'], ['thread.id'], name=op.f('fk_question_desk_prep_thread_id_thread'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_question_desk_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('webinar_id', name=op.f('pk_question_desk'))
    )
    with op.batch_alter_table('question_desk', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_desk_followup_thread_id'), ['followup_thread_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_desk_prep_thread_id'), ['prep_thread_id'], unique=False)

    op.create_table('quick_poll',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=300), nullable=False),
    sa.Column('is_multiple', sa.Boolean(), nullable=False),
    sa.Column('results', sa.Enum('voted', 'closed', 'never', name='resultsshown', native_enum=False, length=20), nullable=False),
    sa.Column('state', sa.Enum('draft', 'open', 'closed', name='pollstate', native_enum=False, length=20), nullable=False),
    sa.Column('voters', sa.Integer(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('opened_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('closed_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('forgotten_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('removed_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('lock_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_quick_poll_created_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_quick_poll_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quick_poll'))
    )
    with op.batch_alter_table('quick_poll', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quick_poll_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('recording_track',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('captions', 'transcript', name='trackkind', native_enum=False, length=20), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('is_machine_made', sa.Boolean(), nullable=False),
    sa.Column('added_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_recording_track_file_id_stored_file'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_recording_track_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recording_track')),
    sa.UniqueConstraint('webinar_id', 'kind', 'language', name=op.f('uq_recording_track_webinar_id_kind_language'))
    )
    op.create_table('room',
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('provider', sa.Enum('link', 'jitsi', 'bigbluebutton', name='provider', native_enum=False, length=20), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('backup_url', sa.String(length=500), nullable=False),
    sa.Column('uses_backup', sa.Boolean(), nullable=False),
    sa.Column('dial_in', sa.String(length=500), nullable=False),
    sa.Column('moderator_secret', sa.String(length=64), nullable=False),
    sa.Column('attendee_secret', sa.String(length=64), nullable=False),
    sa.Column('changed_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('made_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('failed_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_room_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('webinar_id', name=op.f('pk_room'))
    )
    op.create_table('survey',
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('is_wanted', sa.Boolean(), nullable=False),
    sa.Column('is_line_public', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_survey_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('webinar_id', name=op.f('pk_survey'))
    )
    op.create_table('survey_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('scale', 'yes_no', 'text', name='surveykind', native_enum=False, length=20), nullable=False),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_survey_question_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_question'))
    )
    with op.batch_alter_table('survey_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_question_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('webinar_figures',
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('summary_opened', sa.Integer(), nullable=False),
    sa.Column('recording_opened', sa.Integer(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('frozen_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_webinar_figures_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('webinar_id', name=op.f('pk_webinar_figures'))
    )
    op.create_table('webinar_recording',
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('starts_at_second', sa.Integer(), nullable=False),
    sa.Column('sharing', sa.Enum('registered', 'audience', name='sharing', native_enum=False, length=20), nullable=False),
    sa.Column('consent_note', sa.String(length=500), nullable=False),
    sa.Column('published_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('lock_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_webinar_recording_file_id_stored_file'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['published_by_id'], ['user.id'], name=op.f('fk_webinar_recording_published_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_webinar_recording_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('webinar_id', name=op.f('pk_webinar_recording'))
    )
    op.create_table('attendance_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('matched_by', sa.Enum('email', 'name', 'hand', 'nobody', name='matchedby', native_enum=False, length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('joined_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('left_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_attendance_line_registration_id_registration'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['report_id'], ['attendance_report.id'], name=op.f('fk_attendance_line_report_id_attendance_report'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_line'))
    )
    with op.batch_alter_table('attendance_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_line_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_line_report_id'), ['report_id'], unique=False)

    op.create_table('attendance_mark',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('was_there', sa.Boolean(), nullable=False),
    sa.Column('marked_by_id', sa.Integer(), nullable=True),
    sa.Column('marked_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['marked_by_id'], ['user.id'], name=op.f('fk_attendance_mark_marked_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_attendance_mark_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_attendance_mark'))
    )
    op.create_table('certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('city_label', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('issued_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('revoke_reason', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_certificate_registration_id_registration'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_certificate_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('code', name=op.f('uq_certificate_code'))
    )
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_webinar_id'), ['webinar_id'], unique=False)
        batch_op.create_index('uq_certificate_valid', ['registration_id'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))

    op.create_table('chapter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('agenda_item_id', sa.Integer(), nullable=True),
    sa.Column('second', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['agenda_item_id'], ['agenda_item.id'], name=op.f('fk_chapter_agenda_item_id_agenda_item'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_chapter_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chapter')),
    sa.UniqueConstraint('webinar_id', 'second', name=op.f('uq_chapter_webinar_id_second'))
    )
    op.create_table('join_device',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('since', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_join_device_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_join_device'))
    )
    op.create_table('material',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('slides', 'paper', 'link', 'other', name='materialkind', native_enum=False, length=20), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('made_by', sa.String(length=200), nullable=False),
    sa.Column('speaker_id', sa.Integer(), nullable=True),
    sa.Column('sharing', sa.Enum('registered', 'audience', name='sharing', native_enum=False, length=20), nullable=False),
    sa.Column('consented_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('is_reusable', sa.Boolean(), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('removed_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['user.id'], name=op.f('fk_material_added_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_material_file_id_stored_file'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['speaker_id'], ['speaker.id'], name=op.f('fk_material_speaker_id_speaker'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_material_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_material'))
    )
    with op.batch_alter_table('material', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_material_webinar_id'), ['webinar_id'], unique=False)

    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webinar_id', sa.Integer(), nullable=False),
    sa.Column('asker_id', sa.Integer(), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('city_id', sa.Integer(), nullable=True),
    sa.Column('is_unnamed', sa.Boolean(), nullable=False),
    sa.Column('body', sa.String(length=1000), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'open', 'answered', 'dismissed', 'merged', 'withdrawn', name='questionstate', native_enum=False, length=20), nullable=False),
    sa.Column('source', sa.Enum('page', 'live', 'thread', name='source', native_enum=False, length=20), nullable=False),
    sa.Column('votes', sa.Integer(), nullable=False),
    sa.Column('is_now', sa.Boolean(), nullable=False),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('agenda_item_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('answered_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('answered_minute', sa.Integer(), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answer_html', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('replied_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('lock_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agenda_item_id'], ['agenda_item.id'], name=op.f('fk_question_agenda_item_id_agenda_item'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user.id'], name=op.f('fk_question_answered_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['asker_id'], ['user.id'], name=op.f('fk_question_asker_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['city_id'], ['city.id'], name=op.f('fk_question_city_id_city'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['merged_into_id'], ['question.id'], name=op.f('fk_question_merged_into_id_question'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_question_post_id_post'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_question_registration_id_registration'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_question_thread_id_thread'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['webinar_id'], ['webinar.id'], name=op.f('fk_question_webinar_id_webinar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question')),
    sa.UniqueConstraint('post_id', name=op.f('uq_question_post_id'))
    )
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_asker_id'), ['asker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_thread_id'), ['thread_id'], unique=False)
        batch_op.create_index('ix_question_webinar_state', ['webinar_id', 'state'], unique=False)

    op.create_table('quick_poll_option',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('poll_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('votes', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['poll_id'], ['quick_poll.id'], name=op.f('fk_quick_poll_option_poll_id_quick_poll'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quick_poll_option'))
    )
    with op.batch_alter_table('quick_poll_option', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quick_poll_option_poll_id'), ['poll_id'], unique=False)

    op.create_table('question_vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('via_id', sa.Integer(), nullable=True),
    sa.Column('at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_question_vote_question_id_question'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_question_vote_registration_id_registration'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_question_vote_user_id_user'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['via_id'], ['question.id'], name=op.f('fk_question_vote_via_id_question'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_vote')),
    sa.UniqueConstraint('question_id', 'registration_id', name=op.f('uq_question_vote_question_id_registration_id')),
    sa.UniqueConstraint('question_id', 'user_id', name=op.f('uq_question_vote_question_id_user_id'))
    )
    with op.batch_alter_table('question_vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_vote_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_vote_user_id'), ['user_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_vote_via_id'), ['via_id'], unique=False)

    op.create_table('quick_poll_vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('poll_id', sa.Integer(), nullable=False),
    sa.Column('option_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['option_id'], ['quick_poll_option.id'], name=op.f('fk_quick_poll_vote_option_id_quick_poll_option'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['poll_id'], ['quick_poll.id'], name=op.f('fk_quick_poll_vote_poll_id_quick_poll'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_quick_poll_vote_registration_id_registration'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_quick_poll_vote_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quick_poll_vote'))
    )
    with op.batch_alter_table('quick_poll_vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quick_poll_vote_poll_id'), ['poll_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_quick_poll_vote_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_quick_poll_vote_user_id'), ['user_id'], unique=False)
        batch_op.create_index('uq_quick_poll_vote_registration', ['option_id', 'registration_id'], unique=True)
        batch_op.create_index('uq_quick_poll_vote_user', ['option_id', 'user_id'], unique=True)

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attended', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('minutes_attended', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('gave_feedback', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('opened_summary', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('webinar', schema=None) as batch_op:
        batch_op.add_column(sa.Column('waitlisted_most', sa.Integer(), server_default='0', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('webinar', schema=None) as batch_op:
        batch_op.drop_column('waitlisted_most')

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_column('opened_summary')
        batch_op.drop_column('gave_feedback')
        batch_op.drop_column('minutes_attended')
        batch_op.drop_column('attended')

    with op.batch_alter_table('quick_poll_vote', schema=None) as batch_op:
        batch_op.drop_index('uq_quick_poll_vote_user')
        batch_op.drop_index('uq_quick_poll_vote_registration')
        batch_op.drop_index(batch_op.f('ix_quick_poll_vote_user_id'))
        batch_op.drop_index(batch_op.f('ix_quick_poll_vote_registration_id'))
        batch_op.drop_index(batch_op.f('ix_quick_poll_vote_poll_id'))

    op.drop_table('quick_poll_vote')
    with op.batch_alter_table('question_vote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_vote_via_id'))
        batch_op.drop_index(batch_op.f('ix_question_vote_user_id'))
        batch_op.drop_index(batch_op.f('ix_question_vote_registration_id'))

    op.drop_table('question_vote')
    with op.batch_alter_table('quick_poll_option', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quick_poll_option_poll_id'))

    op.drop_table('quick_poll_option')
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index('ix_question_webinar_state')
        batch_op.drop_index(batch_op.f('ix_question_thread_id'))
        batch_op.drop_index(batch_op.f('ix_question_registration_id'))
        batch_op.drop_index(batch_op.f('ix_question_merged_into_id'))
        batch_op.drop_index(batch_op.f('ix_question_asker_id'))

    op.drop_table('question')
    with op.batch_alter_table('material', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_material_webinar_id'))

    op.drop_table('material')
    op.drop_table('join_device')
    op.drop_table('chapter')
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.drop_index('uq_certificate_valid', sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_certificate_webinar_id'))

    op.drop_table('certificate')
    op.drop_table('attendance_mark')
    with op.batch_alter_table('attendance_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_line_report_id'))
        batch_op.drop_index(batch_op.f('ix_attendance_line_registration_id'))

    op.drop_table('attendance_line')
    op.drop_table('webinar_recording')
    op.drop_table('webinar_figures')
    with op.batch_alter_table('survey_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_survey_question_webinar_id'))

    op.drop_table('survey_question')
    op.drop_table('survey')
    op.drop_table('room')
    op.drop_table('recording_track')
    with op.batch_alter_table('quick_poll', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quick_poll_webinar_id'))

    op.drop_table('quick_poll')
    with op.batch_alter_table('question_desk', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_desk_prep_thread_id'))
        batch_op.drop_index(batch_op.f('ix_question_desk_followup_thread_id'))

    op.drop_table('question_desk')
    op.drop_table('live_state')
    with op.batch_alter_table('feedback_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_answer_webinar_id'))

    op.drop_table('feedback_answer')
    op.drop_table('city_nudge')
    with op.batch_alter_table('attendance_upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_upload_webinar_id'))

    op.drop_table('attendance_upload')
    with op.batch_alter_table('attendance_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_report_webinar_id'))

    op.drop_table('attendance_report')
