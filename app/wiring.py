"""The only file that knows everyone: who hears which signal, which pages and commands exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blinker import Signal
from flask import Flask

from app.accounts import jobs as accounts_jobs
from app.accounts import sessions as accounts_sessions
from app.accounts import signals as accounts_signals
from app.accounts.views import _security as accounts_security
from app.attendance import jobs as attendance_jobs
from app.attendance import signals as attendance_signals
from app.certificates import jobs as certificates_jobs
from app.certificates import receivers as certificates_receivers
from app.certificates import telling as certificates_telling
from app.core.commands import Commands
from app.core.early_members import know_members
from app.datepolls import jobs as datepolls_jobs
from app.datepolls import receivers as datepolls_receivers
from app.feedback import jobs as feedback_jobs
from app.feedback import receivers as feedback_receivers
from app.feedback import telling as feedback_telling
from app.files import clearing as files_clearing
from app.files import jobs as files_jobs
from app.forum import attaching as forum_attaching
from app.forum import jobs as forum_jobs
from app.forum import receivers as forum_receivers
from app.forum import signals as forum_signals
from app.live import jobs as live_jobs
from app.mailbox import jobs as mailbox_jobs
from app.materials import jobs as materials_jobs
from app.materials import queries as materials_queries
from app.materials import receivers as materials_receivers
from app.materials import signals as materials_signals
from app.materials import telling as materials_telling
from app.messages import queries as messages_queries
from app.messages import signals as messages_signals
from app.network import signals as network_signals
from app.notes import jobs as notes_jobs
from app.notes import receivers as notes_receivers
from app.notes import signals as notes_signals
from app.notifications import jobs as notifications_jobs
from app.notifications import receivers as notification_receivers
from app.pages import BLUEPRINTS
from app.polls import jobs as polls_jobs
from app.polls import receivers as polls_receivers
from app.questions import jobs as questions_jobs
from app.questions import receivers as questions_receivers
from app.questions import signals as questions_signals
from app.search import receivers as search_receivers
from app.statistics import jobs as statistics_jobs
from app.tables import MODELS  # noqa: F401 - so that every table is known
from app.template_globals import TEMPLATE_GLOBALS
from app.webinars import afterwards
from app.webinars import receivers as webinars_receivers
from app.webinars import signals as webinars_signals
from app.webinars import speaking as webinars_speaking
from app.webinars.jobs import answers as webinars_answer_jobs
from app.webinars.jobs import calendar as webinars_calendar_jobs
from app.webinars.jobs import managing as webinars_managing_jobs
from app.webinars.jobs import places as webinars_place_jobs
from app.webinars.jobs import reminders as webinars_reminder_jobs
from app.webinars.jobs import scheduling as webinars_scheduling_jobs
from app.webinars.jobs import speakers as webinars_speaker_jobs
from app.webinars.jobs import zones as webinars_zone_jobs
from config import Settings

SUBSCRIPTIONS: list[tuple[Signal, Callable[..., Any]]] = [
    (forum_signals.post_created, search_receivers.on_post_created),
    (forum_signals.post_created, notes_receivers.on_post_created),
    (forum_signals.post_edited, search_receivers.on_post_written),
    (forum_signals.post_removed, search_receivers.on_post_removed),
    (forum_signals.post_restored, search_receivers.on_post_written),
    (forum_signals.thread_changed, search_receivers.on_thread_changed),
    (forum_signals.answer_accepted, search_receivers.on_answer_changed),
    (forum_signals.answer_unaccepted, search_receivers.on_answer_changed),
    (forum_signals.overview_updated, search_receivers.on_overview_updated),
    (forum_signals.posts_moved, search_receivers.on_posts_moved),
    (forum_signals.post_created, notification_receivers.on_post_created),
    (forum_signals.post_edited, notification_receivers.on_post_edited),
    (forum_signals.thread_started, notification_receivers.on_thread_started),
    (forum_signals.answer_accepted, notification_receivers.on_answer_accepted),
    (forum_signals.post_edited_by_steward, notification_receivers.on_edited_by_steward),
    (forum_signals.post_hidden, notification_receivers.on_hidden),
    (forum_signals.post_unhidden, notification_receivers.on_unhidden),
    (forum_signals.posts_moved, notification_receivers.on_posts_moved),
    (forum_signals.bookmark_due, notification_receivers.on_bookmark_due),
    (forum_signals.half_time_reached, notification_receivers.on_half_time),
    (forum_signals.time_is_up, notification_receivers.on_time_is_up),
    (forum_signals.answer_accepted, questions_receivers.on_answer_changed),
    (forum_signals.answer_unaccepted, questions_receivers.on_answer_changed),
    (forum_signals.post_removed, questions_receivers.on_post_hidden_or_back),
    (forum_signals.post_restored, questions_receivers.on_post_hidden_or_back),
    (forum_signals.post_edited, questions_receivers.on_post_edited),
    (forum_signals.thread_removed, questions_receivers.on_thread_gone_or_back),
    (forum_signals.thread_restored, questions_receivers.on_thread_gone_or_back),
    (questions_signals.question_replied, notification_receivers.on_question_replied),
    (questions_signals.question_dismissed, notification_receivers.on_question_dismissed),
    (questions_signals.question_forwarded, notification_receivers.on_question_forwarded),
    (messages_signals.message_sent, notification_receivers.on_message_sent),
    (accounts_signals.seat_handed_over, forum_receivers.on_seat_handed_over),
    (accounts_signals.reader_stopped_counting, forum_receivers.on_reader_stopped_counting),
    (accounts_signals.seat_handed_over, notes_receivers.on_seat_handed_over),
    (webinars_signals.webinar_published, webinars_receivers.on_published),
    (webinars_signals.webinar_published, notification_receivers.on_webinar_published),
    (webinars_signals.webinar_changed, webinars_receivers.on_changed),
    (webinars_signals.webinar_cancelled, webinars_receivers.on_cancelled),
    (materials_signals.recording_published, materials_receivers.on_recording_published),
    (webinars_signals.webinar_copied, materials_receivers.on_webinar_copied),
    (webinars_signals.webinar_published, search_receivers.on_webinar_changed),
    (webinars_signals.webinar_published, datepolls_receivers.on_webinar_published),
    (webinars_signals.webinar_copied, polls_receivers.on_webinar_copied),
    (webinars_signals.webinar_copied, feedback_receivers.on_webinar_copied),
    (webinars_signals.webinar_changed, search_receivers.on_webinar_changed),
    (webinars_signals.webinar_updated, search_receivers.on_webinar_changed),
    (webinars_signals.webinar_cancelled, search_receivers.on_webinar_changed),
    (notes_signals.summary_published, search_receivers.on_summary_published),
    (notes_signals.summary_unpublished, search_receivers.on_summary_unpublished),
    (notes_signals.summary_unpublished, notes_receivers.on_unpublished_to_carry),
    (notes_signals.summary_published, notes_receivers.on_summary_published),
    (notes_signals.summary_published, notification_receivers.on_summary_published),
    (notes_signals.note_taker_named, notification_receivers.on_note_taker_named),
    (notes_signals.summary_published, notes_receivers.on_published_to_carry),
    (notes_signals.action_turned, notes_receivers.on_action_turned),
    (webinars_signals.webinar_copied, notes_receivers.on_webinar_copied),
    (webinars_signals.webinar_changed, notes_receivers.on_webinar_moved),
    (webinars_signals.webinar_cancelled, notes_receivers.on_webinar_moved),
    (attendance_signals.attendance_corrected, certificates_receivers.on_attendance_corrected),
    (network_signals.city_added, search_receivers.on_city_added),
]

# By name: what commands need is loaded by commands only.
COMMANDS = {
    "db": "flask_migrate.cli:db",
    "accounts": "app.accounts.cli:group",
    "serve": "app.core.serve:serve",
    "jobs": "app.core.cli:jobs",
    "shared-memory": "app.core.cli:memory",
    "search": "app.search.cli:group",
    "forum": "app.forum.cli:group",
    "demo": "app.demo.cli:demo",
    "bench": "app.demo.cli:bench",
    "metrics": "app.home.cli:group",
    "db-move": "app.exchange.cli:db_move",
    "files": "app.files.cli:group",
    "mail": "app.mailbox.cli:group",
    "questions": "app.questions.cli:group",
}

JOBS: list[Any] = [
    accounts_jobs,
    forum_jobs,
    files_jobs,
    notifications_jobs,
    webinars_answer_jobs,
    datepolls_jobs,
    polls_jobs,
    materials_jobs,
    notes_jobs,
    feedback_jobs,
    webinars_calendar_jobs,
    webinars_zone_jobs,
    webinars_managing_jobs,
    webinars_place_jobs,
    webinars_reminder_jobs,
    webinars_scheduling_jobs,
    webinars_speaker_jobs,
    mailbox_jobs,
    attendance_jobs,
    certificates_jobs,
    live_jobs,
    statistics_jobs,
    questions_jobs,
]


# Whose generation a change of a table raises. Tables that no kept page shows are not here.
DOMAINS_SHOWN = {
    **dict.fromkeys(["city", "organisation", "membership"], "network"),
    **dict.fromkeys(["user", "seat", "group", "group_member"], "people"),
    **dict.fromkeys(["topic", "topic_grant", "topic_steward", "tag"], "topics"),
    **dict.fromkeys(
        ["thread", "post", "thread_event", "thread_overview", "thread_tag", "post_response",
         "post_redirect", "post_revision", "post_file", "stored_file"],
        "forum",
    ),
    **dict.fromkeys(
        ["webinar", "agenda_item", "speaker", "registration", "webinar_organiser", "series",
         "registration_question"],
        "webinars",
    ),
    **dict.fromkeys(
        ["question", "question_desk", "survey", "webinar_recording", "recording_track", "chapter",
         "material"],
        "live",
    ),
    **dict.fromkeys(["note_set", "note", "note_taker", "summary_version", "decision", "action"],
                    "notes"),
}  # fmt: skip
NEVER_SHOWN = {
    "webinar": frozenset({"armed_for", "waitlisted_most"}),
    "user": frozenset({
        "password", "fs_uniquifier", "tf_primary_method", "tf_totp_secret", "totp_last_counter",
        "fs_webauthn_user_handle", "wishes", "locale", "timezone", "wants_action_mails",
        "wants_summary_mails",
    }),
    "registration": frozenset({"joined_at", "attended", "minutes_attended", "is_excused",
                               "gave_feedback",
                               "opened_summary", "ics_last_sequence", "ics_last_method",
                               "ics_last_sent_at", "last_mailed_at", "wants_reminders", "partstat",
                               "reply_sequence", "reply_dtstamp", "reply_comment",
                               "is_reply_stale", "replied_at"}),
    "speaker": frozenset({
        "phone", "access_needs", "may_record", "consent_version", "consented_at", "language",
        "timezone", "wants_reminders", "last_mailed_at",
        "invited_at", "answered_at", "token",
    }),
}  # fmt: skip
# What older threads add up to is counted anew only when one of them goes or is somewhere else.
LASTING = {
    "thread": ("places", frozenset({
        "topic_id", "visibility", "group_id", "deleted_at", "merged_into_id", "created_at",
    })),
}  # fmt: skip

# What keeps an uploaded file: all others go.
FILE_USES = [forum_attaching.files_in_use, messages_queries.files_in_use,
             webinars_speaking.files_in_use, materials_queries.material_files_in_use,
             materials_queries.track_files_in_use]  # fmt: skip

# What the mail after a webinar says, in this order.
AFTERWARDS = [feedback_telling.lines_after, certificates_telling.lines_after,
              materials_telling.lines_after]  # fmt: skip


def connect(app: Flask, settings: Settings) -> None:
    """Join the domains to one application."""
    for signal, receiver in SUBSCRIPTIONS:
        signal.connect(receiver)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    files_clearing.register_uses(FILE_USES)
    afterwards.register_tellers(AFTERWARDS)
    mailbox_jobs.plan_fetching(settings.imap_url is not None)
    live_jobs.plan_rooms(settings)
    accounts_security.init_accounts(app)
    know_members(app, accounts_sessions.person_alone)
    app.cli = Commands(COMMANDS)
    app.jinja_env.globals.update(TEMPLATE_GLOBALS)
