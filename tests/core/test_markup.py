"""Markdown becomes safe HTML, quickly, whatever is typed."""

from __future__ import annotations

import re
import subprocess
import sys

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.markup import RENDERER, Rendered, excerpt, plain_text, render
from config import ROOT

pytestmark = pytest.mark.any_engine

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\nscript:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "![a](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[a](vbscript:x)",
    '<a href="javascript:alert(1)">x</a>',
    "<svg onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '[x](https://a "onmouseover=alert(1)")',
    '[x](https://a"onmouseover="alert(1))',
    '![x"onerror="alert(1)](https://a)',
    '```"><script>alert(1)</script>\nx\n```',
    "| a | <img src=x onerror=alert(1)> |\n|-|-|\n|b|c|",
    '@ana"><script>alert(1)</script>',
    '@"onclick=x',
    'https://x.org/"onmouseover=alert(1)',
    "www.x.org/<script>",
    "[a]: javascript:alert(1)\n\n[a]",
    '<https://x" onclick="alert(1)>',
    "<style>*{background:url(javascript:x)}</style>",
    "<form action=//evil><input name=csrf_token>",
    "<base href=//evil>",
    '<meta http-equiv=refresh content="0;url=//evil">',
    '<iframe srcdoc="<script>alert(1)</script>">',
    "<a id=x name=y>clobber</a>",
    "<details ontoggle=alert(1) open>",
    "[a](  \u0001javascript:alert(1))",
    "[a](javascript&colon;alert(1))",
    '<div style="position:fixed">',
    "<xmp><svg/onload=alert(1)>",
    '- [ ] <img src=x onerror="alert(1)">',
    '# <h1 id="main">x</h1>',
]
FORBIDDEN_TAGS = {
    "script",
    "style",
    "iframe",
    "form",
    "base",
    "meta",
    "svg",
    "math",
    "object",
    "embed",
    "link",
    "img",
    "h1",
    "h2",
    "button",
}
FORBIDDEN_SCHEME = re.compile(r"^\s*(javascript|vbscript|data)", re.IGNORECASE)

SLOW_ELSEWHERE = {
    "brackets": "[" * 32000,
    "nested quotes": ">" * 10000 + "a",
    "emphasis": "*a **a " * 4500,
    "image openings": "![[]()" * 5000,
    "backticks": "".join("e" + "`" * i for i in range(1, 250)),
    "schemes": "http:" * 6000,
    "addresses": "http://" * 4500,
    "closing brackets": "http://a" + ")" * 31000,
    "www": "www." * 8000,
    "handles": "@a" * 16000,
    "tasks": "- [ ] a\n" * 4000,
    "wide table": "|" + "a|" * 300 + "\n|" + "-|" * 300 + "\n" + ("|" + "b|" * 300 + "\n") * 40,
    "deep list": "".join("  " * i + "- a\n" for i in range(170)),
    "references": "".join(f"[{i}]: /u\n" for i in range(1000)) + "[0]" * 900,
    "tildes": "~~a" * 10000,
    "stars": "*" * 16000 + "a" + "*" * 15000,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_typed_can_act(attack: str) -> None:
    assert dangers_in(render(attack).html) == []


def dangers_in(html: str) -> list[str]:
    """What a browser's parser would find in it and act upon."""
    found = []
    for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in FORBIDDEN_TAGS:
            found.append(element.tag)
        for name, value in element.attrib.items():
            name = str(name)
            if name.startswith("on") or name in {"style", "srcdoc", "id", "name", "src"}:
                found.append(name)
            if name == "href" and FORBIDDEN_SCHEME.match(re.sub(r"[\x00-\x20]", "", value)):
                found.append(value)
    return found


@pytest.mark.parametrize("name", SLOW_ELSEWHERE)
def test_texts_that_stop_other_renderers_are_rendered(name: str) -> None:
    assert render(SLOW_ELSEWHERE[name][:32000]).html


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=400))
def test_any_text_is_rendered(text: str) -> None:
    assert dangers_in(render(text).html) == []
    plain_text(text)


@settings(max_examples=150, deadline=None)
@given(st.text("[]()<>@*_`~|#-:.xX /wh\nt1\"'&", max_size=200))
def test_any_mixture_of_marks_is_rendered(text: str) -> None:
    assert dangers_in(render(text).html) == []
    plain_text(text)


def test_broken_unicode_is_replaced() -> None:
    assert render("a\x00\ud800b").html == "<p>a\ufffd?b</p>\n"


def test_headings_leave_room_for_those_of_the_page() -> None:
    html = render("# One\n\n## Two\n\n###### Six").html

    assert html == "<h3>One</h3>\n<h4>Two</h4>\n<h6>Six</h6>\n"


def test_mentions_are_found_once_in_order_and_lower_case() -> None:
    assert render("Thanks @Bo.de_vries, @ana. And @ana").mentions == ("bo.de_vries", "ana")


@pytest.mark.parametrize(
    "text",
    [
        "`@ana`",
        "```\n@ana\n```",
        "    @ana",
        "someone@ana.example",
        "https://social.example/@ana",
        "@@ana",
        "@",
        "@a",
        "\\@ana",
    ],
)
def test_what_only_looks_like_a_mention_is_none(text: str) -> None:
    assert render(text).mentions == ()


def test_mention_is_marked() -> None:
    assert render("@ana").html == '<p><span class="mention">@ana</span></p>\n'


def test_links_say_that_they_are_a_users() -> None:
    assert render("[x](https://example.org)").html == (
        '<p><a href="https://example.org" rel="nofollow ugc noopener">x</a></p>\n'
    )


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://example.org/a?b=1&c.", "https://example.org/a?b=1&c"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("www.example.org, and", "https://www.example.org"),
        ("**HTTP://EXAMPLE.org**", "HTTP://EXAMPLE.org"),
        ("https://xn--mnchen-3ya.de/", "https://xn--mnchen-3ya.de/"),
    ],
)
def test_bare_addresses_become_links(text: str, address: str) -> None:
    tree = html5lib.parseFragment(render(text).html, namespaceHTMLElements=False)

    assert [link.get("href") for link in tree.iter("a")] == [address]


@pytest.mark.parametrize("text", ["http://", "xhttps://a.org", "awww.a.org", "https://.", "a://b"])
def test_other_words_stay_words(text: str) -> None:
    assert render(text).html == f"<p>{text}</p>\n"


def test_an_address_inside_a_link_stays_its_text() -> None:
    assert render("[www.a.org](https://b.org)").html.count("<a ") == 1


def test_tables_can_be_scrolled_by_keyboard() -> None:
    html = render("|a|\n|-|\n|b|").html

    assert html.startswith('<div class="scroller" tabindex="0"><table>\n')
    assert '<th scope="col">a</th>' in html
    assert html.endswith("</table></div>\n")


def test_tasks_are_labelled_boxes() -> None:
    html = render("- [x] invite *Graz*\n- [ ] ask\n- [ ]\n- plain").html

    assert '<label><input type="checkbox" disabled="" checked=""> invite <em>Graz</em>' in html
    assert html.count("<label>") == 2


def test_images_are_not_fetched_from_elsewhere() -> None:
    assert "<img" not in render("![x](https://example.org/x.png)").html


def test_result_says_which_version_made_it() -> None:
    assert render("a") == Rendered("<p>a</p>\n", (), RENDERER)


def test_rendering_leaves_the_words_as_they_are() -> None:
    text = (
        "# Hi @ana\n\n- [x] **done**\n- [y](https://x.org)\n\n| a | b |\n|-|-|\n| c | www.x.org |"
    )
    assert render(text).words == plain_text(text)


def test_plain_text_keeps_words_only() -> None:
    text = "# Hi @ana\n\n- [x] **done**\n- [y](https://x.org)\n\n```\ncode\n```\n\n> a\n> b"

    assert plain_text(text) == "Hi @ana\ndone\ny\ncode\na\nb"


def test_excerpt_ends_after_a_word() -> None:
    assert excerpt("Several *cities* answered", 16) == "Several cities…"
    assert excerpt("x" * 50, 10) == "x" * 10 + "…"
    assert excerpt("Short") == "Short"


FIRST_TEXT = """
from mdurl._decode import decode_cache
from mdurl._encode import encode_cache
from app.core import markup

def lazily_made():
    parsers = markup._parser, markup._parser_without_links
    rulers = [one for all in parsers
              for one in (all.core.ruler, all.block.ruler, all.inline.ruler, all.inline.ruler2)]
    return [repr(encode_cache), repr(decode_cache), *(repr(one.__cache__) for one in rulers)]

ready = lazily_made()
markup.render("# a\\n- [b](https://a.example/%41?c=(d)&e 'f') <https://a.example/> https://a.example")
print(ready == lazily_made())
"""


def test_parser_is_whole_before_several_threads_use_it() -> None:
    command = [sys.executable, "-c", FIRST_TEXT]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.stderr) == ("True\n", "")
