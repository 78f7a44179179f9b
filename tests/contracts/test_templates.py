"""Templates: every string translated, nothing inline, links that work without JavaScript and never lead upwards."""

import re
from html.parser import HTMLParser
from pathlib import Path

from tests.contracts.source import PACKAGES, ROOT, templates

# Read as they are in every language.
PROPER = {"Scriptorium", "SHA-256", "EPUB", "PDF", "DOCX", "HTML", "Markdown", "Word", "SVG", "Aa", "Google"}
SPOKEN = {
    "alt",
    "title",
    "placeholder",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "data-confirm",
    "data-label",
}
# Blocks of data: no browser runs them, so no policy over scripts asks for their nonce. What search engines read about a
# book (JSON-LD) has no other place: they follow no link to it.
DATA = {"application/json", "application/ld+json"}
FLOORS = ["audit", "accounts", "organizations", "billing", "books"]
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")


class Page(HTMLParser):
    """What a page says outside of template tags, and how it is built."""

    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.silent = 0
        self.spoken: list[tuple[int, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        line = self.getpos()[0]
        if tag in {"script", "style", "svg"}:
            self.silent += tag != "svg"
        self.spoken += [(line, value) for name, value in given.items() if name in SPOKEN]
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") not in DATA):
            self.found.append(f"{self.path}:{line} inline <{tag}>")
        if "style" in given or any(name.startswith("on") for name in given):
            self.found.append(f"{self.path}:{line} inline style or handler on <{tag}>")
        if "hx-get" in given and not (given.get("href") or given.get("action")):
            self.found.append(f"{self.path}:{line} hx-get without href")
        if "hx-post" in given and "action" not in given:
            self.found.append(f"{self.path}:{line} hx-post without a form's action")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.spoken.append((self.getpos()[0], data))


def blank(match: re.Match[str]) -> str:
    """As many lines as the match had, so that findings name the right one."""
    return " " + "\n" * match.group().count("\n")


def read(path: str, text: str) -> Page:
    """The page without its template language."""
    page = Page(path)
    page.feed(TAG.sub(blank, BLOCK.sub(blank, COMMENT.sub(blank, text))))
    page.close()
    return page


def untranslated(path: str, text: str) -> list[str]:
    """Words that a reader sees and a translator does not."""
    words = [(line, word) for line, said in read(path, text).spoken for word in LETTERS.findall(said)]
    named = {part for name in PROPER for part in LETTERS.findall(name)}
    return [f"{path}:{line} {word}" for line, word in words if word not in named]


def built(path: str, text: str) -> list[str]:
    """What strict CSP or a browser without JavaScript would break; addresses of apps above the template's own."""
    found = read(path, text).found
    app = Path(path).parts[1]
    if app in FLOORS:
        above = FLOORS[FLOORS.index(app) + 1 :]
        for name in re.findall(r"{%\s*url\s+[\"'](\w+):", text):
            if name in above:
                found.append(f"{path} links up to {name}")
    return found


def pages() -> dict[str, str]:
    """Templates a browser gets."""
    return {path: text for path, text in templates().items() if path.endswith(".html")}


def test_every_string_in_a_template_is_translated() -> None:
    texts = {**pages(), **{path: text for path, text in templates().items() if path.endswith(".txt")}}
    assert [one for path, text in texts.items() for one in untranslated(path, text)] == []


def test_an_untranslated_string_is_caught() -> None:
    for planted in [
        "<p>Hello there</p>",
        '<img alt="A hive">',
        '<a aria-label="Close">×</a>',
        "{% if x %}Hello{% endif %}",
    ]:
        assert untranslated("templates/planted.html", planted), planted
    for right in [
        '<p>{% translate "Hello" %}</p>',
        '<a aria-label="{% translate "Close" %}">×</a>',
        "{% blocktranslate trimmed %}\nHello <b>there</b>\n{% endblocktranslate %}",
        "<p>Scriptorium · 12 {{ name }} {# a remark #}</p>",
    ]:
        assert untranslated("templates/planted.html", right) == [], right


def test_templates_work_under_the_strict_policy_and_without_javascript() -> None:
    # Mails have no policy and no style sheet.
    seen = {path: text for path, text in pages().items() if "emails/" not in path and "/email/" not in path}
    assert [one for path, text in seen.items() for one in built(path, text)] == []


def test_inline_code_bare_requests_and_upward_links_are_caught() -> None:
    for planted in [
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        '<script type="module">alert(1)</script>',
        '<p style="color: red">x</p>',
        '<p onclick="x()">x</p>',
        '<button hx-get="/x/">x</button>',
        '<button hx-post="/x/">x</button>',
        "{% url 'books:home' organization.slug %}",
    ]:
        assert built("templates/accounts/planted.html", planted), planted
    right = '<a href="/x/" hx-get="/x/">x</a><script src="/x.js" nonce="{{ n }}"></script>{% url "accounts:profile" %}'
    right += '<script type="application/ld+json">{{ described }}</script>'
    assert built("templates/books/planted.html", right) == []


def missing_files(path: str, text: str) -> list[str]:
    """Static files that a template names and nobody has made: in production each is a page that breaks."""
    named = re.findall(r"{%\s*static\s+[\"']([^\"']+)", text)
    return [f"{path} names {name}" for name in named if not (ROOT / "static" / name).is_file()]


def test_named_static_files_are_there() -> None:
    assert [one for path, text in templates().items() for one in missing_files(path, text)] == []


def test_a_missing_static_file_is_caught() -> None:
    assert missing_files("templates/planted.html", "{% static 'img/planted.png' %}")
    assert missing_files("templates/planted.html", '{% static "img/mark.svg" %}') == []


def test_every_app_with_pages_is_on_a_floor() -> None:
    assert set(FLOORS) == set(PACKAGES) - {"config", "core"}
