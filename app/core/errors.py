"""Errors a person may read."""

from __future__ import annotations


class DomainError(Exception):
    """A rule that a person broke. The text is written for that person.

    `field` names the form field the sentence stands beside; None: the whole form.
    `status` is that of the page that shows the form again.
    """

    status = 422

    def __init__(self, message: object, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field

    @property
    def message(self) -> str:
        return str(self.args[0])
