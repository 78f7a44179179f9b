"""Find and replace in a whole book: what is found, what is replaced of it, what stays, and what undo brings back."""

from time import monotonic
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from books.models import Book, BookStatus, Chapter, Revision, RevisionKind, RunState, VersionOrigin
from books.models.revisions import ChapterVersion
from books.queries import replacing
from core import tenancy
from core.patterns import BadPattern, Search, Sought
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
ONE = "The Bee sees a bee.\n\n\nBees  hum.\tA beehive\n"
TWO = "No insect here."
THREE = "A bee, at last."


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A written book of three chapters."""
    made = builders.make_book(organization, editor, status=BookStatus.REVIEW)
    for number, text in enumerate([ONE, TWO, THREE], 1):
        builders.make_chapter(made, position=number, title=f"Chapter {number}", markdown=text, word_count=4)
    return made


def url(book: Book) -> str:
    """The page's address."""
    return desk.address("replace", "atelier", book.pk)


def look(client: Client, book: Book, find: str, replace: str = "", **how: Any) -> Any:
    """Look first; the answer."""
    return client.get(url(book), {"find": find, "replace": replace, **how})


def keys(answer: Any) -> list[str]:
    """Every place on the page."""
    return [one.key for chapter in answer.context["findings"].chapters for one in chapter.findings]


def replace(client: Client, book: Book, find: str, becomes: str, **how: Any) -> Any:
    """Look, then replace what `hit` names, or all that is on the page; the answer."""
    answer = look(client, book, find, becomes, **how)
    data = {"hit": keys(answer), "seen": list(answer.context["findings"].seen)} | how
    return client.post(url(book), {"find": find, "replace": becomes, **data})


def texts(book: Book) -> list[str]:
    """The chapters' texts in order."""
    chapters = desk.rows(Chapter, book.organization, book=book)
    return [one.markdown for one in sorted(chapters, key=lambda one: one.position)]


@pytest.mark.parametrize(
    ("find", "how", "found"),
    [
        ("bee", {}, ["Bee", "bee", "Bee", "bee", "bee"]),
        ("bee", {"match_case": "on"}, ["bee", "bee", "bee"]),
        ("bee", {"whole_words": "on"}, ["Bee", "bee", "bee"]),
        ("bee", {"match_case": "on", "whole_words": "on"}, ["bee", "bee"]),
        ("b(e)+", {}, []),
        ("b(e)+s?\\b", {"is_pattern": "on"}, ["Bee", "bee", "Bees", "bee"]),
        ("^A .*$", {"is_pattern": "on", "match_case": "on"}, ["A bee, at last."]),
        ("x*", {"is_pattern": "on"}, []),
        ("  ", {}, ["  "]),
        ("\t", {}, ["\t"]),
    ],
)
def test_what_is_looked_for_is_found(
    author: Client, book: Book, find: str, how: dict[str, str], found: list[str]
) -> None:
    answer = look(author, book, find, **how)
    assert answer.status_code == 200
    places = [one.found for chapter in answer.context["findings"].chapters for one in chapter.findings]
    assert places == found


def test_every_place_is_replaced_and_nothing_else(author: Client, book: Book) -> None:
    assert replace(author, book, "bee", "wasp").status_code == 302
    assert texts(book) == ["The wasp sees a wasp.\n\n\nwasps  hum.\tA wasphive\n", TWO, "A wasp, at last."]
    changed = [chapter.version for chapter in desk.rows(Chapter, book.organization, book=book)]
    assert sorted(changed) == [1, 2, 2]
    origins = {one.origin for one in desk.rows(ChapterVersion, book.organization, number=2)}
    assert origins == {VersionOrigin.REPLACED}
    assert [one.kind for one in desk.rows(Revision, book.organization)][-1:] == [RevisionKind.BEFORE]
    assert desk.trail(book) == ["book.replaced"]


def test_groups_of_a_pattern_stand_in_the_replacement(author: Client, book: Book) -> None:
    assert replace(author, book, r"(\w+), at (\w+)", r"\2 \1", is_pattern="on").status_code == 302
    assert texts(book)[2] == "A last bee."


def test_only_what_is_ticked_is_replaced(author: Client, book: Book) -> None:
    second = keys(look(author, book, "bee"))[1]
    assert replace(author, book, "bee", "wasp", hit=[second]).status_code == 302
    assert texts(book) == [ONE.replace("a bee.", "a wasp."), TWO, THREE]


def test_nothing_ticked_replaces_nothing(author: Client, book: Book) -> None:
    assert replace(author, book, "bee", "wasp", hit=[]).status_code == 302
    assert texts(book) == [ONE, TWO, THREE]
    assert desk.rows(Revision, book.organization) == []


def test_a_chapter_that_changed_meanwhile_is_shown_again_and_not_touched(author: Client, book: Book) -> None:
    answer = look(author, book, "bee", "wasp")
    data = {"find": "bee", "replace": "wasp", "hit": keys(answer), "seen": list(answer.context["findings"].seen)}
    third = desk.rows(Chapter, book.organization, book=book, position=3)[0]
    renamed = author.post(desk.address("chapter_edit", "atelier", book.pk, third.pk), {"title": "Other"})
    assert renamed.status_code == 302
    again = author.post(url(book), data)
    assert again.status_code == 409
    assert texts(book) == ["The wasp sees a wasp.\n\n\nwasps  hum.\tA wasphive\n", TWO, THREE]
    assert keys(again) == [f"{third.pk}:2"]
    assert author.post(url(book), data | {"seen": list(again.context["findings"].seen)}).status_code == 302
    assert texts(book)[2] == "A wasp, at last."


def test_undo_brings_every_chapter_back_that_was_not_changed_after(author: Client, book: Book) -> None:
    assert replace(author, book, "bee", "wasp").status_code == 302
    *_earlier, notice = author.get(url(book)).context["messages"]
    assert author.post(notice.extra_tags).status_code == 302
    assert texts(book) == [ONE, TWO, THREE]
    assert author.post(notice.extra_tags).status_code == 302  # twice is once
    assert texts(book) == [ONE, TWO, THREE]
    assert desk.trail(book) == ["book.replaced", "book.replacing_undone"]


def test_undo_leaves_what_was_changed_after(author: Client, book: Book) -> None:
    assert replace(author, book, "bee", "wasp").status_code == 302
    *_earlier, notice = author.get(url(book)).context["messages"]
    third = desk.rows(Chapter, book.organization, book=book, position=3)[0]
    url_of = desk.address("chapter_edit", "atelier", book.pk, third.pk)
    assert author.post(url_of, {"title": "Other"}).status_code == 302
    assert author.post(notice.extra_tags).status_code == 302
    assert texts(book) == [ONE, TWO, "A wasp, at last."]
    *_earlier, back, stay = [str(one) for one in author.get(url(book)).context["messages"]]
    assert (back[:17], stay[:21]) == ("Undone: 1 chapter", "1 chapter has changed")


def test_many_places_come_in_pages_and_all_are_replaced_at_once(author: Client, book: Book) -> None:
    long = "bee " * (replacing.ON_A_PAGE * 2 + 6)
    builders.make_chapter(book, position=4, markdown=long, word_count=405)
    first = look(author, book, "bee ").context["findings"]
    assert (first.number, first.pages, first.shown) == (407, 3, replacing.ON_A_PAGE)
    last = look(author, book, "bee ", page=3).context["findings"]
    assert (last.shown, last.next, last.previous) == (7, 0, 2)
    assert replace(author, book, "bee ", "wasp ", every="1").status_code == 302
    assert texts(book)[3] == "wasp " * (replacing.ON_A_PAGE * 2 + 6)


def test_a_book_of_many_chapters_is_replaced_in_page_by_page(
    author: Client, organization: Organization, editor: User
) -> None:
    many = builders.make_book(organization, editor, status=BookStatus.REVIEW)
    with tenancy.declared(organization.pk):
        Chapter.objects.bulk_create(
            Chapter(organization=organization, book=many, position=number, title="x", markdown="a bee", planned_words=2)
            for number in range(1, 321)
        )
    assert replace(author, many, "bee", "wasp").status_code == 302  # five hundred fields and more
    assert texts(many).count("a wasp") == 200


def test_more_than_the_most_is_said(author: Client, book: Book) -> None:
    builders.make_chapter(book, position=4, markdown="bee " * (replacing.MOST_HITS + 1), word_count=10_001)
    findings = look(author, book, "bee").context["findings"]
    assert (findings.number, findings.is_capped) == (replacing.MOST_HITS, True)
    assert replace(author, book, "bee", "x", every="1").status_code == 302
    assert texts(book)[3].count("bee") == 6


@pytest.mark.parametrize(
    ("find", "replace"), [("(", ""), ("(a", ""), ("*", ""), ("(a)", "\\2"), ("a", "\\g<b>"), ("a{1,99999999999}", "")]
)
def test_a_pattern_that_is_none_is_said_beside_the_form(author: Client, book: Book, find: str, replace: str) -> None:
    answer = look(author, book, find, replace, is_pattern="on", match_case="on")
    assert (answer.status_code, b"no regular expression" in answer.content) == (422, True)


def test_a_pattern_without_end_is_stopped() -> None:
    endless = Sought(r"(a|aa|a?)+$", is_pattern=True)
    search = Search(endless, "", unclear="unclear", too_long="too long", seconds=0.2)
    began = monotonic()
    for text in ("a" * 60 + "!", "no text is looked at once the time is over"):
        with pytest.raises(BadPattern, match="too long"):
            list(search.hits(text))
    assert monotonic() - began < 2


@pytest.mark.parametrize(
    ("find", "said"),
    [
        ("(a{30000}){30000}", "too long"),
        ("a{99}{99}{99}", "too long"),
        (r"\p{L}\\{9}(b{99}){999}(c{99999}){9}", "too long"),
        ("a(?R)?b", "unclear"),
        ("(a)(?1)", "unclear"),
        ("(?<n>a)(?&n)", "unclear"),
        ("(?P<n>a)(?P>n)", "unclear"),
        ("(?x)#\\p{\n(?R)}", "unclear"),
        ("(?:abcdefgh){e<=30}", "unclear"),
        ("]+?{5s<|(1", "unclear"),
        ("(?r)a", "unclear"),
    ],
)
def test_a_pattern_that_the_compiler_makes_a_monster_of_is_never_compiled(find: str, said: str) -> None:
    began = monotonic()
    with pytest.raises(BadPattern, match=said):
        list(Search(Sought(find, is_pattern=True), "", unclear="unclear", too_long="too long").hits("aab"))
    assert monotonic() - began < 1


@pytest.mark.parametrize("find", [r"\d{4}-\d{2}", r"\p{Lu}\w{2,}", r"\{name\}", "x{,3}b", r"(?i:é){1}", "a{1,9999}"])
def test_counts_and_names_of_characters_are_understood(find: str) -> None:
    search = Search(Sought(find, is_pattern=True), "", unclear="unclear", too_long="too long")
    assert list(search.hits("1999-12 Été {name} xxb aaa"))


@pytest.mark.parametrize("replacement", [r"\1", r"\1" * 200])
def test_what_a_pattern_makes_of_a_text_has_an_end(replacement: str) -> None:
    every = Sought(r"(?s)(?=(.*)).", is_pattern=True)
    search = Search(every, replacement, unclear="unclear", too_long="too long", seconds=20)
    with pytest.raises(BadPattern, match="too long"):
        for _hit in search.hits("a" * 200_000):
            pass


@pytest.mark.parametrize("find", ["", "x" * 501, "\x00"])
def test_what_cannot_be_looked_for_is_refused_beside_its_field(author: Client, book: Book, find: str) -> None:
    answer = look(author, book, find)
    assert (answer.status_code, "find" in answer.context["form"].errors) == (422, True)


def test_nothing_is_replaced_while_the_book_is_written(author: Client, book: Book) -> None:
    builders.make_run(book, state=RunState.WRITING)
    assert replace(author, book, "bee", "wasp").status_code == 422
    assert texts(book) == [ONE, TWO, THREE]


def test_what_is_found_is_never_markup(author: Client, book: Book) -> None:
    builders.make_chapter(book, position=4, markdown="<script>alert(1)</script>", word_count=1)
    answer = look(author, book, "script", "<b>")
    assert b"<script>alert" not in answer.content
    assert b"&lt;<del>script</del><ins>&lt;b&gt;</ins>" in answer.content
