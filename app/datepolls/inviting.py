"""Inviting whoever could come to the date that won."""

from __future__ import annotations

from app.accounts.queries import users_by_ids
from app.datepolls.models import DatePoll
from app.datepolls.polling import willing
from app.webinars.models import Webinar
from app.webinars.participants import Answers, person_of
from app.webinars.registering import register


def invite_willing(poll: DatePoll, webinar: Webinar) -> int:
    """Register them in the order of their answers, with seats and waiting list as for everybody.

    They agreed to that beside the button that sent their answers. Twice is once. Return how many.
    """
    ids = willing(poll)
    people = users_by_ids(ids)
    known = [people[one] for one in ids if one in people and people[one].is_approved]
    for person in known:
        register(webinar, person_of(person, webinar.language), Answers())
    return len(known)
