"""Our measured network in the tables of Misago: `fill_misago.py interurban.db`, after `migrate`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from multiprocessing import Pool
from typing import Any

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from misago.acl.cache import clear_acl_cache  # noqa: E402
from misago.acl.models import Role  # noqa: E402
from misago.cache.versions import invalidate_all_caches  # noqa: E402
from misago.categories.models import Category, RoleCategoryACL  # noqa: E402
from misago.conf.models import Setting  # noqa: E402
from misago.core.utils import slugify  # noqa: E402
from misago.markup.parser import parse  # noqa: E402
from misago.threads.models import Thread  # noqa: E402
from misago.users.models import Online, Rank, User  # noqa: E402
from misago.users.utils import hash_email  # noqa: E402
from reading import Member, Network, Post  # noqa: E402

PASSWORD = "interurban"
READ_FOR = timedelta(days=40)  # its setting of how long it remembers what was read
PAGES = {"posts_per_page": 20, "posts_per_page_orphans": 0, "threads_per_page": 30}
STAGING = """CREATE TEMP TABLE staged (id int, category_id int, thread_id int, poster_id int,
    poster_name text, original text, parsed text, checksum text, written timestamptz,
    document text) ON COMMIT DROP"""
UNSTAGING = """INSERT INTO misago_threads_post (id, category_id, thread_id, poster_id, poster_name,
    original, parsed, checksum, posted_on, updated_on, hidden_on, edits, has_reports,
    has_open_reports, is_unapproved, is_hidden, is_protected, is_event, likes, plugin_data,
    search_document, search_vector)
    SELECT id, category_id, thread_id, poster_id, poster_name, original, parsed, checksum,
    written, written, written, 0, false, false, false, false, false, false, 0, '{}',
    document, to_tsvector('simple', document) FROM staged"""


class Nobody:
    """What its parser asks of a request: where the forum lives."""

    META = {"HTTP_HOST": "127.0.0.1"}

    def get_host(self) -> str:
        return "127.0.0.1"

    def is_secure(self) -> bool:
        return False


def main(path: str) -> None:
    network = Network(path)
    with transaction.atomic():
        for name, value in PAGES.items():
            Setting.objects.filter(setting=name).update(dry_value=str(value))
        categories = fill_categories(network)
        names = fill_members(network)
        fill_threads(network, categories, names)
        fill_posts(network, categories, names)
        fill_readings(network, categories)
    for category in [*categories.values(), Category.objects.root_category()]:
        category.synchronize()
        category.save()
    follow_numbers()
    Category.objects.clear_cache()
    clear_acl_cache()
    invalidate_all_caches()
    cache.clear()


def fill_categories(network: Network) -> dict[int, Category]:
    """The permissions of the category that Misago makes itself, and then without that one."""
    root = Category.objects.get(special_role="root_category")
    first = Category.objects.filter(parent=root).first()
    given = list(first.category_role_set.values_list("role_id", "category_role_id"))
    made = {}
    for topic in network.topics():
        category = Category(description="Made for measuring.")
        category.set_name(topic.name)
        category.insert_at(Category.objects.get(pk=root.pk), position="last-child", save=True)
        RoleCategoryACL.objects.bulk_create(
            RoleCategoryACL(role_id=role, category=category, category_role_id=kind)
            for role, kind in given
        )
        made[topic.id] = category.pk
    Category.objects.get(pk=first.pk).delete()
    return {topic: Category.objects.get(pk=pk) for topic, pk in made.items()}


def fill_members(network: Network) -> dict[int, str]:
    rank, role = Rank.objects.get_default(), Role.objects.get(special_role="authenticated")
    password, members = make_password(PASSWORD), network.members()
    rows = [user_of(member, rank, password) for member in members]
    User.objects.bulk_create(rows, batch_size=500)
    given = User.roles.through
    given.objects.bulk_create([given(user_id=m.id, role_id=role.pk) for m in members])
    Online.objects.bulk_create([Online(user_id=m.id, last_click=m.joined) for m in members])
    one = User.objects.get(pk=members[0].id)
    one.update_acl_key()
    User.objects.update(acl_key=one.acl_key)
    return {row.id: row.username for row in rows}


def user_of(member: Member, rank: Rank, password: str) -> User:
    """Its names have letters and digits only, so ours go without their hyphen."""
    name = member.handle.replace("-", "")
    portraits = [{"size": n, "url": f"/media/{member.id}-{n}.png"} for n in (400, 200, 100)]
    return User(
        id=member.id, username=name, slug=slugify(name), email=member.email,
        email_hash=hash_email(member.email), password=password, rank=rank, avatars=portraits,
        joined_on=member.joined, last_login=member.joined, posts=member.posts,
        threads=member.threads, last_posted_on=member.last_post_at,
    )  # fmt: skip


def fill_threads(network: Network, categories: dict[int, Category], names: dict[int, str]) -> None:
    Thread.objects.bulk_create(
        (
            Thread(
                id=t.id, category=categories[t.topic], title=t.title, slug=slugify(t.title),
                replies=t.length - 1, started_on=t.started, last_post_on=t.last_post_at,
                first_post_id=t.first_post, starter_id=t.author, starter_name=names[t.author],
                starter_slug=slugify(names[t.author]), last_post_id=t.last_post,
                last_poster_id=t.last_author, last_poster_name=names[t.last_author],
                last_poster_slug=slugify(names[t.last_author]), best_answer_id=t.accepted,
                best_answer_marked_on=t.last_post_at if t.accepted else None,
            )
            for t in network.threads()
        ),
        batch_size=1000,
    )  # fmt: skip


def fill_posts(network: Network, categories: dict[int, Category], names: dict[int, str]) -> None:
    numbers = {topic: category.pk for topic, category in categories.items()}
    with connection.cursor() as cursor:
        cursor.execute(STAGING)
        with Pool(2) as pool, cursor.copy("COPY staged FROM STDIN") as copy:
            for row in pool.imap(row_of, outlined(network, numbers, names), chunksize=200):
                copy.write_row(row)
        cursor.execute(UNSTAGING)


def outlined(
    network: Network, numbers: dict[int, int], names: dict[int, str]
) -> Iterator[tuple[Post, int, str]]:
    for post in network.posts():
        yield post, numbers[post.topic], names[post.author]


def row_of(outline: tuple[Post, int, str]) -> tuple[Any, ...]:
    """Parsed by its own parser and sealed with its checksum, as posting does it."""
    post, category, name = outline
    parsed = parsed_by_misago(post.body)
    seal = "+".join([parsed, str(post.id), str(post.written.date())])
    document = f"{post.title}\n\n{post.body}" if post.number == 1 else post.body
    return (
        post.id, category, post.thread, post.author, name, post.body, parsed,
        sha256(seal.encode()).hexdigest(), post.written, document,
    )  # fmt: skip


@lru_cache(5000)
def parsed_by_misago(body: str) -> str:
    return str(parse(body, Nobody(), None, allow_mentions=False)["parsed_text"])


def fill_readings(network: Network, categories: dict[int, Category]) -> None:
    now = timezone.now()
    columns = "user_id, thread_id, category_id, post_id, last_read_on"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY misago_readtracker_postread ({columns}) FROM STDIN") as copy,
    ):
        for member, thread, topic, post in network.read_posts(now - READ_FOR):
            copy.write_row((member, thread, categories[topic].pk, post, now))


def follow_numbers() -> None:
    """The next rows get the numbers after ours."""
    for table in ("misago_users_user", "misago_threads_thread", "misago_threads_post"):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )


if __name__ == "__main__":
    main(sys.argv[1])
