"""What people fill in to take part."""

from __future__ import annotations

from wtforms import BooleanField
from wtforms.validators import InputRequired, Length, Regexp

from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import lazy_
from app.webinars.forms._fields import ADDRESS


class MemberRegistrationForm(Form):
    """Name, address and city come from the account: nothing is asked twice."""

    access_needs = LongTextField(
        lazy_("What you need to take part"),
        [Length(max=500, message=lazy_("Up to 500 characters."))],
        description=lazy_("For example sign language. Only the organisers read it."),
    )
    is_listed = BooleanField(lazy_("Show my name in the list of participants"))


class LinkForm(Form):
    """Where to send the personal link again."""

    email = TextField(
        lazy_("Your e-mail address"),
        [
            InputRequired(lazy_("Give your e-mail address.")),
            Length(max=254, message=lazy_("This address is too long.")),
            Regexp(ADDRESS, message=lazy_("This is not a complete e-mail address.")),
        ],
    )


class GuestRegistrationForm(MemberRegistrationForm, LinkForm):
    """`website` is a trap: people do not see it, machines fill it in."""

    name = TextField(
        lazy_("Your name"),
        [
            InputRequired(lazy_("Give your name.")),
            Length(max=120, message=lazy_("Up to 120 characters.")),
        ],
    )
    city = TextField(
        lazy_("Your city or organisation"),
        [Length(max=120, message=lazy_("Up to 120 characters."))],
    )
    consent = BooleanField(
        lazy_("You may keep my name, address and city until the webinar is over, to invite me."),
        [InputRequired(lazy_("We need your consent to invite you."))],
    )
    website = TextField(lazy_("Leave this empty"))


def registration_form(is_member: bool) -> MemberRegistrationForm:
    """The empty form of the ticket on a webinar's page."""
    return MemberRegistrationForm() if is_member else GuestRegistrationForm()
