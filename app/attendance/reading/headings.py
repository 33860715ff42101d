"""What the columns of reports are called, by language.

Only names that were seen in reports are here: English, German and Spanish of Zoom and Teams, and
French of Zoom. What a report in another language means is worked out from its shape and its
cells, and the organiser is asked whether that is right.
"""

from __future__ import annotations

import unicodedata

from app.attendance.enums import Column
from app.attendance.reading.decoding import Row

NAMES: dict[Column, tuple[str, ...]] = {
    Column.NAME: (
        "name (original name)", "user name (original name)", "name (ursprünglicher name)",
        "nombre (nombre original)", "nom (nom original)", "full name", "name", "nombre", "nom",
        "participant", "user name", "nombre de usuario",
    ),
    Column.EMAIL: (
        "user email", "email", "e-mail", "email address", "e-mail del usuario",
        "e-mail de usuario", "correo electrónico", "adresse e-mail de l'utilisateur",
    ),
    Column.JOINED: (
        "join time", "first join", "beitrittszeit", "erster beitritt", "hora para unirse",
        "hora de entrada", "primera entrada", "heure d'arrivée",
    ),
    Column.LEFT: (
        "leave time", "last leave", "austrittszeit", "letztes verlassen", "hora para salir",
        "hora de salida", "última salida", "heure de départ",
    ),
    Column.MINUTES: (
        "duration (minutes)", "total duration (minutes)", "time in session (minutes)",
        "in-meeting duration", "duration", "dauer (minuten)", "dauer der besprechung", "dauer",
        "duración (minutos)", "duración total (minutos)", "duración de la reunión", "duración",
        "durée (minutes)",
    ),
    Column.ACTION: ("user action",),
    Column.MOMENT: ("timestamp",),
    Column.ATTENDED: ("attended",),
    Column.WAITING: ("in waiting room", "salle d'attente", "en sala de espera"),
}  # fmt: skip
OF_ZOOM = ("original name)", "ursprünglicher name)", "nombre original)", "nom original)")
CAME = {"joined", "joined before"}
WENT = {"left"}
YES = {"yes", "ja", "sí", "si", "oui", "true"}
NO = {"no", "nein", "non", "nee", "nej", "false"}
ACCOUNT_ENDS = "(upn)"

Columns = dict[Column, int]


def plain(cell: str) -> str:
    """A heading as it is compared: no case, one kind of space and of apostrophe."""
    words = unicodedata.normalize("NFKC", cell).casefold().replace("\u2019", "'")
    return " ".join(words.split())


def columns_in(row: Row) -> Columns | None:
    """Which column is which, when this row is the head of a list of people.

    A usage report repeats the meeting's own address and length in front of the person's: what
    stands behind the name is the person's.
    """
    heads = [plain(cell) for cell in row]
    name_at = _place(heads, Column.NAME, 0)
    if name_at is None:
        return None
    found = {Column.NAME: name_at}
    for column in NAMES:
        place = _place(heads, column, name_at)
        if column is not Column.NAME and place is not None:
            found[column] = place
    account = next((at for at, head in enumerate(heads) if head.endswith(ACCOUNT_ENDS)), None)
    if account is not None:
        found[Column.ACCOUNT] = account
    return found if len(found) > 1 else None


def is_of_zoom(row: Row) -> bool:
    return any(plain(cell).endswith(OF_ZOOM) for cell in row)


def _place(heads: list[str], column: Column, behind: int) -> int | None:
    """Where the best of the column's names stands, preferably behind this place."""
    places = [at for name in NAMES[column] for at, head in enumerate(heads) if head == name]
    return next((at for at in places if at >= behind), places[0] if places else None)
