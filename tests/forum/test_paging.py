"""Pages by number."""

from __future__ import annotations

import pytest

from app.forum.paging import numbers_on, page_count, page_of

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize(
    ("last_number", "count"), [(1, 1), (20, 1), (25, 1), (26, 2), (45, 2), (46, 3), (300, 15)]
)
def test_last_page_has_at_least_six_posts(last_number: int, count: int) -> None:
    assert page_count(last_number) == count


@pytest.mark.parametrize("last_number", [1, 25, 26, 45, 46, 131])
def test_every_number_is_on_exactly_one_page(last_number: int) -> None:
    pages = [numbers_on(page, last_number) for page in range(1, page_count(last_number) + 1)]

    covered = [number for first, last in pages for number in range(first, last + 1)]

    assert covered == list(range(1, last_number + 1))
    for number in covered:
        first, last = numbers_on(page_of(number, last_number), last_number)
        assert first <= number <= last
