"""All providers. Another one is a module beside these and a line here."""

from __future__ import annotations

from app.live.enums import Provider
from app.live.rooms.bigbluebutton import BigBlueButton
from app.live.rooms.entering import Keeper
from app.live.rooms.jitsi import Jitsi
from app.live.rooms.link import Link
from config import Settings

KEEPERS: dict[Provider, Keeper] = {
    Provider.LINK: Link(),
    Provider.JITSI: Jitsi(),
    Provider.BIGBLUEBUTTON: BigBlueButton(),
}


def offered(settings: Settings) -> list[Provider]:
    return [provider for provider, keeper in KEEPERS.items() if keeper.is_offered(settings)]
