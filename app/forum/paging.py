"""Pages of a thread by post number: a post stays on its page whatever is hidden around it."""

from __future__ import annotations

POSTS_A_PAGE = 20
ORPHANS = 5  # so few posts do not get a page of their own


def page_count(last_number: int) -> int:
    """How many pages a thread has; the last one has never less than six posts, unless alone."""
    return max(1, -(-(last_number - ORPHANS) // POSTS_A_PAGE))


def page_of(number: int, last_number: int) -> int:
    return min((number - 1) // POSTS_A_PAGE + 1, page_count(last_number))


def numbers_on(page: int, last_number: int) -> tuple[int, int]:
    """The first and last post number of a page."""
    first = (page - 1) * POSTS_A_PAGE + 1
    last = last_number if page >= page_count(last_number) else page * POSTS_A_PAGE
    return first, max(first, last)


def numbers_at_most(page: int) -> tuple[int, int]:
    """The same for a thread whose last number is not known: the page may end earlier."""
    return (page - 1) * POSTS_A_PAGE + 1, page * POSTS_A_PAGE + ORPHANS
