"""What organisers fill in."""

from __future__ import annotations

import wtforms
from wtforms import (
    BooleanField,
    FormField,
    SelectField,
    SubmitField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.core.date_fields import Day, Hour
from app.core.enums import Attribution
from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import LANGUAGES, lazy_
from app.webinars.enums import Recording
from app.webinars.forms._fields import ADDRESS, RowNumber, Rows, Whole

MOST_AGENDA_ROWS, MOST_SPEAKERS = 40, 30
AGENDA_ROWS, SPEAKER_ROWS, MORE_ROWS = 8, 3, 4
CHOOSE = [InputRequired(lazy_("Choose one from the list."))]

ATTRIBUTIONS = [
    (Attribution.OPEN.value, lazy_("Names may be quoted")),
    (Attribution.NETWORK.value, lazy_("Names stay inside the network")),
    (Attribution.CHATHAM_HOUSE.value, lazy_("No names and no cities in any notes")),
]
RECORDINGS = [
    (Recording.NONE.value, lazy_("Not recorded")),
    (Recording.SPEAKERS.value, lazy_("Only the speakers are recorded")),
    (Recording.ALL.value, lazy_("Everybody is recorded")),
]


class AgendaForm(wtforms.Form):
    id = RowNumber()
    title = TextField(
        lazy_("What happens"),
        [Length(max=200, message=lazy_("Up to 200 characters."))],
    )
    minutes = Whole(
        lazy_("Minutes"),
        [Optional(), NumberRange(1, 480, message=lazy_("From 1 to 480 minutes."))],
    )
    detail = TextField(
        lazy_("Who, and what to know"),
        [Length(max=500, message=lazy_("Up to 500 characters."))],
    )


class SpeakerForm(wtforms.Form):
    id = RowNumber()
    name = TextField(lazy_("Name"), [Length(max=120, message=lazy_("Up to 120 characters."))])
    affiliation = TextField(
        lazy_("City or organisation"),
        [Length(max=160, message=lazy_("Up to 160 characters."))],
    )
    email = TextField(
        lazy_("Mail address"),
        [
            Optional(),
            Length(max=254, message=lazy_("Up to 254 characters.")),
            Regexp(ADDRESS, message=lazy_("Write the address like name@example.org.")),
        ],
    )


class TimeFields(Form):
    """A day, two times on it, and the zone they are meant in."""

    date = Day(lazy_("Day"), [InputRequired(lazy_("Choose the day."))])
    start_local = Hour(lazy_("Start"), [InputRequired(lazy_("Choose the start."))])
    end_local = Hour(lazy_("End"), [InputRequired(lazy_("Choose the end."))])
    tzid = SelectField(
        lazy_("Time zone of these times"),
        [InputRequired(lazy_("This time zone is not known. Choose one from the list."))],
        validate_choice=False,
    )
    version = RowNumber()

    def take_version(self, version: int) -> None:
        """After a clash: what is sent next has seen this version."""
        self.version.data, self.version.raw_data = version, None


class WebinarForm(TimeFields):
    title = TextField(
        lazy_("Title"),
        [
            InputRequired(lazy_("Give the webinar a title.")),
            Length(max=150, message=lazy_("Up to 150 characters.")),
        ],
    )
    description = LongTextField(
        lazy_("What people will take home"),
        [Length(max=20_000, message=lazy_("Up to 20,000 characters."))],
        description=lazy_("A few sentences. Markdown works: **bold**, lists, links."),
    )
    language = SelectField(lazy_("Language spoken"), CHOOSE, choices=list(LANGUAGES.items()))
    topic = SelectField(lazy_("Topic"))
    capacity = Whole(
        lazy_("Seats"),
        [Optional(), NumberRange(1, 100_000, message=lazy_("From 1 to 100,000 seats."))],
        description=lazy_("Leave it empty for no limit. When all are taken, people can wait."),
    )
    visibility = SelectField(lazy_("Who can see it"), CHOOSE)
    attribution = SelectField(
        lazy_("What may be said about who said it"), CHOOSE, choices=ATTRIBUTIONS
    )
    room_url = TextField(
        lazy_("Address of the room"),
        [
            Optional(),
            Length(max=500, message=lazy_("Up to 500 characters.")),
            Regexp(r"^https://[^\s/]+", message=lazy_("Give the whole address: https://…")),
        ],
        description=lazy_("Only people who registered get in, by the join page. Not shown before."),
    )
    recording = SelectField(lazy_("Recording"), CHOOSE, choices=RECORDINGS)
    captions = TextField(
        lazy_("Live captions in"),
        [Length(max=200, message=lazy_("Up to 200 characters."))],
        description=lazy_("For example: English, German"),
    )
    asks_access_needs = BooleanField(lazy_("Ask people what they need to take part"), default=True)
    host_label = TextField(
        lazy_("Who invites"),
        [Length(max=200, message=lazy_("Up to 200 characters."))],
        description=lazy_("For example: Rights and diversity service, Barcelona"),
    )
    agenda = Rows(FormField(AgendaForm), min_entries=AGENDA_ROWS, max_entries=MOST_AGENDA_ROWS)
    speakers = Rows(FormField(SpeakerForm), min_entries=SPEAKER_ROWS, max_entries=MOST_SPEAKERS)
    more_agenda = SubmitField(lazy_("Add rows to the programme"))
    more_speakers = SubmitField(lazy_("Add rows for speakers"))

    def asks_for_rows(self) -> bool:
        """True when a button only asked for more rows: nothing is saved, nothing is lost."""
        return bool(self.more_agenda.data or self.more_speakers.data)

    def add_rows(self) -> None:
        (self.agenda if self.more_agenda.data else self.speakers).grow(MORE_ROWS)


class MoveForm(TimeFields):
    is_sure = BooleanField(lazy_("Yes, move it at short notice"))


class CancelForm(Form):
    reason = LongTextField(
        lazy_("Why is it cancelled?"),
        [
            InputRequired(lazy_("Say in a sentence why. The people who registered read it.")),
            Length(max=2000, message=lazy_("Up to 2,000 characters.")),
        ],
    )


class PublishForm(Form):
    """A button."""
