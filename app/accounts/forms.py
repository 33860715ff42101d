"""What people fill in about themselves."""

from __future__ import annotations

from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired

from app.core.forms import Form, TextField
from app.core.i18n import lazy_


class SignInForm(Form):
    email = EmailField(lazy_("Mail address"), [InputRequired(lazy_("Write your mail address."))])
    password = PasswordField(lazy_("Password"), [InputRequired(lazy_("Write your password."))])
    next = HiddenField()


class AgainForm(Form):
    password = PasswordField(lazy_("Password"), [InputRequired(lazy_("Write your password."))])
    next = HiddenField()


class RecoveryForm(Form):
    code = TextField(lazy_("Recovery code"), [InputRequired(lazy_("Write one of your codes."))])
