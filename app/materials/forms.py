"""What organisers fill in about materials, the recording and its texts."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, FileField, RadioField, SelectField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from app.core.date_fields import Day
from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import lazy_
from app.core.row_fields import RowNumber, Whole
from app.materials.enums import MaterialKind, Sharing, TrackKind
from app.materials.hosting import is_web_address
from app.materials.timecodes import read_timecode
from app.materials.words import material_kind_words, sharing_words
from app.network.naming import language_name

LANGUAGE_CODES = (
    "ar,bg,bs,ca,cs,da,de,el,en,es,et,eu,fi,fr,ga,gl,hr,hu,is,it,lb,lt,lv,mk,mt,nb,nl,pl,pt,ro,ru,"
    "sk,sl,sq,sr,sv,tr,uk"
)
CHOOSE = [InputRequired(lazy_("Choose one from the list."))]
LONG = lazy_("Up to 200 characters.")


def web_address(form: Any, field: Any) -> None:
    if field.data and not is_web_address(field.data):
        raise ValidationError(str(lazy_("Give the whole address: https://…")))


def timecode(form: Any, field: Any) -> None:
    try:
        field.seconds = read_timecode(field.data) if field.data else 0
    except ValueError as error:
        raise ValidationError(str(lazy_("Write minutes and seconds, like 4:30."))) from error


class ChoosesLanguage(Form):
    language = SelectField(lazy_("Language"), CHOOSE)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        named = [(code, language_name(code)) for code in LANGUAGE_CODES.split(",")]
        self.language.choices = sorted(named, key=lambda choice: choice[1])


class ChoosesSharing(Form):
    sharing = RadioField(lazy_("Who may have it"), CHOOSE)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.sharing.choices = [(one.value, sharing_words(one)) for one in Sharing]


class MaterialForm(ChoosesLanguage, ChoosesSharing):
    """A file or an address; on a form that changes one the file that is there may stay."""

    title = TextField(
        lazy_("Title"),
        [DataRequired(lazy_("Give it a title.")), Length(max=200, message=LONG)],
    )
    kind = SelectField(lazy_("What it is"), CHOOSE)
    upload = FileField(
        lazy_("File"),
        description=lazy_(
            "PDF, Office, OpenDocument, text or picture, up to 10 MB. Save PDF with tags "
            "(“accessible”, “PDF/UA”), so that it can be read aloud."
        ),
    )
    alt = TextField(
        lazy_("What does the picture show?"),
        [Optional(), Length(max=500, message=lazy_("Up to 500 characters."))],
        description=lazy_("Only for a picture: in words, for people who cannot see it."),
    )
    url = TextField(
        lazy_("Or an address"),
        [
            Optional(),
            Length(max=500, message=lazy_("This address is longer than 500 characters.")),
            web_address,
        ],
        description=lazy_("Like https://…"),
    )
    made_by = TextField(lazy_("Made by"), [Optional(), Length(max=200, message=LONG)])
    has_consent = BooleanField(
        lazy_("Whoever made it agrees that it is shared here"),
        description=lazy_("Until this is ticked, only organisers see it."),
    )
    is_reusable = BooleanField(
        lazy_("May be used again"),
        description=lazy_("It goes with every copy of this webinar. Tick it if that was agreed."),
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.kind.choices = [(one.value, material_kind_words(one)) for one in MaterialKind]


class RecordingForm(ChoosesLanguage, ChoosesSharing):
    """`version` is that of the recording the form was made from."""

    version = RowNumber()
    url = TextField(
        lazy_("Address of the recording"),
        [
            DataRequired(lazy_("Give the address of the recording.")),
            Length(max=500, message=lazy_("This address is longer than 500 characters.")),
            web_address,
        ],
        description=lazy_("At any place, with https://. Films cannot be uploaded here."),
    )
    minutes = Whole(
        lazy_("Length in minutes"),
        [Optional(), NumberRange(1, 1440, message=lazy_("From 1 to 1,440 minutes."))],
    )
    starts_at = TextField(
        lazy_("Where the webinar begins in it"),
        [Optional(), timecode],
        description=lazy_("In minutes and seconds, like 4:30. Empty: at its beginning."),
    )
    ends_on = Day(
        lazy_("No longer shown from this day on"),
        [Optional()],
        description=lazy_("Like 2027-06-30. Empty: for ever."),
    )
    consent_note = TextField(
        lazy_("What was cut out, or who agreed"),
        [Optional(), Length(max=500, message=lazy_("Up to 500 characters."))],
        description=lazy_("Shown beside the recording. For example: the discussion is cut out."),
    )


class PublishRecordingForm(Form):
    is_cut = BooleanField(
        lazy_("Whoever did not agree was cut out, or agreed since. I have watched it.")
    )


class TrackForm(ChoosesLanguage):
    """Captions as WebVTT, or a transcript as a file or as text."""

    language = SelectField(lazy_("Language"), CHOOSE, id="track_language")
    kind = RadioField(lazy_("What it is"), CHOOSE)
    upload = FileField(
        lazy_("File"),
        description=lazy_(
            "Captions as VTT. A transcript as VTT, TXT or MD, or as text below. Up to 2 MB."
        ),
    )
    text = LongTextField(
        lazy_("Text of the transcript"),
        [Optional(), Length(max=400_000, message=lazy_("Up to 400,000 characters."))],
    )
    is_machine_made = BooleanField(
        lazy_("Made by a machine and not checked by a person"),
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.language.id = "track-language"  # the recording has a language on the same page
        self.kind.choices = [
            (TrackKind.CAPTIONS.value, lazy_("Captions")),
            (TrackKind.TRANSCRIPT.value, lazy_("Transcript")),
        ]


class ChaptersForm(Form):
    lines = LongTextField(
        lazy_("Chapters"),
        [Optional(), Length(max=20_000, message=lazy_("Up to 20,000 characters."))],
        description=lazy_("One on each line: the time in the recording, a space, the title."),
    )
