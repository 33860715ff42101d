"""What people fill in about themselves."""

from __future__ import annotations

from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length

from app.accounts.enums import SeatRole
from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import LANGUAGES, _, lazy_
from app.core.zones import zone_names

SEAT_ROLES = {
    SeatRole.VOICE: lazy_("Voice: speaks for the city or organisation"),
    SeatRole.CONTRIBUTOR: lazy_("Contributor"),
    SeatRole.OBSERVER: lazy_("Observer: pending a colleague's word"),
}


class SignInForm(Form):
    email = EmailField(lazy_("Mail address"), [InputRequired(lazy_("Write your mail address."))])
    password = PasswordField(lazy_("Password"), [InputRequired(lazy_("Write your password."))])
    next = HiddenField()


class AgainForm(Form):
    password = PasswordField(lazy_("Password"), [InputRequired(lazy_("Write your password."))])
    next = HiddenField()


class RecoveryForm(Form):
    code = TextField(lazy_("Recovery code"), [InputRequired(lazy_("Write one of your codes."))])


class SignUpForm(Form):
    display_name = TextField(
        lazy_("Your name"),
        [InputRequired(lazy_("Write a name that others see.")), Length(max=80)],
    )
    email = EmailField(
        lazy_("Work mail address"), [InputRequired(lazy_("Write your mail address."))]
    )
    password = PasswordField(lazy_("Password"), [InputRequired(lazy_("Choose a password."))])
    wishes = LongTextField(lazy_("City or organisation, and your task there"), [Length(max=2000)])
    timezone = HiddenField()


class EmailForm(Form):
    email = EmailField(lazy_("Mail address"), [InputRequired(lazy_("Write your mail address."))])


class NewPasswordForm(Form):
    password = PasswordField(lazy_("New password"), [InputRequired(lazy_("Choose a password."))])


class ChangePasswordForm(Form):
    current = PasswordField(
        lazy_("Present password"), [InputRequired(lazy_("Write your present password."))]
    )
    password = PasswordField(lazy_("New password"), [InputRequired(lazy_("Choose a password."))])


class SettingsForm(Form):
    display_name = TextField(
        lazy_("Your name"),
        [InputRequired(lazy_("Write a name that others see.")), Length(max=80)],
    )
    handle = TextField(lazy_("Short name for mentions"), [Length(max=60)])
    locale = SelectField(
        lazy_("Language"), choices=[("", lazy_("As my browser says")), *LANGUAGES.items()]
    )
    timezone = SelectField(lazy_("Time zone"), choices=sorted(zone_names()))
    wants_action_mails = BooleanField(lazy_("Remind me of actions by mail"))
    wants_summary_mails = BooleanField(lazy_("Mail me the summaries of topics I follow"))
    counts_as_reader = BooleanField(lazy_("Count me among the readers of my city"))


class DecisionForm(Form):
    """The seat an applicant gets with the approval: "city:3", "organisation:2" or none."""

    body = SelectField(lazy_("Seat"), default="")
    seat_role = SelectField(lazy_("Role of the seat"), default=SeatRole.VOICE.value)
    title = TextField(lazy_("Task"), [Length(max=120)])

    def offer(self, bodies: list[tuple[str, str]], roles: list[SeatRole]) -> None:
        self.body.choices = [("", _("No seat")), *bodies]
        self.seat_role.choices = [(role.value, SEAT_ROLES[role]) for role in roles]


class DeclineForm(Form):
    reason = LongTextField(
        lazy_("Reason"),
        [DataRequired(lazy_("Write a reason. The person reads it.")), Length(max=1000)],
    )


class HandoverForm(Form):
    """Who takes over a seat, by the short name of mentions."""

    successor = TextField(
        lazy_("Who takes over?"), [InputRequired(lazy_("Write the short name of your successor."))]
    )
    with_drafts = BooleanField(lazy_("Hand over unfinished threads and replies too"))
