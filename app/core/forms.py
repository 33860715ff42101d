"""What all forms share."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

from babel.support import Translations
from flask import current_app, g, has_request_context, request
from flask_babel import get_locale
from flask_wtf import FlaskForm
from flask_wtf.csrf import validate_csrf
from flask_wtf.form import _Auto, _is_submitted
from markupsafe import escape
from werkzeug.utils import cached_property
from wtforms import StringField, TextAreaField
from wtforms.i18n import messages_path
from wtforms.validators import ValidationError
from wtforms.widgets import Select

from app.core.errors import DomainError
from app.core.visitor_pages import is_for_everybody

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def tidy(value: str) -> str:
    """Text as we store it: NFC, LF line ends, no control or direction-override characters."""
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS.sub("", text.encode("utf-8", "replace").decode()).strip()


@cache
def _words_of_fields(locale: str) -> Any:
    """Flask-WTF would read them from disk for each request with a form."""
    return Translations.load(messages_path(), [locale], domain="wtforms")


def has_valid_token(token: str | None) -> bool:
    """What `Form.validate` would say of the token, for who reads a form without building one."""
    if not current_app.config["WTF_CSRF_ENABLED"] or g.get("csrf_valid"):
        return True
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return True


class TextField(StringField):
    """One line of text, tidied; line breaks become spaces."""

    if TYPE_CHECKING:

        def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None: ...

    def process_formdata(self, values: list[Any]) -> None:
        self.data = " ".join(tidy(values[0]).split()) if values else ""


class LongTextField(TextAreaField):
    """Text of several lines, tidied."""

    if TYPE_CHECKING:

        def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None: ...

    def process_formdata(self, values: list[Any]) -> None:
        self.data = tidy(values[0]) if values else ""


class Options(Select):
    """There are 400 time zones to choose from: each is one string here, not a dozen objects."""

    @classmethod
    def render_option(cls, choice: Any, **_: Any) -> str:
        if choice.render_kw:
            return str(super().render_option(choice))  # type: ignore[no-untyped-call]
        chosen, label = "selected " if choice.selected else "", choice.label or choice.value
        return f'<option {chosen}value="{escape(choice.value)}">{escape(label)}</option>'


OPTIONS = Options()  # type: ignore[no-untyped-call]


class Form(FlaskForm):
    """A broken rule lands beside its field. It reads what a form sent: no JSON, no files."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            """What WTForms says in this request's language."""
            if has_request_context():
                request.wtforms_translations = _words_of_fields(str(get_locale()))  # type: ignore[attr-defined]
            return super().get_translations(form)  # type: ignore[no-untyped-call]

        @cached_property
        def csrf(self) -> bool:
            """A page that everybody sees carries nobody's token (see `app.core.forgery`)."""
            return bool(current_app.config["WTF_CSRF_ENABLED"]) and not is_for_everybody()

        def render_field(self, field: Any, render_kw: Any) -> Any:
            if type(field.widget) is Select and not field.widget.multiple:
                field.widget = OPTIONS
            return super().render_field(field, render_kw)  # type: ignore[no-untyped-call]

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Flask-WTF would hand files and JSON values to fields that expect text."""
            if formdata is not _Auto:
                return formdata
            return request.form if _is_submitted() else None

    if TYPE_CHECKING:  # WTForms has no types

        def __init__(self, formdata: Any = None, obj: Any = None, **values: Any) -> None: ...
        def is_submitted(self) -> bool: ...
        def validate(self, extra_validators: Any = None) -> bool: ...
        def validate_on_submit(self, extra_validators: Any = None) -> bool: ...

    def blame(self, error: DomainError) -> None:
        """Put a broken rule beside the field it names, else on top of the form."""
        if error.field and error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, error.message]
        else:
            self.form_errors.append(error.message)
