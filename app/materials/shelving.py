"""Slides, papers and links of a webinar: put up, ordered, taken away and brought back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, first_or_404, locked
from app.files.models import StoredFile
from app.files.uploading import Prepared, keep
from app.files.using import Attachment, attach
from app.materials.enums import MaterialKind, Sharing
from app.materials.errors import FileOrLink, NotBoth, TooManyMaterials
from app.materials.models import Material
from app.materials.queries import materials_at, one_removed, reusable_materials
from app.webinars import seats
from app.webinars.models import Webinar

MOST_MATERIALS = 60


@dataclass(frozen=True)
class MaterialDetails:
    """What a form says. `alt` stands for a picture for those who cannot see it."""

    kind: MaterialKind
    title: str
    language: str
    made_by: str
    url: str
    sharing: Sharing
    has_consent: bool
    is_reusable: bool
    alt: str = ""
    is_decorative: bool = False


def add(webinar: Webinar, details: MaterialDetails, sent: Prepared | None, actor: User) -> Material:
    """At the end of the shelf. Raise FileOrLink, NotBoth, TooManyMaterials, AltMissing."""
    here = _held(webinar)
    if len(here) >= MOST_MATERIALS:
        raise TooManyMaterials
    _check(details, has_file=sent is not None)
    material = Material(
        webinar_id=webinar.id,
        position=_next_position(webinar),
        added_by_id=actor.id,
        added_at=utcnow(),
    )
    _say(material, details)
    material.file_id = _keep(sent, details, actor)
    db.session.add(material)
    db.session.flush()
    return material


def change(
    material: Material, details: MaterialDetails, sent: Prepared | None, actor: User
) -> None:
    """A new file takes the place of the old one; without one the old one stays."""
    db.session.scalars(locked(_by_id(material.id))).one()
    stays = material.file_id is not None and not details.url
    _check(details, has_file=sent is not None or stays)
    _say(material, details)
    if sent is not None or details.url:
        material.file_id = _keep(sent, details, actor)


def move(webinar: Webinar, material: Material, steps: int) -> None:
    """Up (-1) or down (1); at the end of the list nothing happens."""
    here = _held(webinar)
    place = here.index(material)
    there = place + steps
    if 0 <= there < len(here):
        here.insert(there, here.pop(place))
        for position, one in enumerate(here, start=1):
            one.position = position


def remove(material: Material, actor: User) -> None:
    """Nobody has it any more; it can be brought back while its file is still kept."""
    material.removed_at = utcnow()
    record(actor.id, "materials.remove", f"webinar:{material.webinar_id}", material=material.id)


def bring_back(webinar: Webinar, material_id: int) -> Material:
    """At its old place. NotFound for what was never removed, or is gone with its file."""
    material = first_or_404(locked(one_removed(webinar, material_id)))
    if material.file_id is None and not material.url:
        return first_or_404(one_removed(webinar, 0))
    material.removed_at = None
    return material


def copy_reusable(original: Webinar, fresh: Webinar, actor: User) -> None:
    """What was marked for it goes with a copy of the webinar, consent and all."""
    for position, one in enumerate(db.session.scalars(reusable_materials(original)), start=1):
        db.session.add(
            Material(
                webinar_id=fresh.id,
                position=position,
                kind=one.kind,
                title=one.title,
                language=one.language,
                file_id=one.file_id,
                url=one.url,
                made_by=one.made_by,
                sharing=one.sharing,
                consented_at=one.consented_at,
                is_reusable=True,
                added_by_id=actor.id,
                added_at=utcnow(),
            )
        )


def _held(webinar: Webinar) -> list[Material]:
    """All of the shelf, locked in one order. Two that add at once wait for the webinar's row."""
    seats.hold(webinar.id)
    return list(db.session.scalars(materials_at(webinar)))


def _by_id(material_id: int) -> Select[Material]:
    return select(Material).where(Material.id == material_id)


def _next_position(webinar: Webinar) -> int:
    highest = select(func.max(Material.position)).where(Material.webinar_id == webinar.id)
    return (db.session.scalar(highest) or 0) + 1


def _check(details: MaterialDetails, *, has_file: bool) -> None:
    if details.url and has_file:
        raise NotBoth
    if not details.url and not has_file:
        raise FileOrLink


def _say(material: Material, details: MaterialDetails) -> None:
    material.kind, material.title = details.kind, details.title
    material.language, material.made_by = details.language, details.made_by
    material.url, material.sharing = details.url, details.sharing
    material.is_reusable = details.is_reusable
    if not details.has_consent:
        material.consented_at = None
    elif material.consented_at is None:
        material.consented_at = utcnow()


def _keep(sent: Prepared | None, details: MaterialDetails, actor: User) -> int | None:
    if sent is None:
        return None
    file: StoredFile = keep(sent, actor)
    wanted = Attachment(file.key, details.alt, details.is_decorative)
    return attach(actor, [wanted])[0].id
