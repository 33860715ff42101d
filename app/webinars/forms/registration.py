"""What people fill in to take part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, Regexp

from app.core.address_form import AddressForm
from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import lazy_
from app.core.row_fields import ADDRESS
from app.webinars.asking import NO, YES
from app.webinars.consenting import words_of
from app.webinars.enums import ConsentKind, QuestionKind

QUESTION = "question_"
F = TypeVar("F", bound="MemberRegistrationForm")
LONGEST_ANSWER = 1000


class MemberRegistrationForm(Form):
    """Name, address and city come from the account: nothing is asked twice."""

    access_needs = LongTextField(
        lazy_("What you need to take part"),
        [Optional(), Length(max=500, message=lazy_("Up to 500 characters."))],
        description=lazy_("For example sign language. Only the organisers read it."),
    )
    is_listed = BooleanField(words_of(ConsentKind.NAME_LISTED))
    may_record = BooleanField(words_of(ConsentKind.RECORDING))
    whole_series = BooleanField(lazy_("Register me for every coming session of this series"))

    @property
    def questions(self) -> list[Any]:
        """The fields of the organisers' own questions."""
        return [field for name, field in self._fields.items() if name.startswith(QUESTION)]

    @property
    def replies(self) -> dict[int, str]:
        return {
            int(field.name.removeprefix(QUESTION)): field.data or "" for field in self.questions
        }


class GuestRegistrationForm(MemberRegistrationForm, AddressForm):
    """`website` is a trap: people do not see it, machines fill it in."""

    name = TextField(
        lazy_("Your name"),
        [
            DataRequired(lazy_("Give your name.")),
            Length(max=120, message=lazy_("Up to 120 characters.")),
        ],
    )
    city = TextField(
        lazy_("Your city or organisation"),
        [Optional(), Length(max=120, message=lazy_("Up to 120 characters."))],
    )
    consent = BooleanField(
        words_of(ConsentKind.DATA), [InputRequired(lazy_("We need your consent to invite you."))]
    )
    website = TextField(lazy_("Leave this empty"))


class ColleagueForm(MemberRegistrationForm):
    """Whoever takes a seat that was passed on; the address is the one that was asked."""

    name = TextField(
        lazy_("Your name"),
        [
            DataRequired(lazy_("Give your name.")),
            Length(max=120, message=lazy_("Up to 120 characters.")),
        ],
    )
    consent = BooleanField(
        words_of(ConsentKind.DATA), [InputRequired(lazy_("We need your consent to invite you."))]
    )


class HandOverForm(Form):
    """To whom a seat is offered."""

    to_email = TextField(
        lazy_("Your colleague's e-mail address"),
        [
            InputRequired(lazy_("Give your colleague's e-mail address.")),
            Length(max=254, message=lazy_("This address is too long.")),
            Regexp(ADDRESS, message=lazy_("This is not a complete e-mail address.")),
        ],
    )
    to_name = TextField(
        lazy_("Your colleague's name"),
        [
            DataRequired(lazy_("Give your colleague's name.")),
            Length(max=120, message=lazy_("Up to 120 characters.")),
        ],
    )


def registration_form(
    is_member: bool, questions: Sequence[Any] = (), **values: Any
) -> MemberRegistrationForm:
    """The form of the ticket on a webinar's page, with what its organisers ask."""
    kind = MemberRegistrationForm if is_member else GuestRegistrationForm
    return form_with(questions, kind, **values)


def form_with(questions: Sequence[Any], kind: type[F], **values: Any) -> F:
    """A form with the organisers' own questions."""
    fields = {f"{QUESTION}{question.id}": _field_for(question) for question in questions}
    kind_of_forms: Any = type(kind)
    asking = kind_of_forms(kind.__name__, (kind,), fields) if fields else kind
    return cast(F, asking(**values))


def question_name(question_id: int) -> str:
    """How the field of a question is called."""
    return f"{QUESTION}{question_id}"


def _field_for(question: Any) -> Any:
    if question.kind == QuestionKind.YES_NO:
        choices = [(YES, lazy_("Yes")), (NO, lazy_("No"))]
        checks = [_needed(question), AnyOf([YES, NO], message=lazy_("Choose yes or no."))]
        return RadioField(question.label, checks, choices=choices, validate_choice=False)
    if question.kind == QuestionKind.CHOICE:
        first = ("", lazy_("Choose one") if question.is_required else lazy_("No answer"))
        choices = [first, *((choice, choice) for choice in question.choices)]
        checks = [
            _needed(question),
            AnyOf(question.choices, message=lazy_("Choose one from the list.")),
        ]
        return SelectField(question.label, checks, choices=choices, validate_choice=False)
    length = Length(max=LONGEST_ANSWER, message=lazy_("Up to 1,000 characters."))
    return LongTextField(question.label, [_needed(question), length])


def _needed(question: Any) -> Any:
    if question.is_required:
        return DataRequired(lazy_("The organisers need an answer to this."))
    return Optional()
