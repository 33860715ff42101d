"""What a speaker fills in, without an account."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import Length, Optional

from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import LANGUAGES, lazy_
from app.core.zones import zone_names

YES, NO = "yes", "no"
RECORDED = [
    (YES, lazy_("Yes, my part may be recorded and shown afterwards")),
    (NO, lazy_("No, please leave my part out")),
]


class SpeakerForm(Form):
    """`may_record` is asked where something is recorded, and has no answer of its own."""

    bio = LongTextField(
        lazy_("About you"),
        [Optional(), Length(max=2000, message=lazy_("Up to 2,000 characters."))],
        description=lazy_("A few plain sentences. They are shown on the page of the webinar."),
    )
    access_needs = LongTextField(
        lazy_("What you need to take part"),
        [Optional(), Length(max=500, message=lazy_("Up to 500 characters."))],
        description=lazy_("For example sign language. Only the organisers read it."),
    )
    phone = TextField(
        lazy_("Phone, if the line breaks"),
        [Optional(), Length(max=40, message=lazy_("Up to 40 characters."))],
        description=lazy_("Only the organisers see it, on the sheet they run the hour with."),
    )
    language = SelectField(lazy_("Language of our mails to you"), choices=list(LANGUAGES.items()))
    timezone = SelectField(lazy_("Your time zone"), choices=sorted(zone_names()))
    may_record = RadioField(
        lazy_("May we record your part?"), [Optional()], choices=RECORDED, validate_choice=True
    )

    @property
    def consent(self) -> bool | None:
        return None if not self.may_record.data else self.may_record.data == YES


class SlidesForm(Form):
    shares = BooleanField(
        lazy_("People who registered may download them, from the start of the webinar on")
    )
