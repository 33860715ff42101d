"""What every template can call, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.accounts.browsers import browser_label
from app.accounts.naming import role_name, seat_role_name
from app.accounts.permissions import may_take_part
from app.files.kinds import file_types
from app.files.scanning import scanner_state
from app.files.showing import size_words
from app.forum import event_words, jumping, row_texts
from app.forum import wording as list_wording
from app.forum.permissions import may_curate, may_rename
from app.home import wording as home_words
from app.messages.permissions import can_see_reports
from app.network import city_map, naming
from app.notes import anchoring as notes_anchoring
from app.notes import composing as notes_composing
from app.notes import deciding as notes_deciding
from app.notes import naming as notes_naming
from app.notes import publishing as notes_publishing
from app.notes.downloading import form_words
from app.notifications.queries import unread_count
from app.notifications.wording import notice_sentence
from app.questions import forms as questions_forms
from app.search.snippets import highlighted
from app.webinars import add_links
from app.webinars.forms.registration import registration_form

TEMPLATE_GLOBALS: dict[str, Callable[..., Any]] = {
    "browser_label": browser_label,
    "file_size": size_words,
    "file_types": file_types,
    "scanner_state": scanner_state,
    "event_icon": event_words.event_icon,
    "event_sentence": event_words.event_sentence,
    "jumps_in": jumping.jumps_in,
    "may_curate": may_curate,
    "may_rename": may_rename,
    "may_take_part": may_take_part,
    "can_see_reports": can_see_reports,
    "answers_wanted": list_wording.answers_wanted,
    "news_count": list_wording.news_count,
    "row_sentence": list_wording.row_sentence,
    "thread_rows": row_texts.thread_rows,
    "role_name": role_name,
    "seat_role_name": seat_role_name,
    "end_of_line_map": city_map.end_of_line_map,
    "line_map": city_map.line_map,
    "network_picture": city_map.network_picture,
    "blank_ask_form": questions_forms.blank_ask_form,
    "registration_form": registration_form,
    "action_state": notes_composing.action_state,
    "calendar_links": add_links.links_for,
    "feed_address": add_links.feed_address,
    "city_name": naming.city_name,
    "country_name": naming.country_name,
    "highlighted": highlighted,
    "language_name": naming.language_name,
    "membership_label": naming.membership_label,
    "name_of": naming.name_of,
    "owner_of": notes_naming.owner_of,
    "owner_words": notes_naming.owner_words,
    "record_anchor": notes_anchoring.anchor_of,
    "record_number": notes_deciding.number_of,
    "decision_status": notes_composing.decision_status,
    "version_name": notes_publishing.version_name,
    "form_words": form_words,
    "when_of": notes_composing.when,
    "notice_sentence": notice_sentence,
    "unread_notices": unread_count,
    "near_day": home_words.near_day,
    "network_size": home_words.network_size,
    "since_day": home_words.since_day,
}
