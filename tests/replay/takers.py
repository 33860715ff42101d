"""Two people who take notes through the page, with its own keys, in browsers of their own."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, Error, Page, async_playwright

from tests.chromium import CHROMIUM, FLAGS
from tests.replay.minutes import Part, can_be_shared, paragraphs_of

SECONDS_A_SIGN = 0.2  # a brisk note taker
SHORTEST_PAUSE = 0.005
SAVES_EVERY = 4  # lines
PATIENCE_MS = 30_000
GIVES_UP = 90  # seconds


@dataclass(frozen=True)
class Job:
    """A section to write, by the number of its note.

    `shared` names the paragraph that the first taker writes before both go on, one above and one
    below it.
    """

    note_id: int
    text: str
    shared: int | None = None


@dataclass
class Told:
    """What happened while they typed."""

    seconds: float = 0.0
    saves: int = 0
    offline_seconds: float = 0.0
    typed_offline: int = 0
    clashes: int = 0
    complaints: list[str] = field(default_factory=list)


def jobs_for(parts: Sequence[Part], note_ids: Sequence[int]) -> tuple[list[Job], list[Job]]:
    """Sections in turn to one taker and the other; each third that can be is shared by both."""
    own: tuple[list[Job], list[Job]] = ([], [])
    written = [(note, part.text) for note, part in zip(note_ids, parts, strict=True) if part.text]
    for number, (note_id, text) in enumerate(written):
        if number % 3 == 1 and can_be_shared(text):
            job = Job(note_id, text, len(paragraphs_of(text)) // 2)
            own[0].append(job)
            own[1].append(job)
        else:
            own[number % 2].append(Job(note_id, text))
    return own


class Taker:
    """One person at one browser, who types at a steady pace."""

    def __init__(self, page: Page, told: Told, speed: float) -> None:
        self.page, self.told, self.pause = page, told, SECONDS_A_SIGN / speed
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: told.complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and told.complaints.append(said.text))
        self.typed, self.is_offline = 0, False
        self.drops_at = -1  # signs
        self.reached, self.dropped = asyncio.Event(), asyncio.Event()

    async def write(self, note_id: int, text: str, *, makes_room: bool = False) -> None:
        """Open a section, type at its end or above all, save now and then, and close it."""
        await self._open(note_id)
        keys = ["Control+Home", "Enter", "Enter", "Control+Home"] if makes_room else ["Control+End"]
        for key in keys:
            await self.page.keyboard.press(key)
        for number, line in enumerate(text.split("\n")):
            if number:
                await self.page.keyboard.press("Enter")
            await self._type(line)
            if number % SAVES_EVERY == SAVES_EVERY - 1:
                await self._save()
        await self._close(note_id)

    async def _type(self, line: str) -> None:
        """Sign by sign; very fast ones word by word. A tab would lead out of the field."""
        for words in re.findall(r"\t|[^\t ]* ?", line):
            if words == "\t" or self.pause < SHORTEST_PAUSE:
                await self.page.keyboard.insert_text(words)
                await asyncio.sleep(self.pause * len(words))
            else:
                await self.page.keyboard.type(words, delay=self.pause * 1000)
        self.typed += len(line)
        if self.is_offline:
            self.told.typed_offline += len(line)
        if 0 <= self.drops_at < self.typed and not self.reached.is_set():
            self.reached.set()
            await self.dropped.wait()

    async def _save(self) -> None:
        self.told.saves += 1
        await self.page.keyboard.press("Control+s")

    async def _open(self, note_id: int) -> None:
        """Click until it opens: without a connection it cannot."""
        section = self.page.locator(f'[data-section="{note_id}"]')
        focused = section.locator("textarea[name=body]:focus")
        until = time.monotonic() + GIVES_UP
        while not await focused.count():
            assert time.monotonic() < until, f"section {note_id} never opened"
            if await section.locator("[data-open]").count():
                await section.locator("[data-open]").click()
            with suppress(Error):
                await focused.wait_for(timeout=2_000)

    async def _close(self, note_id: int) -> None:
        """Press the key that saves and closes until the section reads: offline it waits."""
        written = self.page.locator(f'[data-section="{note_id}"] textarea[name=body]')
        until = time.monotonic() + GIVES_UP
        while await written.count():
            assert time.monotonic() < until, await self._why(note_id)
            if "/clashes/" in self.page.url:
                return await self._settle()
            self.told.saves += 1
            with suppress(Error):  # it may close at this very moment
                await written.press("Control+Enter", timeout=3_000)
                await written.wait_for(state="detached", timeout=3_000)
        return None

    async def _why(self, note_id: int) -> str:
        said = await self.page.locator("[data-draft-status]").all_inner_texts()
        return f"section {note_id} was never saved: {said} {self.told.complaints}"

    async def _settle(self) -> None:
        """Two texts for one place: keep both."""
        self.told.clashes += 1
        for both in await self.page.locator('input[type=radio][value="both"]').all():
            await both.check()
        await self.page.locator("main form button[type=submit]").first.click()
        await self.page.locator("[data-notes]").wait_for()


async def type_minutes(
    address: str,
    cookies: Sequence[str],
    jobs: tuple[list[Job], list[Job]],
    *,
    speed: float,
    offline_seconds: float,
) -> Told:
    """Two takers at once; the second one's connection drops in the middle of a line."""
    told = Told()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        takers, contexts = [], []
        for cookie in cookies:
            context = await _context(browser, address, cookie)
            contexts.append(context)
            takers.append(Taker(await _at_notes(context, address), told, speed))
        begun = time.monotonic()
        takers[1].drops_at = sum(len(job.text) for job in jobs[1]) // 3
        turn = Turn()
        await asyncio.gather(
            _work(takers[0], jobs[0], turn, is_first=True),
            _work(takers[1], jobs[1], turn, is_first=False),
            _drop(contexts[1], takers[1], offline_seconds),
        )
        told.seconds = time.monotonic() - begun
        await browser.close()
    return told


class Turn:
    """Shared sections are met at: the first taker lays the ground, then both go on."""

    def __init__(self) -> None:
        self._laid: dict[int, asyncio.Event] = {}

    def of(self, note_id: int) -> asyncio.Event:
        return self._laid.setdefault(note_id, asyncio.Event())


async def _work(taker: Taker, jobs: list[Job], turn: Turn, *, is_first: bool) -> None:
    for job in jobs:
        if job.shared is None:
            await taker.write(job.note_id, job.text)
        elif is_first:
            above, ground, _below = _cut(job)
            await taker.write(job.note_id, ground)
            turn.of(job.note_id).set()
            await taker.write(job.note_id, above, makes_room=True)
        else:
            await turn.of(job.note_id).wait()
            await taker.write(job.note_id, f"\n\n{_cut(job)[2]}")
    taker.reached.set()


def _cut(job: Job) -> tuple[str, str, str]:
    paragraphs, at = paragraphs_of(job.text), job.shared or 0
    return (
        "\n\n".join(paragraphs[:at]),
        paragraphs[at],
        "\n\n".join(paragraphs[at + 1 :]),
    )


async def _drop(context: BrowserContext, taker: Taker, seconds: float) -> None:
    """The connection is gone in the middle of a section, and the taker types on."""
    await taker.reached.wait()
    begun = time.monotonic()
    await context.set_offline(True)
    taker.is_offline = True
    taker.dropped.set()
    await asyncio.sleep(seconds)
    await context.set_offline(False)
    taker.is_offline = False
    taker.told.offline_seconds = time.monotonic() - begun


async def _context(browser: Browser, address: str, cookie: str) -> BrowserContext:
    context = await browser.new_context(locale="en-GB", reduced_motion="reduce")
    await context.add_cookies(
        [{"name": "session", "value": cookie, "domain": "localhost", "path": "/"}]
    )
    return context


async def _at_notes(context: BrowserContext, address: str) -> Page:
    """The notes; whoever is first starts them."""
    page = await context.new_page()
    await page.goto(address)
    await page.locator("[data-notes]").wait_for()
    return page
