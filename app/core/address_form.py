"""The form that asks for one mail address."""

from __future__ import annotations

from wtforms.validators import InputRequired, Length, Regexp

from app.core.forms import Form, TextField
from app.core.i18n import lazy_
from app.core.row_fields import ADDRESS


class AddressForm(Form):
    """Where to send something to, say a personal link again."""

    email = TextField(
        lazy_("Your e-mail address"),
        [
            InputRequired(lazy_("Give your e-mail address.")),
            Length(max=254, message=lazy_("This address is too long.")),
            Regexp(ADDRESS, message=lazy_("This is not a complete e-mail address.")),
        ],
    )
