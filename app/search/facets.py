"""How much of what was found is where: counts of what the viewer reads, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.accounts.models import User
from app.core.db import db
from app.forum.enums import ThreadKind
from app.search.finding import Asked
from app.search.queries import readable_by
from app.search.ranking import facets, without_each


@dataclass(frozen=True)
class Facets:
    """Conversations found by topic (slug), by kind and by language."""

    topic: dict[str, int]
    kind: dict[ThreadKind, int]
    language: dict[str, int]


NONE = Facets({}, {}, {})


def facets_of(viewer: User | None, asked: Asked) -> Facets:
    """The most frequent first."""
    if not asked.is_enough:
        return NONE
    slugs = {topic.id: topic.slug for topic in asked.choice.topics}
    topics, kinds, languages = Counter[str](), Counter[ThreadKind](), Counter[str]()
    visible = readable_by(viewer, asked.choice)
    for topic_id, kind, language, count in db.session.execute(facets(asked.query, visible)):
        topics[slugs[topic_id]] += count
        kinds[kind] += count
        languages[language] += count
    return Facets(
        dict(topics.most_common()), dict(kinds.most_common()), dict(languages.most_common())
    )


def hidden_by_each(viewer: User | None, asked: Asked) -> dict[str, int]:
    """How many results there would be without each of the filters, where there would be any."""
    names = asked.choice.wanted.narrowed_by
    if not names or not asked.is_enough:
        return {}
    counts = db.session.execute(without_each(viewer, asked.query, asked.choice)).one()
    return {name: count for name, count in zip(names, counts, strict=True) if count}
