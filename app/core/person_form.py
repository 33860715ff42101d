"""The form that names one member of the network."""

from __future__ import annotations

from typing import Any

from flask import request
from wtforms.validators import DataRequired, Length

from app.core.forms import Form, TextField
from app.core.i18n import _, lazy_
from app.core.row_fields import is_number


class PersonForm(Form):
    """By address or by name. Whoever is one of several found is chosen by number."""

    who = TextField(
        lazy_("Mail address or name of a member"),
        [
            DataRequired(lazy_("Write a mail address or a name.")),
            Length(max=254, message=lazy_("Up to 254 characters.")),
        ],
    )

    def meant(self, found: list[Any]) -> list[Any]:
        """Of the people found, the chosen one or all; nobody is a fault of the field."""
        chosen = request.form.get("person", "")
        people = [one for one in found if one.id == int(chosen)] if is_number(chosen) else found
        if not people:
            words = _("No member of the network was found. Check the spelling.")
            self.who.errors = (words,)
        return people
