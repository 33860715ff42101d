"""What note takers fill in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.core.date_fields import Day
from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import lazy_
from app.core.row_fields import Whole
from app.notes.enums import DecisionStatus

LONGEST_NOTE = 100_000
LONGEST_RECORD = 1_000
TOO_LONG = lazy_("This text is too long: at most %(max)d characters.")

STATUSES = [
    (DecisionStatus.ADOPTED.value, lazy_("Adopted")),
    (DecisionStatus.PROPOSED.value, lazy_("Proposed")),
    (DecisionStatus.WITHDRAWN.value, lazy_("Withdrawn")),
]
CHOICES = [
    ("mine", lazy_("Keep mine")),
    ("theirs", lazy_("Keep theirs")),
    ("both", lazy_("Keep both")),
    ("own", lazy_("Write it anew")),
]


class Number(StringField):
    """A hidden number. What is no number counts as 0: a text is never refused for it."""

    widget: Any = HiddenInput()

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, **more)  # type: ignore[no-untyped-call]

    def process_formdata(self, values: list[Any]) -> None:
        read = values[0] if values else ""
        is_number = read.isascii() and read.isdecimal() and len(read) < 10
        self.data = int(read) if is_number else 0


class NoteForm(Form):
    body = LongTextField(lazy_("Text"), [Length(max=LONGEST_NOTE, message=TOO_LONG)])
    base_revision = Number()
    draft_sequence = Number()


class SectionForm(Form):
    """A new section: one that is offered by name, or one with its own heading."""

    template = SelectField(lazy_("Section"), validate_choice=False, id="section-template")
    heading = TextField(
        lazy_("Or a heading of your own"),
        [Length(max=200, message=TOO_LONG)],
        id="section-heading",
    )


class HeadingForm(Form):
    heading = TextField(lazy_("Heading"), [Length(max=200, message=TOO_LONG)])


class NoteSettingsForm(Form):
    is_for_practitioners = BooleanField(lazy_("For practitioners only, in no public version"))
    is_not_treated = BooleanField(lazy_("Not treated: there was no time for it"))


class GlanceForm(Form):
    at_a_glance = LongTextField(
        lazy_("At a glance"),
        [Length(max=2_000, message=TOO_LONG)],
        description=lazy_("Up to five lines on top of the summary."),
    )
    lock_version = Number()


class DecisionForm(Form):
    text = LongTextField(
        lazy_("Decision"),
        [
            DataRequired(lazy_("Write what was decided.")),
            Length(max=LONGEST_RECORD, message=TOO_LONG),
        ],
        id="decision-text",
    )
    status = SelectField(lazy_("Status"), choices=STATUSES, id="decision-status")
    note = SelectField(lazy_("Agenda item"), id="decision-note")
    lock_version = Number(id="decision-lock-version")


class ActionForm(Form):
    text = LongTextField(
        lazy_("Action"),
        [
            DataRequired(lazy_("Write what will be done.")),
            Length(max=LONGEST_RECORD, message=TOO_LONG),
        ],
        id="action-text",
    )
    owner = SelectField(lazy_("Owner"), id="action-owner")
    owner_label = TextField(
        lazy_("Owner in words"),
        [Length(max=120, message=TOO_LONG)],
        description=lazy_("When the owner is not in the list, for example: network office."),
        id="action-owner-label",
    )
    due_on = Day(lazy_("Due date"), [Optional()], id="action-due-on")
    note = SelectField(lazy_("Agenda item"), id="action-note")
    lock_version = Number(id="action-lock-version")


class PublishForm(Form):
    change_note = TextField(
        lazy_("What changed since the last version"), [Length(max=300, message=TOO_LONG)]
    )
    tells_everybody = BooleanField(lazy_("Tell everybody who was registered"))


def resolve_form(clashes: int, *, is_new: bool = False) -> Any:
    """A form with a choice for each paragraph that clashes; a new one reads nothing sent."""
    fields: dict[str, Any] = {"theirs": Number()}
    for number in range(clashes):
        fields[f"choice{number}"] = RadioField(
            lazy_("What should stay?"),
            [InputRequired(lazy_("Choose what should stay."))],
            choices=CHOICES,
            default="both",
        )
        fields[f"own{number}"] = LongTextField(
            lazy_("Your new wording"), [Length(max=LONGEST_NOTE, message=TOO_LONG)]
        )
    kind = type("ResolveForm", (Form,), fields)
    return kind(formdata=None) if is_new else kind()


def offer_notes(form: DecisionForm | ActionForm, notes: Sequence[Any]) -> None:
    form.note.choices = [("", lazy_("The whole"))] + [(str(n.id), n.heading) for n in notes]


class ReviewForm(Form):
    days = Whole(
        lazy_("Days for corrections"),
        [
            InputRequired(lazy_("Write a number of days.")),
            NumberRange(0, 30, message=lazy_("From 0 to 30 days.")),
        ],
        description=lazy_("Up to 30. Without a review write 0: you can publish at once."),
    )


class NamingForm(Form):
    naming = RadioField(
        lazy_("How people are named"),
        [InputRequired(lazy_("Choose how people are named."))],
        id="naming",
    )


class CorrectionForm(Form):
    proposed = LongTextField(
        lazy_("How it should read"), [Length(max=LONGEST_NOTE, message=TOO_LONG)]
    )
    reason = TextField(lazy_("Why"), [Optional(), Length(max=500, message=TOO_LONG)])
    base = Number()
    paragraph = Number()


class AnswerForm(Form):
    answer = TextField(
        lazy_("Your answer, in one line"), [Optional(), Length(max=500, message=TOO_LONG)]
    )
    lock_version = Number()


class UnpublishForm(Form):
    reason = TextField(
        lazy_("Why it is taken back"),
        [
            DataRequired(lazy_("Say why. It is written down for the admins.")),
            Length(max=300, message=TOO_LONG),
        ],
        id="unpublish-reason",
    )
