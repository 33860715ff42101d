"""Rules of attendance that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class NoFile(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose the file of the report first."), "report")


class FileTooLarge(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("The file is larger than 2 MB. Send the report of one meeting."),
                         "report")  # fmt: skip


class IsSpreadsheet(DomainError):
    """An archive: .xlsx, .ods and .zip begin alike."""

    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "This is a spreadsheet or an archive. Open it, save it as CSV, and send that file."
            ),
            "report",
        )


class NotAReport(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("We cannot read this file as a list of people. Send the report as CSV."),
            "report",
        )


class TooManyLines(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("The file has more than 5,000 lines. Send the report of one meeting."), "report"
        )


class OtherMeeting(DomainError):
    """Nobody of the report was there while the webinar took place."""

    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "Nobody of this report was in the room during the webinar. "
                "Check the time zone, and whether it is the report of another meeting."
            )
        )


class DayOrderUnknown(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Say how the report writes its dates."), "order")


class ColumnsUnknown(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Check which column is which, and tick the box if it is right."), "is_sure"
        )


class TooEarly(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Attendance is noted from the start of the webinar on."))


class TooLate(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("The attendance of this webinar can no longer be changed."))


class ReportGone(DomainError):
    """The file that was sent is kept for a day."""

    def __init__(self) -> None:
        super().__init__(lazy_("The file is no longer here. Send it again."), "report")
