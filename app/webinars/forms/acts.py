"""What organisers say when they do something with a webinar that exists."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import InputRequired, Length, Optional

from app.core.date_fields import Day, Hour
from app.core.forms import Form, LongTextField
from app.core.i18n import lazy_
from app.core.row_fields import Whole
from app.webinars.forms.webinar import TURNS, SeriesFields, TimeFields


class MoveForm(TimeFields):
    """`seen` is the time whose consequences the organiser has looked at."""

    seen = HiddenField()
    is_sure = BooleanField(lazy_("Yes, move it at short notice"))


class ReasonForm(Form):
    reason = LongTextField(
        lazy_("Why?"),
        [
            InputRequired(lazy_("Say in a sentence why. The people who registered read it.")),
            Length(max=2000, message=lazy_("Up to 2,000 characters.")),
        ],
    )


class CancelForm(ReasonForm):
    typed = Whole(lazy_("How many people have a seat?"), [])


class PlanForm(Form):
    """When a draft is published, in the zone of the webinar."""

    date = Day(lazy_("Day"), [InputRequired(lazy_("Choose the day."))])
    start_local = Hour(lazy_("Time"), [InputRequired(lazy_("Choose the time."))])


class SeriesForm(SeriesFields):
    """`seen` are the days that the organiser has looked at."""

    seen = HiddenField()
    turn = RadioField(
        lazy_("Which of the two do you mean?"), [Optional()], choices=TURNS, validate_choice=False
    )
