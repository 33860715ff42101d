"""What is filled in to look after a thread."""

from __future__ import annotations

import re
from typing import Any

from flask import request
from wtforms import RadioField
from wtforms.validators import InputRequired, Length

from app.core.db import Words
from app.core.enums import Attribution
from app.core.forms import Form, TextField
from app.core.i18n import LANGUAGES, lazy_
from app.forum.curating.tagging import LONGEST_TAG
from app.forum.forms import TITLE_LENGTH

HIGHEST = 2**31 - 1
"""No row has a higher number; the databases refuse to look for one."""


class TitleForm(Form):
    title = TextField(lazy_("Title"), [TITLE_LENGTH])


class MoveForm(Form):
    topic = RadioField(
        lazy_("Where to?"),
        [InputRequired(lazy_("Choose a topic."))],
        validate_choice=False,
    )


class SplitForm(TitleForm):
    """`posts` is read from the checkboxes themselves: their number has no limit."""

    title = TextField(lazy_("Title of the new thread"), [TITLE_LENGTH])
    posts = TextField(lazy_("Posts"))

    @property
    def chosen(self) -> list[int]:
        return numbers_in(request.form.getlist("posts"))


class MergeForm(Form):
    target = TextField(
        lazy_("Address or number of the other thread"),
        [Length(1, 500, lazy_("Give the address or the number of a thread."))],
    )

    @property
    def target_id(self) -> int:
        """The number in what was typed; 0 when there is none."""
        found = re.search(r"/threads/(\d{1,10})", self.target.data or "") or re.fullmatch(
            r"#?(\d{1,10})", self.target.data or ""
        )
        number = int(found[1]) if found else 0
        return number if number <= HIGHEST else 0


class HideForm(Form):
    reason = TextField(
        lazy_("Why is it hidden?"),
        [Length(1, 200, lazy_("Say why, in at most 200 characters."))],
    )


class AttributionForm(Form):
    attribution = RadioField(
        lazy_("What may be said about who said what?"),
        choices=[
            (Attribution.OPEN.value, lazy_("Everybody may know who said it")),
            (Attribution.NETWORK.value, lazy_("Names only inside the network")),
            (Attribution.CHATHAM_HOUSE.value, lazy_("No names and no cities, for anybody")),
        ],
    )


class TagForm(Form):
    """A name in each language of the pages; one is enough."""

    @property
    def names(self) -> Words:
        given = ((code, self[f"name_{code}"].data) for code in LANGUAGES)
        return {code: name for code, name in given if name}

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        if is_fine and not self.names:
            self["name_en"].errors = [lazy_("Write a name in at least one language.")]
            return False
        return is_fine


for _code, _name in LANGUAGES.items():
    _length = Length(max=LONGEST_TAG, message=lazy_("Use at most 40 letters."))
    setattr(TagForm, f"name_{_code}", TextField(_name, [_length]))


def numbers_in(values: list[str]) -> list[int]:
    """Whole numbers of posts; anything else is no number of a post."""
    return [int(one) for one in values if re.fullmatch(r"[0-9]{1,9}", one)]
