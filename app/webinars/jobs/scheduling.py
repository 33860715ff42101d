"""What happens to webinars by itself: publication at a planned moment, the archive, removal."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.accounts.queries import one_user
from app.core.db import db
from app.core.jobs import Gone, job
from app.core.outbox import post_mail
from app.core.periodic import periodic
from app.webinars import archiving, discarding, publishing
from app.webinars.emails import scheduling as emails
from app.webinars.enums import Status
from app.webinars.jobs._posting import webinar_held


@job("webinars.publish_planned")
def publish_planned(webinar_id: int, at: str, planned_by: int | None) -> None:
    publishing.publish_planned(webinar_held(webinar_id), datetime.fromisoformat(at), planned_by)


@job("webinars.send_not_published")
def send_not_published(webinar_id: int, user_id: int, at: str) -> None:
    webinar = webinar_held(webinar_id)
    person = db.session.scalars(one_user(user_id)).one_or_none()
    if person is None:
        raise Gone
    if webinar.status == Status.DRAFT and person.active:
        key = f"webinars.not_published:{webinar_id}:{user_id}:{at}"
        post_mail(emails.not_published(webinar, person), person.email, key)


@job("webinars.remove_discarded")
def remove_discarded(webinar_id: int, deleted_at: str) -> None:
    discarding.remove_discarded(webinar_id, deleted_at)


@periodic("webinars.archive_old", every=timedelta(hours=6))
def archive_old() -> None:
    archiving.archive_old()
