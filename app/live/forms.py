"""The form of a webinar's room."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.core.forms import Form, TextField
from app.core.i18n import lazy_
from app.live.enums import Provider

PROVIDERS = {
    Provider.LINK: lazy_("An address of any service, pasted below"),
    Provider.JITSI: lazy_("A Jitsi room made for this webinar"),
    Provider.BIGBLUEBUTTON: lazy_("A BigBlueButton room made for this webinar"),
}
HTTPS = Regexp(
    r"^https://[^\s/@<>\"'\\]+(/[^\s<>\"'\\]*)?$",
    message=lazy_("Give the whole address: https://…"),
)
LONG = Length(max=500, message=lazy_("Up to 500 characters."))


class RoomForm(Form):
    provider = RadioField(
        lazy_("Where it takes place"), [InputRequired(lazy_("Choose where it takes place."))]
    )
    url = TextField(
        lazy_("Address of the room"),
        [Optional(), LONG, HTTPS],
        description=lazy_("For the first choice. Only people who registered get in."),
    )
    backup_url = TextField(
        lazy_("Address of a backup room"),
        [Optional(), LONG, HTTPS],
        description=lazy_("At another service, for the day the first one does not work."),
    )
    dial_in = TextField(
        lazy_("Telephone"),
        [LONG],
        description=lazy_("Number and code, for example: +32 2 123 45 67, code 1234#"),
    )
