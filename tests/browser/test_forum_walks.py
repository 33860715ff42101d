"""The forum as people use it: by keys only, without scripts, two at once, looked after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Request, expect

from app.accounts.models import User
from app.forum.models import Thread
from app.topics.models import Topic
from tests.browser.barriers import FOCUS
from tests.factories import make_city, make_steward, make_topic, make_user
from tests.factories_accounts import PASSWORD, make_person
from tests.factories_forum import make_replies, make_reply, make_thread

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

Open = Callable[..., Page]
TITLE = "Who answers the door of a closed office?"
NEWS = "1 new post in a conversation you follow"
ANSWER = "The caretaker, with a telephone in the window."
UNCOVERED = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect();
    const [x, y] = [box.left + Math.min(box.width, innerWidth) / 2, box.top + box.height / 2];
    const seen = document.elementFromPoint(x, y);
    return seen && (one.contains(seen) || seen.contains(one))
        ? [] : [`covered: ${one.outerHTML.slice(0, 80)}`];
}"""
LONG = "After six the caretaker answers; in the morning we call back, and books come by bicycle."
HIDE = """isHidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_keyboard_only_from_sign_in_to_an_accepted_answer(
    app: Flask, browser_for: Open, browser_of: Open, run_jobs: Callable[..., int]
) -> None:
    make_topic(), make_topic("housing-for-all")
    asker, colleague = make_person("Coordinator, Lund"), make_user("Coordinator, Graz", make_city())
    keys = Keys(browser_for(viewport={"width": 1280, "height": 800}))
    _sign_in(keys, asker)
    _ask(keys)
    _sign_out(keys)
    _answer(Keys(browser_of(colleague, viewport={"width": 375, "height": 700})))
    run_jobs()
    _sign_in(keys, asker)
    _accept_through_the_bell(keys)


@dataclass(frozen=True)
class Keys:
    """A page whose reader has no mouse: what is reached is reached by Tab, and seen."""

    page: Page

    def to(self, target: Locator, within: int) -> None:
        expect(target).to_be_visible()
        self.page.wait_for_load_state()  # a script may still move the focus
        for _tab in range(within):
            self.page.keyboard.press("Tab")
            if target.evaluate("one => one === document.activeElement"):
                assert [*self.page.evaluate(FOCUS), *self.page.evaluate(UNCOVERED)] == []
                return
        raise AssertionError(f"{target} is more than {within} Tabs away")

    def press(self, *names: str) -> None:
        self.page.wait_for_load_state()  # a heading is there before the keys are
        for name in names:
            self.page.keyboard.press(name)

    def type(self, words: str) -> None:
        self.page.keyboard.insert_text(words)


def _sign_in(keys: Keys, person: User) -> None:
    page = keys.page
    page.goto("/")
    keys.to(page.get_by_role("link", name="Sign in").first, within=15)
    keys.press("Enter")
    keys.to(page.get_by_label("Mail address"), within=15)
    keys.type(person.email)
    keys.to(page.get_by_label("Password", exact=True), within=1)
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("link", name="Notices")).to_be_visible()


def _ask(keys: Keys) -> None:
    page = keys.page
    keys.press("g", "t")
    expect(page.get_by_role("heading", level=1)).to_have_text("Topics")
    keys.press("Tab", "Enter")  # the link that skips the header
    keys.to(page.get_by_role("link", name="Ask a question"), within=2)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask a question")
    keys.to(page.get_by_label("Title"), within=20)
    keys.type(TITLE)
    keys.to(page.get_by_label("Topic"), within=2)
    keys.press("C")
    expect(page.get_by_label("Topic").locator(":checked")).to_have_text("Covid 19 responses")
    text = page.get_by_label("Text", exact=True)
    keys.to(text, within=8)
    keys.type("Ours is closed since March.")
    keys.to(page.get_by_role("button", name="Post it"), within=8)
    keys.press("Enter")
    expect(page.locator("[data-status]")).to_contain_text("Your thread is posted.")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def _sign_out(keys: Keys) -> None:
    page = keys.page
    page.reload()
    menu = page.locator("header details.menu")
    keys.to(menu.locator("summary"), within=20)
    keys.press("Enter")
    keys.to(menu.get_by_role("button", name="Sign out"), within=12)
    keys.press("Enter")
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def _answer(keys: Keys) -> None:
    page = keys.page
    page.goto("/threads")
    keys.press("j")
    expect(page.get_by_role("link", name=TITLE)).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    keys.press("r")
    expect(page.get_by_role("textbox", name="Your reply")).to_be_focused()
    keys.type(ANSWER)
    keys.to(page.get_by_role("button", name="Post reply"), within=8)
    keys.press("Space")
    expect(page.locator("[data-status]")).to_contain_text("Reply posted.")
    expect(page.get_by_role("article", name="Post 2 of 2")).to_contain_text(ANSWER)


def _accept_through_the_bell(keys: Keys) -> None:
    page = keys.page
    bell = page.get_by_role("link", name="Notices")
    expect(bell).to_contain_text("1 new notice")
    keys.to(bell, within=15)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Notices")
    keys.press("Tab", "Enter")
    keys.to(page.get_by_role("link", name=NEWS), within=3)
    keys.press("Enter")
    post = page.get_by_role("article", name="Post 2 of 2")
    expect(post).to_contain_text(ANSWER)
    keys.to(post.get_by_role("button", name="Accept as answer"), within=8)
    keys.press("Enter")
    expect(page.locator("[data-status]")).to_contain_text("The question is marked as solved.")
    _is_solved(page)


def _is_solved(page: Page) -> None:
    post = page.get_by_role("article", name="Post 2 of 2")
    expect(post.get_by_text("Solution", exact=True)).to_be_visible()
    expect(page.locator(".thread-head").get_by_text("Solved", exact=True)).to_be_visible()
    expect(page.locator("header .bell__count")).to_have_count(0)


def test_the_same_walk_without_javascript(
    app: Flask, browser_for: Open, browser_of: Open, run_jobs: Callable[..., int]
) -> None:
    make_topic()
    asker, colleague = make_person("Coordinator, Lund"), make_user("Coordinator, Graz", make_city())
    page = browser_for(java_script_enabled=False)
    _come_in(page, asker)
    page.get_by_role("link", name="Topics").first.click()
    page.get_by_role("link", name="Ask a question").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Topic").select_option(label="Covid 19 responses")
    page.get_by_label("Text", exact=True).fill("Ours is closed since March.")
    page.get_by_role("button", name="Post it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.locator("header details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()

    other = browser_of(colleague, java_script_enabled=False)
    other.goto("/threads")
    other.get_by_role("link", name=TITLE).click()
    other.get_by_role("textbox", name="Your reply").fill(ANSWER)
    other.get_by_role("button", name="Post reply").click()
    expect(other.get_by_role("article", name="Post 2 of 2")).to_contain_text(ANSWER)
    run_jobs()

    _come_in(page, asker)
    expect(page.get_by_role("link", name="Notices")).to_contain_text("1 new notice")
    page.get_by_role("link", name="Notices").click()
    page.get_by_role("link", name=NEWS).click()
    page.get_by_role("button", name="Accept as answer").click()
    expect(page.get_by_role("status").first).to_contain_text("The question is marked as solved.")
    _is_solved(page)


def _come_in(page: Page, person: User) -> None:
    page.goto("/sign-in")
    page.get_by_label("Mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Notices")).to_be_visible()


@pytest.fixture
def quick_polls(app: Flask) -> Iterator[None]:
    app.config["POLL_SECONDS"] = 1
    yield
    app.config["POLL_SECONDS"] = 60


@pytest.fixture
def topic(app: Flask) -> Topic:
    return make_topic()


@pytest.fixture
def reader(topic: Topic) -> User:
    return make_user("Human rights officer, Graz", make_city())


def test_two_browsers_see_each_others_posts_by_polling(
    quick_polls: None, topic: Topic, reader: User, browser_of: Open, run_jobs: Callable[..., int]
) -> None:
    thread = make_thread(topic, reader)
    make_replies(thread, make_user("Coordinator"), 6)
    page, other = browser_of(reader), browser_of(make_user("Grants adviser"))
    page.goto(f"/threads/{thread.id}")
    place, focused = page.locator("#post-4"), page.locator("#post-4 a").first
    focused.focus()
    place.evaluate("post => post.scrollIntoView({ behavior: 'instant' })")
    before = page.evaluate("scrollY")

    _reply(other, thread, "It came while you read.")
    run_jobs()

    news = page.locator("main .live[role=status]").get_by_role("link", name="1 new reply")
    expect(news).to_be_visible()
    expect(page.locator("header .bell__count")).to_have_text("1")
    assert page.evaluate("scrollY") == before > 0
    expect(focused).to_be_focused()
    expect(page.locator("article.post")).to_have_count(7)
    _is_quiet_while_hidden(page)
    news.press("Enter")
    expect(page.locator("#post-8")).to_be_focused()
    expect(page.locator("#post-8")).to_contain_text("It came while you read.")


def _reply(page: Page, thread: Thread, words: str) -> None:
    page.goto(f"/threads/{thread.id}")
    page.get_by_role("textbox", name="Your reply").fill(words)
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("article").last).to_contain_text(words)


def _is_quiet_while_hidden(page: Page) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.evaluate(HIDE, True)
    page.wait_for_timeout(100)
    page.on("request", note)
    page.wait_for_timeout(1500)
    assert asked == []
    with page.expect_request("**/live?**"), page.expect_request("**/notifications/count"):
        page.evaluate(HIDE, False)
    page.remove_listener("request", note)


def test_two_people_edit_at_once_and_nothing_is_lost(
    topic: Topic, reader: User, browser_of: Open
) -> None:
    thread = make_thread(topic, reader, body="One counter stayed open.")
    steward = make_user("Moderator")
    make_steward(topic, steward)
    author, other = browser_of(reader), browser_of(steward)
    for page in (author, other):
        page.goto(f"/threads/{thread.id}/posts/1/edit")
    _save(author, f"Two counters stayed open. {LONG}")
    expect(author.get_by_role("article").first).to_contain_text("Two counters")

    _save(other, "One counter stayed open at night.", reason="Said when")
    sides = other.get_by_role("region")
    expect(sides.filter(has_text="What is there now")).to_contain_text("Two counters stayed open.")
    expect(sides.filter(has_text="started from")).to_contain_text("One counter stayed open.")
    text = other.get_by_role("textbox", name="Text", exact=True)
    expect(text).to_have_value("One counter stayed open at night.")

    _save(other, f"Two counters stayed open at night. {LONG}")
    expect(other.get_by_role("article").first).to_contain_text("Two counters stayed open at night.")
    other.goto(f"/threads/{thread.id}/posts/1/history")
    history = other.get_by_role("main")
    expect(history).to_contain_text("by Human rights officer, Graz")
    expect(history).to_contain_text("by Moderator")
    expect(history).to_contain_text("Said when")
    expect(history.locator("ins").filter(has_text="at night")).to_have_count(1)
    expect(history.locator("ins").filter(has_text="the caretaker")).to_have_count(1)


def _save(page: Page, words: str, reason: str = "") -> None:
    page.get_by_role("textbox", name="Text", exact=True).fill(words)
    if reason:
        page.get_by_label("Why do you change it?").fill(reason)
    page.get_by_role("button", name="Save", exact=True).click()


def test_curating_in_the_browser(topic: Topic, reader: User, browser_of: Open) -> None:
    steward = make_user("Moderator")
    for one in (topic, make_topic("housing-for-all")):
        make_steward(one, steward)
    thread = make_thread(topic, reader)
    for words in ("About counters.", "About bicycles.", "More about bicycles."):
        make_reply(thread, make_user(), words)
    page, third = browser_of(steward), browser_of(make_user("Grants adviser"))
    page.goto(f"/threads/{thread.id}")

    _lock_and_undo(page)
    new = _split(page, third, thread)
    _move(page, third, new)
    _merge_back(page, third, thread, new)


def _care(page: Page, words: str, role: str = "link") -> None:
    page.get_by_text("Look after this thread").click()
    page.get_by_role(role, name=words, exact=True).click()  # type: ignore[arg-type]


def _lock_and_undo(page: Page) -> None:
    _care(page, "Lock", "button")
    status = page.locator("[data-status]")
    expect(status).to_contain_text("The thread is locked.")
    expect(page.get_by_role("button", name="Post reply")).to_have_count(0)
    status.get_by_role("button", name="Undo").click()
    expect(status).to_contain_text("The thread is open to replies again.")
    expect(page.get_by_role("button", name="Post reply")).to_be_visible()


def _split(page: Page, third: Page, thread: Thread) -> str:
    _care(page, "Make a thread of some posts")
    page.get_by_label("Title").fill("Books by bicycle")
    page.get_by_role("checkbox", name="Post 3").check()
    page.get_by_role("checkbox", name="Post 4").check()
    page.get_by_role("button", name="Make the thread").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Books by bicycle")
    expect(page.locator("[data-status]")).to_contain_text("2 posts have a thread of their own")
    _lands(third, f"/threads/{thread.id}/3", "Books by bicycle", "About bicycles.")
    _lands(third, f"/threads/{thread.id}/4", "Books by bicycle", "More about bicycles.")
    return page.url.split("-")[0]


def _move(page: Page, third: Page, new: str) -> None:
    _care(page, "Move to another topic")
    page.get_by_role("radio", name="Housing for all").check()
    page.get_by_role("button", name="Move the thread").click()
    expect(page.locator("[data-status]")).to_contain_text("The thread is moved.")
    crumb = page.locator(".thread-head .crumb")
    expect(crumb).to_contain_text("Housing for all")
    _lands(third, new, "Books by bicycle", "More about bicycles.")
    expect(third.locator(".thread-head .crumb")).to_contain_text("Housing for all")
    page.locator("[data-status]").get_by_role("button", name="Undo").click()
    expect(crumb).to_contain_text("Covid 19 responses")


def _merge_back(page: Page, third: Page, thread: Thread, new: str) -> None:
    _care(page, "Merge with another thread")
    page.get_by_role("textbox").fill(str(thread.id))
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_role("main")).to_contain_text("2 posts go to the end of this thread:")
    page.get_by_role("button", name="Merge both threads").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(thread.title)
    expect(page.locator("article.post")).to_have_count(4)
    _lands(third, f"/threads/{thread.id}/3", thread.title, "About bicycles.")
    _lands(third, f"{new}/2", thread.title, "More about bicycles.")


def _lands(page: Page, address: str, title: str, words: str) -> None:
    """An old address leads to the thread the post is in now, and to the post itself."""
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    if "#" in page.url:
        expect(page.locator(":target")).to_contain_text(words)
    expect(page.get_by_role("main")).to_contain_text(words)
