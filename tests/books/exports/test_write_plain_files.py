"""HTML and Markdown in one file each."""

from collections.abc import Mapping

from lxml import html


def test_the_html_file_needs_nothing_else(files: Mapping[str, bytes]) -> None:
    page = html.document_fromstring(files["html"].decode())
    assert not page.xpath("//script | //link | //img | //*[@src]")
    assert page.xpath("//meta[@http-equiv]/@content")[0].startswith("default-src 'none'")
    assert len(page.xpath("//nav//a")) == 3 and page.xpath("//h1")[0].text == "Rooftop Bees & <Honey>"
    names = page.xpath("//@id")
    assert len(names) == len(set(names)) and {link[1:] for link in page.xpath("//a/@href") if link[0] == "#"} <= set(
        names
    )
    assert "to read" in page.text_content()


def test_the_markdown_file_keeps_what_was_typed_under_one_heading_a_chapter(
    files: Mapping[str, bytes],
) -> None:
    text = files["markdown"].decode()
    assert text.startswith("**Rooftop Bees & \\<Honey\\>**\n\n*A field guide")
    assert [line for line in text.split("\n") if line.startswith("# ")] == [
        "# Why the \\<city\\> needs bees & more",
        "# Neighbours, law and insurance",
    ]
    assert "[^c1-1]" in text and "[^c3-1]: Une note." in text and "[^1]" not in text
    assert '"Quoted" -- it\'s' in text and text.endswith("Une note.\n")
