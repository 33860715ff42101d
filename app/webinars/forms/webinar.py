"""What organisers fill in."""

from __future__ import annotations

import wtforms
from wtforms import BooleanField, FormField, HiddenField, RadioField, SelectField, SubmitField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.core.date_fields import Day, Hour
from app.core.enums import Attribution
from app.core.errors import DomainError
from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import LANGUAGES, lazy_
from app.core.row_fields import ADDRESS, Days, RowNumber, Rows, Whole
from app.core.zones import TimeHappensTwice
from app.webinars.enums import Recording, Repeat, Waiting

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
WAITINGS = [
    (Waiting.AUTO.value, lazy_("The next person gets the seat at once")),
    (Waiting.OFFER.value, lazy_("The next person is asked and has up to a day to say yes")),
]
ANSWERS = [("", lazy_("Not decided yet")), ("yes", lazy_("Yes")), ("no", lazy_("No"))]
REPEATS = [
    ("", lazy_("Once")),
    (Repeat.WEEKLY.value, lazy_("Every week")),
    (Repeat.FORTNIGHTLY.value, lazy_("Every two weeks")),
    (Repeat.MONTHLY.value, lazy_("Every month on the same weekday")),
    (Repeat.DAYS.value, lazy_("On other days")),
]
TURNS = [
    ("0", lazy_("The first, before the clock is put back")),
    ("1", lazy_("The second, after the clock was put back")),
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
    """A day, two times on it, and the zone they are meant in.

    In the night the clock is put back a time happens twice: `twice` names the field that is asked
    about then.
    """

    date = Day(lazy_("Day"), [InputRequired(lazy_("Choose the day."))])
    start_local = Hour(lazy_("Start"), [InputRequired(lazy_("Choose the start."))])
    end_local = Hour(lazy_("End"), [InputRequired(lazy_("Choose the end."))])
    tzid = SelectField(
        lazy_("Time zone of these times"),
        [InputRequired(lazy_("This time zone is not known. Choose one from the list."))],
        validate_choice=False,
    )
    start_turn = RadioField(
        lazy_("Which start do you mean?"), [Optional()], choices=TURNS, validate_choice=False
    )
    end_turn = RadioField(
        lazy_("Which end do you mean?"), [Optional()], choices=TURNS, validate_choice=False
    )
    version = RowNumber()
    twice: str = ""

    def blame(self, error: DomainError) -> None:
        if isinstance(error, TimeHappensTwice):
            self.twice = error.field or ""
        super().blame(error)

    def asks_turn(self, name: str) -> bool:
        """Whether it is asked which of two equal times is meant."""
        turn = self._fields.get(name.replace("_local", "_turn"))
        return turn is not None and (self.twice == name or turn.data in {"0", "1"})

    def take_version(self, version: int) -> None:
        """After a clash: what is sent next has seen this version."""
        self.version.data, self.version.raw_data = version, None


class SeriesFields(Form):
    """How a webinar is repeated."""

    repeats = SelectField(lazy_("How often it takes place"), choices=REPEATS)
    count = Whole(
        lazy_("Sessions in all"),
        [Optional(), NumberRange(2, 52, message=lazy_("From 2 to 52 sessions."))],
    )
    days = Days(
        lazy_("The other days"),
        [Optional()],
        description=lazy_("One day on each line, like 2026-12-10. The hours stay the same."),
    )


class WebinarForm(TimeFields, SeriesFields):
    title = TextField(
        lazy_("Title"),
        [
            InputRequired(lazy_("Give the webinar a title.")),
            Length(max=150, message=lazy_("Up to 150 characters.")),
        ],
    )
    description = LongTextField(
        lazy_("What people will take home"),
        [
            InputRequired(lazy_("Say in a sentence what people will take home.")),
            Length(max=20_000, message=lazy_("Up to 20,000 characters.")),
        ],
        description=lazy_("One sentence is enough. Markdown works: **bold**, lists, links."),
    )
    language = SelectField(lazy_("Language spoken"), CHOOSE, choices=list(LANGUAGES.items()))
    topic = SelectField(lazy_("Topic"))
    capacity = Whole(
        lazy_("Seats"),
        [Optional(), NumberRange(1, 100_000, message=lazy_("From 1 to 100,000 seats."))],
        description=lazy_("Leave it empty for no limit. When all are taken, people can wait."),
    )
    visibility = SelectField(lazy_("Who can see it"))
    attribution = SelectField(lazy_("What may be said about who said it"), choices=ATTRIBUTIONS)
    room_url = TextField(
        lazy_("Address of the room"),
        [
            Optional(),
            Length(max=500, message=lazy_("Up to 500 characters.")),
            Regexp(r"^https://[^\s/]+", message=lazy_("Give the whole address: https://…")),
        ],
        description=lazy_("Only people who registered get in, by the join page. Not shown before."),
    )
    recording = SelectField(lazy_("Recording"), choices=RECORDINGS)
    has_captions = SelectField(lazy_("Live captions"), choices=ANSWERS)
    captions = TextField(
        lazy_("Live captions in"),
        [Length(max=200, message=lazy_("Up to 200 characters."))],
        description=lazy_("For example: English, German"),
    )
    has_sign_language = SelectField(lazy_("Sign language"), choices=ANSWERS)
    sign_language = TextField(
        lazy_("Which sign language"),
        [Length(max=200, message=lazy_("Up to 200 characters."))],
        description=lazy_("For example: International Sign"),
    )
    has_interpretation = SelectField(lazy_("Interpretation"), choices=ANSWERS)
    interpretation = TextField(
        lazy_("Interpretation into"),
        [Length(max=200, message=lazy_("Up to 200 characters."))],
        description=lazy_("For example: French, Spanish"),
    )
    plain_summary = LongTextField(
        lazy_("What it is about, in plain words"),
        [Length(max=1000, message=lazy_("Up to 1,000 characters."))],
        description=lazy_("Short sentences, no abbreviations."),
    )
    access_contact = TextField(
        lazy_("Who answers questions about access"),
        [Length(max=254, message=lazy_("Up to 254 characters."))],
        description=lazy_("A mail address or a telephone number."),
    )
    needs_approval = BooleanField(lazy_("The organisers say yes to each registration"))
    waiting = SelectField(lazy_("When a seat becomes free"), choices=WAITINGS)
    kept_per_city = Whole(
        lazy_("Seats kept for each member city"),
        [Optional(), NumberRange(1, 1000, message=lazy_("From 1 to 1,000 seats."))],
        description=lazy_("Each city of the network finds these seats free until the day below."),
    )
    kept_until = Day(
        lazy_("Kept until the end of"),
        [Optional()],
        description=lazy_("Leave it empty for three days before the start."),
    )
    tells_late = BooleanField(
        lazy_("Five minutes after the start, remind those who have not come yet")
    )
    asks_access_needs = BooleanField(lazy_("Ask people what they need to take part"), default=True)
    host_label = TextField(
        lazy_("Who invites"),
        [Length(max=200, message=lazy_("Up to 200 characters."))],
        description=lazy_("For example: Rights and diversity service, Barcelona"),
    )
    agenda = Rows(FormField(AgendaForm), min_entries=AGENDA_ROWS, max_entries=MOST_AGENDA_ROWS)
    speakers = Rows(FormField(SpeakerForm), min_entries=SPEAKER_ROWS, max_entries=MOST_SPEAKERS)
    following = BooleanField(lazy_("Change the words of all later sessions of the series too"))
    once = HiddenField()
    publish_now = SubmitField(lazy_("Publish it now"))
    more_agenda = SubmitField(lazy_("Add rows to the programme"))
    more_speakers = SubmitField(lazy_("Add rows for speakers"))

    def asks_for_rows(self) -> bool:
        """True when a button only asked for more rows: nothing is saved, nothing is lost."""
        return bool(self.more_agenda.data or self.more_speakers.data)

    def add_rows(self) -> None:
        (self.agenda if self.more_agenda.data else self.speakers).grow(MORE_ROWS)

    def has_faults(self, *names: str) -> bool:
        """Whether one of these fields has a fault: its part of the page stands open then."""
        return any(self._fields[name].errors for name in names if name in self._fields)


class PublishForm(Form):
    """A button."""
