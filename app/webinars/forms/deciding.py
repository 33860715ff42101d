"""What organisers say to a person whom they do not let come."""

from __future__ import annotations

from wtforms.validators import DataRequired, Length

from app.core.forms import Form, LongTextField
from app.core.i18n import lazy_


class ReasonForm(Form):
    reason = LongTextField(
        lazy_("What do you say to the person?"),
        [
            DataRequired(lazy_("Say in a sentence why. The person reads it.")),
            Length(max=500, message=lazy_("Up to 500 characters.")),
        ],
        description=lazy_("They read it in a mail and on their own page."),
    )
