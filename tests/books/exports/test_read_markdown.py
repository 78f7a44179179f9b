"""Markdown becomes clean, polished text."""

from pathlib import Path

import pytest
from lxml import html

from books.providers.exports import chapter_html, render
from books.providers.exports.typography import polish, printable
from tests.books.exports.manuscripts import NASTY, one_chapter


def test_what_looks_like_html_is_read_as_text() -> None:
    page = html.fragment_fromstring(chapter_html(NASTY, "en"), create_parent="div")
    assert "<script>alert(1)</script>" in page.text_content()
    assert not page.xpath("//script | //b | //div[@style] | //img | //*[@onclick]")


def test_only_links_that_lead_somewhere_are_kept() -> None:
    page = html.fragment_fromstring(chapter_html(NASTY, "en"), create_parent="div")
    outside = [link for link in page.iter("a") if not link.get("href").startswith("#")]
    assert [link.get("href") for link in outside] == ["https://example.com/a?b=1&c=2"]
    assert outside[0].get("rel") == "nofollow noopener noreferrer"
    assert "[A hive]" in page.text_content()


def test_notes_point_to_each_other() -> None:
    page = html.fragment_fromstring(chapter_html(NASTY, "en"), create_parent="div")
    names = set(page.xpath("//@id"))
    inner = [link.get("href")[1:] for link in page.iter("a") if link.get("href").startswith("#")]
    assert inner and set(inner) <= names
    assert len(page.xpath("//a[@role='doc-noteref']")) == 4


def test_two_notes_of_one_name_are_two_notes_and_no_text_between_them_is_lost(tmp_path: Path) -> None:
    joined = "A[^1].\n\n[^1]: first\n\nB[^1].\n\n```\n[^1]: code\n```\n\n[^1]: second\n\nC[^1].\n"
    page = html.fragment_fromstring(chapter_html(joined, "en"), create_parent="div")
    assert [one.text_content().strip() for one in page if one.tag != "section"] == ["A1.", "B2.", "[^1]: code", "C2."]
    assert [one.text_content().split()[0] for one in page.iter("li")] == ["first", "second"]
    typed = render("markdown", one_chapter(joined), tmp_path).decode()
    assert "[^c1-1]: first" in typed and "[^c1-1_2]: second" in typed and "C[^c1-1_2]." in typed


def test_a_note_given_again_in_a_quote_takes_no_text_with_it() -> None:
    joined = "A[^1].\n\n> [^1]: first\n\nB[^1].\n\n[^1]: second\n\nC.\n"
    page = html.fragment_fromstring(chapter_html(joined, "en"), create_parent="div")
    assert [one.text_content().strip() for one in page.findall("p")] == ["A1.", "B1.", "C."]
    assert len(page.xpath("//section//li[@id]")) == 1


def test_headings_follow_the_chapter_title_without_gaps() -> None:
    page = html.fragment_fromstring(
        chapter_html("#### Deep\n\n# Top\n\n#### Deep\n\n##\n", "en", top=3), create_parent="div"
    )
    assert [(one.tag, one.text) for one in page] == [("h3", "Deep"), ("h3", "Top"), ("h4", "Deep")]


@pytest.mark.parametrize(
    ("typed", "language", "printed"),
    [
        ('Il dit: "Bonjour!" ; fin ?', "fr", "Il dit\u00a0: «\u00a0Bonjour\u202f!\u00a0»\u202f; fin\u202f?"),
        ("«Oui» à 10:30, http://a.fr/?q=1 !", "fr-CA", "«\u00a0Oui\u00a0» à 10:30, http://a.fr/?q=1\u202f!"),
        ("L'été... -- quoi?!", "fr", "L’été… – quoi\u202f?!"),
        ("\"It's 'so'\" -- in the '90s... ---", "en", "“It’s ‘so’” – in the ’90s… —"),
        ("– Moi  ? dit-elle. – Oui.", "fr", "–\u00a0Moi\u202f? dit-elle. – Oui."),
        ("'tis 'never' what 'Emma' told 'em", "en", "’tis ‘never’ what ‘Emma’ told ’em"),
        ('"So" ; it is', "en", "“So” ; it is"),
        ('"So" -- it is...', "de", '"So" -- it is...'),
    ],
)
def test_marks_and_spaces_follow_the_language(typed: str, language: str, printed: str) -> None:
    assert polish(typed, language) == printed
    assert polish(printed, language) == printed


def test_code_is_printed_as_typed_and_marks_see_across_elements() -> None:
    assert chapter_html('*Non*! `a ; "b"`', "fr") == '<p><em>Non</em>\u202f! <code>a ; "b"</code></p>\n'


def test_printable_text_is_composed_and_holds_no_controls() -> None:
    assert printable("e\u0301\r\n\x00\x85\u2066a\ud800\U0001fffe\tb") == "é\na\tb"
