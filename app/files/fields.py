"""The files of a form: hidden names carry the keys, so that nothing is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import Field

from app.core.errors import DomainError
from app.core.forms import tidy
from app.files.errors import FileNotYours
from app.files.models import StoredFile
from app.files.showing import FileRow
from app.files.using import MOST_FILES, Attachment, check_count, check_words

NAME = re.compile(r"file-([0-9a-f]{32})")
LONGEST_ALT_READ = 2000


class FilesField(Field):
    """`data` is a list of Attachment: from the form, a draft's fields or the files of a post.

    Each file is three values: file-<key>, alt-<key>, decorative-<key>. `join` looks them up.
    """

    data: list[Attachment]
    errors: Any
    process_errors: Any

    def __init__(self, label: Any = None, **settings: Any) -> None:
        super().__init__(label, **settings)  # type: ignore[no-untyped-call]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.data = attachments_in(formdata) if formdata else list(data or [])

    @property
    def keys(self) -> list[str]:
        return [one.key for one in self.data]

    def join(self, files: Iterable[StoredFile | FileRow]) -> None:
        """Say which files these are; keys that are none of them are dropped with a sentence."""
        known = {file.key: file for file in files}
        if set(self.keys) - set(known):
            self.blame(FileNotYours())
        self.data = [one for one in self.data if one.key in known]
        for one in self.data:
            one.know(known[one.key])

    def add(self, file: StoredFile) -> None:
        self.data.append(attachment_of(file))

    def remove(self, key: str) -> None:
        self.data = [one for one in self.data if one.key != key]

    def as_fields(self) -> dict[str, str]:
        """As a draft keeps them: what a browser would send."""
        fields: dict[str, str] = {}
        for one in self.data:
            fields |= {f"file-{one.key}": "1", f"alt-{one.key}": one.alt}
            fields |= {f"decorative-{one.key}": "1"} if one.is_decorative else {}
        return fields

    def blame(self, error: DomainError) -> None:
        self.process_errors.append(error.message)
        self.errors = [*self.errors, error.message]

    def pre_validate(self, form: Any) -> None:
        for check in (lambda: check_count(self.data), *map(_words_of, self.data)):
            try:
                check()
            except DomainError as error:
                self.errors.append(error.message)


def attachment_of(file: StoredFile | FileRow) -> Attachment:
    one = Attachment(file.key, file.alt, file.is_decorative)
    one.know(file)
    return one


def attachments_in(values: Mapping[str, str]) -> list[Attachment]:
    """The files a form or a draft names, in their order."""
    keys = [found[1] for name in values if (found := NAME.fullmatch(name))]
    return [_attachment(values, key) for key in keys[: MOST_FILES + 1]]


def _attachment(values: Mapping[str, str], key: str) -> Attachment:
    alt = tidy(values.get(f"alt-{key}", ""))[:LONGEST_ALT_READ]
    return Attachment(key, " ".join(alt.split()), bool(values.get(f"decorative-{key}")))


def _words_of(one: Attachment) -> Any:
    return lambda: check_words(one)
