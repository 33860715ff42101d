"""Open the forum whole

Revision: 0002
Follows: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.clock

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('conversation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=150), nullable=False),
    sa.Column('starter_id', sa.Integer(), nullable=True),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.Column('last_message_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['starter_id'], ['user.id'], name=op.f('fk_conversation_starter_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation'))
    )
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conversation_last_message_at'), ['last_message_at'], unique=False)

    op.create_table('feed_key',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_feed_key_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_feed_key'))
    )
    op.create_table('stored_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('has_thumbnail', sa.Boolean(), nullable=False),
    sa.Column('alt', sa.String(length=500), nullable=False),
    sa.Column('is_decorative', sa.Boolean(), nullable=False),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('attached_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('deleted_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_stored_file_owner_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file')),
    sa.UniqueConstraint('key', name=op.f('uq_stored_file_key'))
    )
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stored_file_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_stored_file_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stored_file_sha256'), ['sha256'], unique=False)

    op.create_table('rate_count',
    sa.Column('act', sa.String(length=40), nullable=False),
    sa.Column('who', sa.String(length=80), nullable=False),
    sa.Column('window', sa.BigInteger(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('act', 'who', 'window', name=op.f('pk_rate_count'))
    )
    op.create_table('tag',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_tag_topic_id_topic'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tag')),
    sa.UniqueConstraint('topic_id', 'slug', name=op.f('uq_tag_topic_id_slug'))
    )
    op.create_table('topic_reading',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Enum('muted', 'normal', 'new', 'following', 'loud', name='followlevel', native_enum=False, length=20), nullable=False),
    sa.Column('marked_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_topic_reading_topic_id_topic'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_topic_reading_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'topic_id', name=op.f('pk_topic_reading'))
    )
    with op.batch_alter_table('topic_reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_topic_reading_topic_id'), ['topic_id'], unique=False)

    op.create_table('marking',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('threads', sa.JSON(), nullable=False),
    sa.Column('topics', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_marking_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_marking'))
    )
    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('renderer', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('file_count', sa.Integer(), nullable=False),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_message_author_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_message_conversation_id_conversation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('conversation_id', 'number', name=op.f('uq_message_conversation_id_number'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_author_id'), ['author_id'], unique=False)

    op.create_table('participant',
    sa.Column('conversation_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('last_read', sa.Integer(), nullable=False),
    sa.Column('joined_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('left_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_participant_conversation_id_conversation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_participant_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('conversation_id', 'user_id', name=op.f('pk_participant'))
    )
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_participant_user_id'), ['user_id'], unique=False)

    op.create_table('message_file',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_message_file_file_id_stored_file'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_message_file_message_id_message'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('message_id', 'file_id', name=op.f('pk_message_file'))
    )
    with op.batch_alter_table('message_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_file_file_id'), ['file_id'], unique=False)

    op.create_table('message_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Enum('personal_data', 'promotional', 'disrespectful', 'confidential', 'illegal', 'other', name='reportreason', native_enum=False, length=20), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user.id'], name=op.f('fk_message_report_decided_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_message_report_message_id_message'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reporter_id'], ['user.id'], name=op.f('fk_message_report_reporter_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_report')),
    sa.UniqueConstraint('message_id', 'reporter_id', name=op.f('uq_message_report_message_id_reporter_id'))
    )
    op.create_table('thread_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('moved', 'split_out', 'split_from', 'merged_in', 'locked', 'unlocked', 'pinned', 'unpinned', 'renamed', 'retagged', 'accepted', 'unaccepted', 'hidden', 'unhidden', 'tightened', 'time_boxed', 'time_is_up', 'consolidated', 'handed_over', name='eventkind', native_enum=False, length=20), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('after_number', sa.Integer(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['user.id'], name=op.f('fk_thread_event_actor_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_thread_event_thread_id_thread'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_event'))
    )
    with op.batch_alter_table('thread_event', schema=None) as batch_op:
        batch_op.create_index('ix_thread_event_place', ['thread_id', 'after_number', 'id'], unique=False)

    op.create_table('thread_overview',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('renderer', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('seat_id', sa.Integer(), nullable=True),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_thread_overview_author_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_thread_overview_seat_id_seat'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_thread_overview_thread_id_thread'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_overview')),
    sa.UniqueConstraint('thread_id', 'revision', name=op.f('uq_thread_overview_thread_id_revision'))
    )
    op.create_table('thread_tag',
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('tag_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tag_id'], ['tag.id'], name=op.f('fk_thread_tag_tag_id_tag'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_thread_tag_thread_id_thread'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('thread_id', 'tag_id', name=op.f('pk_thread_tag'))
    )
    with op.batch_alter_table('thread_tag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_tag_tag_id'), ['tag_id'], unique=False)

    op.create_table('bookmark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('remind_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_bookmark_post_id_post'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_bookmark_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bookmark')),
    sa.UniqueConstraint('user_id', 'post_id', name=op.f('uq_bookmark_user_id_post_id'))
    )
    with op.batch_alter_table('bookmark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bookmark_post_id'), ['post_id'], unique=False)

    op.create_table('city_mention',
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['city_id'], ['city.id'], name=op.f('fk_city_mention_city_id_city')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_city_mention_post_id_post'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', 'city_id', name=op.f('pk_city_mention'))
    )
    with op.batch_alter_table('city_mention', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_city_mention_city_id'), ['city_id'], unique=False)

    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('mention', 'reply', 'quote', 'city_mention', 'followed_thread', 'new_thread', 'answer_accepted', 'question_solved', 'post_changed', 'responses', 'message', 'bookmark', 'half_time', 'time_is_up', 'handed_over', name='noticekind', native_enum=False, length=20), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('conversation_id', sa.Integer(), nullable=True),
    sa.Column('first_number', sa.Integer(), nullable=True),
    sa.Column('last_number', sa.Integer(), nullable=True),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('read_at', app.core.clock.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_notice_conversation_id_conversation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_notice_post_id_post'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_notice_thread_id_thread'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_notice_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('user_id', 'key', name=op.f('uq_notice_user_id_key'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_post_id'), ['post_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_thread_id'), ['thread_id'], unique=False)
        batch_op.create_index('ix_notice_user_read', ['user_id', 'read_at', 'updated_at'], unique=False)

    op.create_table('post_file',
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_post_file_file_id_stored_file'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_file_post_id_post'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', 'file_id', name=op.f('pk_post_file'))
    )
    with op.batch_alter_table('post_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_file_file_id'), ['file_id'], unique=False)

    op.create_table('post_redirect',
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_redirect_post_id_post'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_post_redirect_thread_id_thread'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('thread_id', 'number', name=op.f('pk_post_redirect'))
    )
    with op.batch_alter_table('post_redirect', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_redirect_post_id'), ['post_id'], unique=False)

    op.create_table('post_response',
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('helpful', 'same_here', 'will_try', name='responsekind', native_enum=False, length=20), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=True),
    sa.Column('created_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['city_id'], ['city.id'], name=op.f('fk_post_response_city_id_city')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_response_post_id_post'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_post_response_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', 'user_id', 'kind', name=op.f('pk_post_response'))
    )
    with op.batch_alter_table('post_response', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_response_user_id'), ['user_id'], unique=False)

    op.create_table('skipped_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('mention', 'reply', 'quote', 'city_mention', 'followed_thread', 'new_thread', 'answer_accepted', 'question_solved', 'post_changed', 'responses', 'message', 'bookmark', 'half_time', 'time_is_up', 'handed_over', name='noticekind', native_enum=False, length=20), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_skipped_notice_post_id_post'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_skipped_notice_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skipped_notice')),
    sa.UniqueConstraint('user_id', 'post_id', 'kind', 'reason', name=op.f('uq_skipped_notice_user_id_post_id_kind_reason'))
    )
    with op.batch_alter_table('skipped_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_skipped_notice_post_id'), ['post_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_skipped_notice_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_wiki', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('file_count', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('response_count', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('deleted_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('purged_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('hidden_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('hidden_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('hidden_reason', sa.String(length=200), server_default='', nullable=False))
        batch_op.create_index('ix_post_thread_reply_to', ['thread_id', 'reply_to'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_post_hidden_by_id_user'), 'user', ['hidden_by_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('post_revision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('files', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('hidden_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('hidden_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('erased_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_post_revision_hidden_by_id_user'), 'user', ['hidden_by_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answers_by', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('consolidated_number', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('overview_revision', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('event_count', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('keeper_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('deleted_at', app.core.clock.UTCDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_thread_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_thread_keeper_id_user'), 'user', ['keeper_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_thread_merged_into_id_thread'), 'thread', ['merged_into_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('thread_read', schema=None) as batch_op:
        batch_op.add_column(sa.Column('city_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_thread_read_city_id_city'), 'city', ['city_id'], ['id'])

    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('counts_as_reader', sa.Boolean(), server_default=sa.true(), nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.drop_column('counts_as_reader')

    with op.batch_alter_table('thread_read', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_thread_read_city_id_city'), type_='foreignkey')
        batch_op.drop_column('city_id')

    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_thread_merged_into_id_thread'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_thread_keeper_id_user'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_thread_merged_into_id'))
        batch_op.drop_column('deleted_at')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('keeper_id')
        batch_op.drop_column('event_count')
        batch_op.drop_column('overview_revision')
        batch_op.drop_column('consolidated_number')
        batch_op.drop_column('answers_by')

    with op.batch_alter_table('post_revision', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_post_revision_hidden_by_id_user'), type_='foreignkey')
        batch_op.drop_column('erased_at')
        batch_op.drop_column('hidden_by_id')
        batch_op.drop_column('hidden_at')
        batch_op.drop_column('files')

    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_post_hidden_by_id_user'), type_='foreignkey')
        batch_op.drop_index('ix_post_thread_reply_to')
        batch_op.drop_column('hidden_reason')
        batch_op.drop_column('hidden_by_id')
        batch_op.drop_column('hidden_at')
        batch_op.drop_column('purged_at')
        batch_op.drop_column('deleted_at')
        batch_op.drop_column('response_count')
        batch_op.drop_column('file_count')
        batch_op.drop_column('is_wiki')

    with op.batch_alter_table('skipped_notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_skipped_notice_user_id'))
        batch_op.drop_index(batch_op.f('ix_skipped_notice_post_id'))

    op.drop_table('skipped_notice')
    with op.batch_alter_table('post_response', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_response_user_id'))

    op.drop_table('post_response')
    with op.batch_alter_table('post_redirect', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_redirect_post_id'))

    op.drop_table('post_redirect')
    with op.batch_alter_table('post_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_file_file_id'))

    op.drop_table('post_file')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_user_read')
        batch_op.drop_index(batch_op.f('ix_notice_thread_id'))
        batch_op.drop_index(batch_op.f('ix_notice_post_id'))
        batch_op.drop_index(batch_op.f('ix_notice_conversation_id'))

    op.drop_table('notice')
    with op.batch_alter_table('city_mention', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_city_mention_city_id'))

    op.drop_table('city_mention')
    with op.batch_alter_table('bookmark', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bookmark_post_id'))

    op.drop_table('bookmark')
    with op.batch_alter_table('thread_tag', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_thread_tag_tag_id'))

    op.drop_table('thread_tag')
    op.drop_table('thread_overview')
    with op.batch_alter_table('thread_event', schema=None) as batch_op:
        batch_op.drop_index('ix_thread_event_place')

    op.drop_table('thread_event')
    op.drop_table('message_report')
    with op.batch_alter_table('message_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_file_file_id'))

    op.drop_table('message_file')
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_participant_user_id'))

    op.drop_table('participant')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_author_id'))

    op.drop_table('message')
    with op.batch_alter_table('topic_reading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_topic_reading_topic_id'))

    op.drop_table('topic_reading')
    op.drop_table('marking')
    op.drop_table('tag')
    op.drop_table('rate_count')
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stored_file_sha256'))
        batch_op.drop_index(batch_op.f('ix_stored_file_owner_id'))
        batch_op.drop_index(batch_op.f('ix_stored_file_created_at'))

    op.drop_table('stored_file')
    op.drop_table('feed_key')
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conversation_last_message_at'))

    op.drop_table('conversation')
