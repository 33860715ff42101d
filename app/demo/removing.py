"""Taking the whole demo away; what real people made meanwhile stays."""

from __future__ import annotations

from app.accounts.clearing import bodies_with_seats, remove_demo_people
from app.core.outbox import drop_waiting_mail
from app.demo.cast import MAIL_DOMAIN
from app.files.clearing import remove_demo_files
from app.forum.clearing import cities_named, remove_demo_threads
from app.forum.queries import groups_with_threads, topics_with_threads
from app.messages.clearing import remove_demo_conversations
from app.network.clearing import remove_demo_network
from app.topics.clearing import remove_demo_topics
from app.webinars.clearing import remove_demo_webinars
from app.webinars.queries import groups_with_webinars, topics_with_webinars


def remove_demo() -> dict[str, int]:
    """Remove everything in one transaction. Return how many of each kind went."""
    webinars, threads = remove_demo_webinars(), remove_demo_threads()
    conversations, files = remove_demo_conversations(), remove_demo_files()
    topics = remove_demo_topics(topics_with_threads() | topics_with_webinars())
    people = remove_demo_people(groups_with_threads() | groups_with_webinars())
    cities, organisations = bodies_with_seats()
    members = remove_demo_network(cities | cities_named(), organisations)
    drop_waiting_mail(MAIL_DOMAIN)
    return {
        "webinars": webinars,
        "threads": threads,
        "private conversations": conversations,
        "files": files,
        "topics": topics,
        "people": people,
        "members": members,
    }
