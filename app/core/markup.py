"""What people type (Markdown) as safe HTML and as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

RENDERER = 1
"""Raise it when the HTML of the same text changes: stored HTML of older versions is made anew."""

DEEPEST_NESTING = 40
FIRST_HEADING, LAST_HEADING = 3, 6
MOST_BRACKETS = 2000  # the link rule looks through the rest of the text at each of them
BARE_LINK = re.compile(r"(?:https?://|www\.)\w[^\s<>\"`]{1,2000}", re.IGNORECASE)
STOPS = re.compile(r"[\n\\`~*_\[\]<&@]|:(?=//)|w(?=[wW]{2}\.)")
"""Where running text may end: elsewhere no rule of ours has anything to say."""
SCHEME_BEFORE = re.compile(r"(?<![a-z0-9])https?\Z", re.IGNORECASE)
TASK = re.compile(r"\[([ xX])\] +(?=\S)")
HANDLE = re.compile(r"@([a-z0-9_][a-z0-9_.-]{0,38}[a-z0-9_])", re.IGNORECASE)

TAGS = {
    "p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code",
    "em", "strong", "s", "a", "table", "thead", "tbody", "tr", "th", "td",
    "input", "label", "span", "div",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "input": {"checked", "disabled"},
    "div": {"tabindex"},
}
FIXED_VALUES = {"input": {"type": {"checkbox"}}, "th": {"scope": {"col"}}}
CLASSES = {
    "span": {"mention"},
    "div": {"scroller"},
    "li": {"task-list-item"},
}


@dataclass(frozen=True)
class Rendered:
    """Safe HTML, the handles named in it (lower case, in order) and the version that made it.

    `words` is what `plain_text` says of the same text.
    """

    html: str
    mentions: tuple[str, ...]
    version: int = RENDERER
    words: str = field(default="", compare=False)


def render(markdown: str) -> Rendered:
    """Turn Markdown into HTML that may stand in a page as it is. Never raises.

    Slow for long texts (25 ms for 20 kB): call it before `write()`. Lengths are the form's limit.
    """
    parser, tokens = _parse(markdown)
    html = parser.renderer.render(tokens, parser.options, {})
    return Rendered(_cleaner.clean(html), _mentions_in(tokens), words=_plain(tokens))


def plain_text(markdown: str) -> str:
    """The words without marks, one block a line: for excerpts, search and mail."""
    return _plain(_parse(markdown)[1])


def _plain(tokens: Sequence[Token]) -> str:
    lines = ("".join(_words_of(token)) for token in tokens)
    return "\n".join(line for line in lines if line.strip())


def excerpt(markdown: str, longest: int = 200) -> str:
    """The first words on one line, cut at a word's end."""
    text = " ".join(plain_text(markdown[: longest * 20]).split())
    if len(text) <= longest:
        return text
    whole_words = text[:longest].rpartition(" ")[0]
    return (whole_words or text[:longest]).rstrip(" ,;:.") + "…"


def tokens_of(markdown: str) -> list[Token]:
    """The parsed text, for outputs that are not HTML."""
    return _parse(markdown)[1]


def _parse(markdown: str) -> tuple[MarkdownIt, list[Token]]:
    text = markdown.encode("utf-8", "replace").decode()
    parser = _parser if text.count("[") <= MOST_BRACKETS else _parser_without_links
    return parser, parser.parse(text, {})


def _mentions_in(tokens: Sequence[Token]) -> tuple[str, ...]:
    found = (
        child.content.lower()
        for token in tokens
        for child in token.children or []
        if child.type == "mention"
    )
    return tuple(dict.fromkeys(found))


def _words_of(token: Token) -> Iterator[str]:
    if token.type in {"fence", "code_block"}:
        yield token.content.rstrip("\n")
    for child in token.children or []:
        if child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.type == "mention":
            yield f"@{child.content}"
        elif child.type != "html_inline":  # only our own checkboxes
            yield child.content


def _text_rule(state: StateInline, silent: bool) -> bool:
    """All up to the next place where something else may begin."""
    stop = STOPS.search(state.src, state.pos, state.posMax)
    end = stop.start() if stop else state.posMax
    if end == state.pos:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _mention_rule(state: StateInline, silent: bool) -> bool:
    """`@handle` at the start of a word. Inside code the parser never asks."""
    before = state.src[state.pos - 1] if state.pos else " "
    found = HANDLE.match(state.src, state.pos)
    if not found or before.isalnum() or before in "@/._-+":
        return False
    if not silent:
        state.push("mention", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _bare_link_rule(state: StateInline, silent: bool) -> bool:
    """`https://…` and `www.…` in running text. Called at ":" (scheme read already) and at "w"."""
    start = state.pos
    if state.src[start] == ":":
        scheme = SCHEME_BEFORE.search(state.src, max(0, start - 6), start)
        start = scheme.start() if scheme else start
    elif start and state.src[start - 1].isalnum():
        return False
    found = BARE_LINK.match(state.src, start)
    if not found or state.linkLevel:
        return False
    shown = _without_end_marks(found[0])
    if not silent:
        state.pending = state.pending[: len(state.pending) - (state.pos - start)]
        _push_link(state, shown)
    state.pos = start + len(shown)
    return True


def _without_end_marks(address: str) -> str:
    """A full stop or a closing bracket after an address belongs to the sentence."""
    shown = address.rstrip("?!.,:;*_~'")
    while shown.endswith(")") and shown.count(")") > shown.count("("):
        shown = shown[:-1].rstrip("?!.,:;*_~'")
    return shown


def _push_link(state: StateInline, shown: str) -> None:
    address = shown if "://" in shown[:8] else f"https://{shown}"
    state.push("link_open", "a", 1).attrSet("href", state.md.normalizeLink(address))
    state.push("text", "", 0).content = shown
    state.push("link_close", "a", -1)


def _draw_mention(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    _env: EnvType,
) -> str:
    return f'<span class="mention">@{tokens[index].content}</span>'


def _draw_table_open(*_: object) -> str:
    return '<div class="scroller" tabindex="0"><table>\n'


def _draw_table_close(*_: object) -> str:
    return "</table></div>\n"


def _fit_into_page(state: StateCore) -> None:
    """Headings start below those of the page; table heads say what they head; tasks get boxes."""
    for index, token in enumerate(state.tokens):
        if token.type in {"heading_open", "heading_close"}:
            level = min(int(token.tag[1]) + FIRST_HEADING - 1, LAST_HEADING)
            token.tag = f"h{level}"
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "list_item_open":
            _draw_task(state.tokens[index : index + 3])


def _draw_task(opening: list[Token]) -> None:
    """`- [x] text` as a ticked box; the text is its label."""
    words = (opening[-1].children or []) if opening[-1].type == "inline" else []
    found = TASK.match(opening[-1].content) if words else None
    if not found:
        return
    opening[0].attrSet("class", "task-list-item")
    words[0].content = words[0].content[found.end() :]
    box = Token("html_inline", "", 0)
    ticked = "" if found[1] == " " else " checked"
    box.content = f'<label><input type="checkbox" disabled{ticked}> '
    end = Token("html_inline", "", 0, content="</label>")
    opening[-1].children = [box, *words, end]


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt(
        "js-default", {"html": False, "maxNesting": DEEPEST_NESTING, "breaks": True}
    )
    parser.enable(["table", "strikethrough"]).disable("image")
    parser.disable(["html_inline", "html_block"])
    parser.inline.ruler.disable("linkify")
    parser.inline.ruler.at("text", _text_rule)
    parser.inline.ruler.before("autolink", "bare_link", _bare_link_rule)
    parser.inline.ruler.before("autolink", "mention", _mention_rule)
    parser.core.ruler.push("fit_into_page", _fit_into_page)
    parser.add_render_rule("mention", _draw_mention)
    parser.add_render_rule("table_open", _draw_table_open)
    parser.add_render_rule("table_close", _draw_table_close)
    return parser


_parser = _make_parser()
_parser_without_links = _make_parser().disable("link")
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    tag_attribute_values=FIXED_VALUES,
    allowed_classes=CLASSES,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)

# What the parser and its tables of characters make at their first use is half made for a moment:
# another thread that used it then would end in an error, or write a wrong address down.
for _each in (_parser, _parser_without_links):
    _each.render("[a](https://example.org/%41) https://example.org <https://example.org/>")
