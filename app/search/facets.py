"""How much of what was found is where: counts of what the viewer reads, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import itemgetter

from app.forum.enums import ThreadKind
from app.search.finding import Asked, Found
from app.search.ranking import NEWEST_HITS, count_of

PLACE = itemgetter(3, 4, 5)
"""Language, topic and kind in a row of `ranking.hits_of`."""


@dataclass(frozen=True)
class Facets:
    """Conversations found by topic (slug), by kind and by language."""

    topic: dict[str, int]
    kind: dict[ThreadKind, int]
    language: dict[str, int]


def facets_of(found: Found) -> Facets:
    """The most frequent first. Counts stand on the same rows as the hits."""
    slugs = {topic.id: topic.slug for topic in found.asked.choice.topics}
    places = Counter(map(PLACE, found.rows))
    topics, kinds, languages = Counter[str](), Counter[ThreadKind](), Counter[str]()
    for (code, topic, kind), count in places.items():
        if kind is None:  # no conversation
            continue
        topics[slugs[topic]] += count
        kinds[ThreadKind(kind)] += count
        languages[code] += count
    return Facets(
        dict(topics.most_common()), dict(kinds.most_common()), dict(languages.most_common())
    )


def hidden_by_each(asked: Asked, most: int = NEWEST_HITS) -> dict[str, int]:
    """How many results there would be without each of the filters, where there would be any."""
    if not asked.is_enough:
        return {}
    choice = asked.choice
    counts = {
        name: count_of(asked.reach, asked.query, choice.without(name), most)
        for name in choice.wanted.narrowed_by
    }
    return {name: count for name, count in counts.items() if count}
