"""Books in every state of being ordered, written and kept, for the pages that show them."""

from typing import Any

PROSE = """A roof is a meadow that nobody mows, and the *first hive* stands in it as a guest.

Carry the boxes up in the evening, when the flight is over. Then wait.[^1]

> What the city has too much of is warmth; bees make use of it.

* * *

By June there are three kinds of honey: lime, clover, and one that nobody can name.

[^1]: A week is enough."""

ANSWER = """The second chapter asks a lot of its reader. Three things would help:

1. Begin with the *balcony*, not with the law.
2. Move the table of flowers to the end.
3. Give the neighbour a name.

> The city has more lime trees than it has benches.

`averyveryveryverylongwordthatnobodywouldeverwriteinabookaboutbeesbutthatamodelmightanswerallthesameoneday`"""


def paid_for(organization: Any, person: Any) -> dict[str, str]:
    """A book whose calls were priced, fell back and broke off, and whose run a cap has paused near its end."""
    from tests import builders

    book = builders.make_book(organization, person, status="generating", title="The Price of Honey")
    brief = {"title": book.title, "words_per_chapter": 200, "chapter_count": 2}
    problem = "$1.75 of this run’s cap of $2.00 is spent. The next call may cost up to $0.40."
    capped = {"state": "paused", "resume_state": "writing", "cap_micros": 2_000_000, "needed_micros": 400_000}
    run = builders.make_run(book, brief=brief, problem=problem, **capped)
    step = builders.make_step(run, state="done")
    fell = [{"name": "a", "label": "First", "code": "timed_out", "ms": 9, "to": "b", "next": "Second"}]
    builders.make_call(step, cost_micros=1_500_000, strong_micros=6_000_000, tokens_in=900, fallbacks=fell)
    builders.make_call(step, purpose="outline")
    builders.make_call(step, state="uncertain", reserved_micros=250_000)
    return {
        "book paid for": f"books/{book.pk}/",
        "receipt": f"books/{book.pk}/receipt/",
        "receipt none": f"books/{book.pk}/receipt/?purpose=chat",
        "run capped": f"runs/{run.pk}/",
    }


def put_away(organization: Any, person: Any) -> dict[str, str]:
    """A book in the archive, and one in the trash."""
    from django.utils import timezone

    from tests import builders

    archived = builders.make_book(
        organization, person, title="Letters from the Salt Road", status="archived", archived_from="review"
    )
    trashed = builders.make_book(organization, person, title="A Year of Slow Bread", trashed_at=timezone.now())
    return {
        "archived": f"books/{archived.pk}/",
        "details": f"books/{archived.pk}/edit/",
        "copy": f"books/{archived.pk}/copy/",
        "erase": f"trash/{trashed.pk}/erase/",
    }


def written(organization: Any, person: Any) -> dict[str, str]:
    """A finished book of three chapters."""
    from django.utils import timezone

    from tests import builders

    book = builders.make_book(
        organization, person, status="review", subtitle="A year with four hives", blurb="Honey above the traffic.",
        chapter_count=3, palette="forest",
    )  # fmt: skip
    titles = ["The First Hive", "What Blooms Between the Walls", "Honey, and When to Leave It"]
    chapters = [
        builders.make_chapter(book, position=place, title=title, markdown=PROSE, word_count=58)
        for place, title in enumerate(titles, 1)
    ]
    run = builders.make_run(
        book, state="completed", finished_at=timezone.now(), delivered_words=174, model_label="scripted books"
    )
    builders.make_step(run, state="done")
    for chapter in chapters:
        builders.make_step(run, kind="chapter", position=chapter.position, chapter=chapter, state="done")
    builders.make_step(run, kind="finish", state="done")
    return {
        "book": f"books/{book.pk}/",
        "reader": f"books/{book.pk}/chapters/{chapters[1].pk}/",
        "run done": f"runs/{run.pk}/",
    }


def being_written(organization: Any, person: Any) -> dict[str, str]:
    """A book in the middle of its chapters, at which nobody works: the page stands still."""
    from tests import builders

    book = builders.make_book(
        organization, person, status="generating", title="Small Rooms, Large Kitchens", palette="plum", byline=""
    )
    run = builders.make_run(book, state="writing", model_label="local model")
    builders.make_step(run, state="done")
    for place, (title, state) in enumerate([("One Good Knife", "done"), ("The Second Pan", "working")], 1):
        builders.make_outline_entry(run, position=place, title=title)
        chapter = builders.make_chapter(
            book, position=place, title=title, markdown=PROSE if state == "done" else "", word_count=58
        )
        builders.make_step(run, kind="chapter", position=place, chapter=chapter, state=state)
    builders.make_step(run, kind="finish")
    return {"run working": f"runs/{run.pk}/", "book unfinished": f"books/{book.pk}/"}


def to_approve(organization: Any, person: Any) -> dict[str, str]:
    """A book whose outline waits."""
    from tests import builders

    title = "Une histoire assez longue des petits jardins suspendus au-dessus des rues bruyantes"
    book = builders.make_book(
        organization, person, status="generating", title=title, language="fr", topic="Les jardins", palette="teal"
    )
    run = builders.make_run(book, state="awaiting_approval")
    builders.make_step(run, state="done")
    for place, line in enumerate(["La première terrasse", "Le vent et l’eau", "Ce qui reste en hiver"], 1):
        builders.make_outline_entry(
            run, position=place, title=line, words=400, summary="De quoi parle ce chapitre.", points=["Un", "Deux"]
        )
    return {"outline": f"runs/{run.pk}/outline/", "run waiting": f"runs/{run.pk}/"}


def failed(organization: Any, person: Any) -> dict[str, str]:
    """A run that has stopped."""
    from tests import builders

    book = builders.make_book(organization, person, status="generating", title="Knots Worth Knowing", palette="ink")
    problem = "The model refused to write this part."
    run = builders.make_run(book, state="failed", resume_state="writing", problem=problem)
    builders.make_step(run, state="done")
    chapter = builders.make_chapter(book, title="The Bowline", markdown="", word_count=0)
    builders.make_step(run, kind="chapter", position=1, chapter=chapter, state="failed", problem=problem)
    return {"run failed": f"runs/{run.pk}/"}


def with_files(organization: Any, person: Any) -> dict[str, str]:
    """A book with files of every state, and bundles on their way, ready and failed."""
    from django.utils import timezone

    from books.queries.manuscripts import content_hash
    from tests import builders

    book = builders.make_book(organization, person, status="review", title="Paper, Ink and Patience", palette="slate")
    builders.make_chapter(book, title="The First Sheet", markdown=PROSE, word_count=58)
    now = {"content_hash": content_hash(book)}
    over = {"finished_at": timezone.now()}
    made = over | {"state": "ready", "file": "x.zip", "file_name": "x.zip", "sha256": "0" * 64, "size": 204_800}
    ready = builders.make_export(book, format="pdf", page_size="a5", **now, **made)
    builders.make_export(book, format="epub", **made)
    problem = "“The First Sheet” holds a character which no font of ours can print."
    failed = builders.make_export(book, format="docx", **now, **over, state="failed", problem=problem)
    pending = builders.make_export(book, format="html", **now)
    builders.make_download(ready, person)
    bundles = {
        "bundle": builders.make_bundle(organization, person, ready, failed, **made),
        "bundle working": builders.make_bundle(organization, person, ready, pending),
        "bundle failed": builders.make_bundle(
            organization, person, failed, **over, state="failed", problem="None of the files could be made."
        ),
    }
    return {
        "book with files": f"books/{book.pk}/",
        "downloads": f"books/{book.pk}/downloads/",
        "downloads none": f"books/{book.pk}/downloads/?file=markdown",
        "bundle new": f"bundles/new/?book={book.pk}",
        **{name: f"bundles/{bundle.pk}/" for name, bundle in bundles.items()},
    }


def rewritten(organization: Any, person: Any) -> dict[str, str]:
    """A book with sources, a chapter of several versions, and rewrites that are ready, at work, failed and taken."""
    from tests import builders

    book = builders.make_book(organization, person, status="review", title="Bread, Slowly", palette="ochre")
    source = builders.make_source(book, text=f"A starter wants flour. {PROSE}", title="Grandmother’s notebook")
    builders.make_source(book, text="Rye keeps longer than wheat.", title="R" * 150)
    chapters = [
        builders.make_chapter(book, position=place, title=f"Loaf {place}", markdown=PROSE, word_count=58)
        for place in range(1, 6)
    ]
    long_run = builders.make_run(book, state="completed")
    builders.make_passage_use(long_run, chapter=1, text=source.text, source_title=source.title)
    ready = builders.make_rewrite(chapters[0], markdown=PROSE.replace("guest", "neighbour") + "\n\nAnd it stays.")
    states = {"working": "writing", "failed": "failed"}
    others = {
        name: builders.make_rewrite(
            chapters[place],
            markdown="",
            run=builders.make_run(book, kind="rewrite", state=state, problem="The model declined.", section_words=400),
        )
        for place, (name, state) in enumerate(states.items(), 1)
    }
    builders.make_version(chapters[3], markdown="The first text.")
    builders.make_version(chapters[3], number=2, origin="rewritten", note="W" * 300, made_by=person)
    builders.make_rewrite(chapters[3], decision="discarded", instruction="Shorter, with fewer tools and more flour")
    versions = f"books/{book.pk}/chapters/{chapters[3].pk}/versions/"
    return {
        "book with sources": f"books/{book.pk}/",
        "reader with sources": f"books/{book.pk}/chapters/{chapters[0].pk}/",
        "sources": f"books/{book.pk}/sources/",
        "source remove": f"sources/{source.pk}/remove/",
        "rewrite": f"rewrites/{ready.pk}/",
        **{f"rewrite {name}": f"rewrites/{one.pk}/" for name, one in others.items()},
        "versions": versions,
        "versions none": f"books/{book.pk}/chapters/{chapters[4].pk}/versions/",
        "version": f"{versions}1/",
    }


def talked_about(organization: Any, person: Any) -> dict[str, str]:
    """A book with a chat of every kind of answer, one whose answer is on its way, and a book without any."""
    from tests import builders

    book = builders.make_book(organization, person, title="What the Bees Left Unsaid", palette="ochre")
    for place, title in enumerate(["On the Balcony", "What Flowers When", "The Neighbour"], 1):
        builders.make_chapter(book, position=place, title=title, summary="What it tells.", markdown=PROSE)
    chat = builders.make_chat(book, person, title="How can the second chapter be livelier?")
    question = "How can the second chapter be livelier?\n\nI think it drags."
    builders.make_turn(chat, question=question, answer=ANSWER)
    titles = ["Honey Above the Traffic", book.title, "A Year with Four Hives", "Lime and Clover", "The Quiet Roof"]
    ideas: dict[str, Any] = {"question": "", "answer": ""}
    builders.make_turn(chat, position=2, kind="titles", ideas=titles, **ideas)
    scenes = ["A swarm hangs on the tram stop. Nobody boards. A child counts to ten and opens her umbrella."] * 5
    builders.make_turn(chat, position=3, kind="scenes", ideas=scenes, **ideas)
    states = {
        "failed": "The model refused to write this part.",
        "paused": "The cap of this month is reached.",
        "cancelled": "",
    }
    for place, (state, problem) in enumerate(states.items(), 4):
        builders.make_turn(chat, position=place, answer="", run_fields={"state": state, "problem": problem})
    under_way = builders.make_chat(book, person, title="Averyveryveryverylongquestionwithoutanyspacesinit" * 2)
    builders.make_turn(under_way, answer="", run_fields={"state": "writing"})
    bare = builders.make_book(organization, person, title="Rain, a Short History", palette="slate")
    return {
        "chats": f"books/{book.pk}/chat/",
        "chats none": f"books/{bare.pk}/chat/",
        "chat": f"books/{book.pk}/chat/{chat.pk}/",
        "chat working": f"books/{book.pk}/chat/{under_way.pk}/",
        "chat rename": f"books/{book.pk}/chat/{chat.pk}/rename/",
        "chat delete": f"books/{book.pk}/chat/{chat.pk}/delete/",
    }
