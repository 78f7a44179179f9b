"""Orders to models in every state, for the pages that show them."""

from typing import Any

PASSAGE = "A roof is a meadow that nobody mows"


def ordered(organization: Any, person: Any) -> dict[str, str]:
    """A chapter with a passage written anew, a translation, and reviews that are done, at work and failed."""
    from tests import builders
    from tests.browser.planted_books import PROSE

    book = builders.make_book(organization, person, status="review", title="Read by a Machine", palette="teal")
    chapter = builders.make_chapter(book, title="Meadows", markdown=PROSE, word_count=58)
    bare = builders.make_chapter(book, position=2, title="Untouched", markdown=PROSE, word_count=58)
    passage = builders.make_rewrite(
        chapter, task="shorten", is_whole=False, start=0, end=len(PASSAGE), base_markdown=PASSAGE, instruction="",
        markdown="A roof is a wild meadow", word_count=5,
    )  # fmt: skip
    translated = builders.make_run(book, kind="rewrite", state="completed", brief={"into": "fr"})
    builders.make_rewrite(chapter, run=translated, task="translate", instruction="", markdown="Un toit est un pré.")
    done = builders.make_review(chapter)
    builders.make_suggestion(
        chapter, "nobody mows", "no one mows", source="model", source_name="scripted", run=done.run
    )
    others = {
        state: builders.make_review(
            chapter, made=0, dropped=0,
            run=builders.make_run(book, kind="suggest", state=state, problem="The model declined.", section_words=400),
        )
        for state in ("writing", "failed")
    }  # fmt: skip
    quiet = builders.make_book(organization, person, status="review", title="Written Together", palette="ink")
    played = builders.make_chapter(quiet, title="A Chapter to Work On", markdown=PROSE, word_count=58)
    return {
        "studio to assist": f"books/{quiet.pk}/chapters/{played.pk}/edit/",
        "assistant": f"books/{book.pk}/chapters/{chapter.pk}/assistant/",
        "assistant none": f"books/{book.pk}/chapters/{bare.pk}/assistant/",
        "rewrite passage": f"rewrites/{passage.pk}/",
        "review": f"reviews/{done.pk}/",
        "review working": f"reviews/{others['writing'].pk}/",
        "review failed": f"reviews/{others['failed'].pk}/",
    }
