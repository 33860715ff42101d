"""Keep pages fast

Revision: 0003
Follows: 0002
"""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

import app.core.clock

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('generation',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_generation'))
    )
    op.create_table('measure',
    sa.Column('machine', sa.String(length=80), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('at', app.core.clock.UTCDateTime(timezone=True), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('machine', 'minutes', 'at', name=op.f('pk_measure'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.add_column(sa.Column('request_id', sa.String(length=64), nullable=True))
    add_facts()
    add_list_indexes()


def downgrade() -> None:
    drop_list_indexes()
    drop_facts()
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_column('request_id')
    op.drop_table('measure')
    op.drop_table('generation')


# What a filter asks of a text stands in the full-text index beside its words (see
# app/search/facts.py), so that a filter and a common word are found together.

def add_facts() -> None:
    op.add_column('search_document', sa.Column('facts', sa.Text(), server_default='', nullable=False))
    on_sqlite = op.get_bind().dialect.name == 'sqlite'
    if on_sqlite:
        drop_sqlite_index()
    op.execute(f"UPDATE search_document SET facts = {SQLITE_FACTS if on_sqlite else POSTGRESQL_FACTS} WHERE kind = 'post'")
    op.execute("UPDATE search_document SET facts = 'zqother' WHERE kind <> 'post'")
    add_title_words()
    for statement in sqlite_index('facts') if on_sqlite else postgresql_index():
        op.execute(statement)


def drop_facts() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        drop_sqlite_index()
        op.execute('ALTER TABLE search_document DROP COLUMN facts')
        for statement in sqlite_index():
            op.execute(statement)
    else:
        op.execute(KEEP.format(facts=''))
        op.execute('DROP TRIGGER search_document_kept ON search_document')
        op.execute(TRIGGER.format(columns='title, body'))
        op.execute('ALTER TABLE search_document DROP COLUMN facts')
        op.execute('UPDATE search_document SET title = title')


POST_FACTS = """(SELECT 'zqt' || t.topic_id || ' zqh' || t.id || ' zqk' || t.kind
 || ' zql' || replace(lower(p.language), '-', '')
 || ' zqa' || coalesce(p.author_id, 0) || ' zqs' || coalesce(p.seat_id, 0) || {tags}
 || ' zqm' || {month} || ' zqy' || {year}
 || CASE WHEN t.accepted_number IS NULL THEN '' ELSE ' zqsolved' END
 || CASE WHEN coalesce(p.author_id, 0) = coalesce(t.author_id, 0) THEN ' zqown' ELSE '' END
 || CASE WHEN p.number = 1 THEN ' zqopens' ELSE '' END
 FROM post p JOIN thread t ON t.id = p.thread_id WHERE p.id = search_document.post_id)"""
TAGS = "coalesce((SELECT {joined} FROM thread_tag g WHERE g.thread_id = t.id), '')"
SQLITE_FACTS = 'coalesce(' + POST_FACTS.format(
    tags=TAGS.format(joined="group_concat(' zqg' || g.tag_id, '')"),
    month='substr(p.created_at, 1, 4) || substr(p.created_at, 6, 2)', year='substr(p.created_at, 1, 4)',
) + ", '')"
POSTGRESQL_FACTS = 'coalesce(' + POST_FACTS.format(
    tags=TAGS.format(joined="string_agg(' zqg' || g.tag_id, '')"),
    month="to_char(p.created_at AT TIME ZONE 'UTC', 'YYYYMM')", year="to_char(p.created_at AT TIME ZONE 'UTC', 'YYYY')",
) + ", '')"


def add_title_words() -> None:
    document = sa.table('search_document', sa.column('id', sa.Integer), sa.column('title', sa.Text), sa.column('facts', sa.Text))
    titled = sa.select(document.c.id, document.c.title).where(document.c.facts.like('% zqopens%'))
    rows = [{'number': number, 'words': title_words(title)} for number, title in op.get_bind().execute(titled)]
    if rows:
        changed = document.update().where(document.c.id == sa.bindparam('number'))
        op.get_bind().execute(changed.values(facts=document.c.facts + sa.bindparam('words', type_=sa.Text)), rows)


def title_words(title: str) -> str:
    return ''.join(f' zqw{fold(word)}' for word in dict.fromkeys(re.findall(r'[^\W_]+', title)))


def fold(word: str) -> str:
    spelt = word.casefold().translate(str.maketrans({'ß': 'ss', 'ø': 'o', 'ł': 'l', 'đ': 'd', 'æ': 'ae', 'œ': 'oe', **dict(zip('άέήίόύώ', 'αεηιουω'))}))
    return ''.join(''.join(sign for sign in unicodedata.normalize('NFKD', spelt) if not unicodedata.combining(sign)).split())


# As in revision 0001.
FOLDED = {'ß': 'ss', 'ẞ': 'ss', 'ø': 'o', 'Ø': 'o', 'ł': 'l', 'Ł': 'l', 'đ': 'd', 'Đ': 'd', 'æ': 'ae', 'Æ': 'ae', 'œ': 'oe', 'Œ': 'oe',
          **dict(zip('άέήίόύώΆΈΉΊΌΎΏ', 'αεηιουωαεηιουω'))}


def folded(column: str) -> str:
    for letter, plain in FOLDED.items():
        column = f"replace({column}, '{letter}', '{plain}')"
    return column


def drop_sqlite_index() -> None:
    for name in ('added', 'changed', 'removed'):
        op.execute(f'DROP TRIGGER search_document_{name}')
    op.execute('DROP TABLE search_index')


def sqlite_index(*more: str) -> list[str]:
    """The full-text index over title, body and these columns, filled and kept by triggers."""
    columns = ', '.join(('title', 'body', *more))

    def texts(row: str) -> str:
        return ', '.join((folded(f'{row}title'), folded(f'{row}body'), *(row + one for one in more)))

    add = f"INSERT INTO search_index (rowid, {columns}) VALUES (new.id, {texts('new.')});"
    forget = f"INSERT INTO search_index (search_index, rowid, {columns}) VALUES ('delete', old.id, {texts('old.')});"
    weights = ', '.join(('5.0', '1.0', *('0.0' for _ in more)))
    return [
        f"CREATE VIRTUAL TABLE search_index USING fts5({columns}, content='search_document', content_rowid='id', tokenize='unicode61 remove_diacritics 2')",
        f"INSERT INTO search_index (search_index, rank) VALUES ('rank', 'bm25({weights})')",
        f"INSERT INTO search_index (rowid, {columns}) SELECT id, {texts('')} FROM search_document",
        f"CREATE TRIGGER search_document_added AFTER INSERT ON search_document BEGIN {add} END",
        f"CREATE TRIGGER search_document_removed AFTER DELETE ON search_document BEGIN {forget} END",
        f"CREATE TRIGGER search_document_changed AFTER UPDATE OF {columns} ON search_document BEGIN {forget} {add} END",
    ]


KEEP = """CREATE OR REPLACE FUNCTION keep_search_index() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO search_index (document_id, words) VALUES (new.id,
    setweight(to_tsvector('simple', search_fold(new.title)), 'A') ||
    setweight(to_tsvector('simple', search_fold(new.body)), 'C'){facts})
    ON CONFLICT (document_id) DO UPDATE SET words = excluded.words;
    RETURN NULL; END $$"""
AS_WORDS = " || array_to_tsvector(array_remove(string_to_array({row}facts, ' '), ''))"
TRIGGER = """CREATE TRIGGER search_document_kept AFTER INSERT OR UPDATE OF {columns}
    ON search_document FOR EACH ROW EXECUTE FUNCTION keep_search_index()"""


def postgresql_index() -> list[str]:
    return [
        KEEP.format(facts=AS_WORDS.format(row='new.')),
        'DROP TRIGGER search_document_kept ON search_document',
        TRIGGER.format(columns='title, body, facts'),
        f"UPDATE search_index SET words = words{AS_WORDS.format(row='d.')} FROM search_document d WHERE d.id = document_id",
    ]


# A page of a list of threads is found in one of these alone, see app/forum/walking.py.

IS_THERE = 'deleted_at IS NULL AND merged_into_id IS NULL'
REACHED = ['id', 'topic_id', 'visibility', 'group_id']
LISTS = {
    'last': (['last_post_at', *REACHED], IS_THERE),
    'topic': (['topic_id', 'is_pinned', 'last_post_at', 'id', 'visibility', 'group_id'], IS_THERE),
    'created': (['created_at', 'author_id', *REACHED], IS_THERE),
    'replies': (['reply_count', 'last_post_at', *REACHED], IS_THERE),
    'waiting': (['last_post_at', *REACHED], f'{IS_THERE} AND (reply_count = 0 OR last_author_id = author_id)'),
    'solved': (['last_post_at', *REACHED], f'{IS_THERE} AND (accepted_number IS NOT NULL)'),
}


def add_list_indexes() -> None:
    for name, (columns, where) in LISTS.items():
        only = sa.text(where)
        op.create_index(f'ix_thread_list_{name}', 'thread', columns, sqlite_where=only, postgresql_where=only)
    op.drop_index('ix_thread_topic_last', table_name='thread')
    op.drop_index('ix_thread_last_post_at', table_name='thread')
    op.create_index('ix_post_author_thread', 'post', ['author_id', 'thread_id'])
    op.create_index('ix_post_seat_thread', 'post', ['seat_id', 'thread_id'])
    op.create_index('ix_post_author_created', 'post', ['author_id', 'created_at'])
    op.drop_index('ix_post_author_id', table_name='post')
    op.drop_index('ix_thread_merged_into_id', table_name='thread')
    readable = sa.text('deleted_at IS NULL AND hidden_at IS NULL')
    op.create_index('ix_post_readable', 'post', ['thread_id', 'number', 'author_id'], sqlite_where=readable, postgresql_where=readable)
    merged = sa.text('merged_into_id IS NOT NULL')
    op.create_index('ix_thread_merged_into_id', 'thread', ['merged_into_id'], sqlite_where=merged, postgresql_where=merged)


def drop_list_indexes() -> None:
    op.drop_index('ix_post_readable', table_name='post')
    op.drop_index('ix_thread_merged_into_id', table_name='thread')
    op.create_index('ix_thread_merged_into_id', 'thread', ['merged_into_id'])
    op.create_index('ix_post_author_id', 'post', ['author_id'])
    op.drop_index('ix_post_author_created', table_name='post')
    op.drop_index('ix_post_seat_thread', table_name='post')
    op.drop_index('ix_post_author_thread', table_name='post')
    op.create_index('ix_thread_last_post_at', 'thread', ['last_post_at'])
    op.create_index('ix_thread_topic_last', 'thread', ['topic_id', 'last_post_at'])
    for name in LISTS:
        op.drop_index(f'ix_thread_list_{name}', table_name='thread')
