"""What models are asked, and what is kept of their prose. Pure functions: no database."""

import json
from typing import Any

import pytest

from books.jobs import prompts, rewrite_prompts, wordings
from books.jobs.outcome import Unusable
from books.jobs.prose import join, own_notes, usable, without_echoes
from books.models import LanguageModelCall, RewriteTask
from books.providers.exports import chapter_html
from books.providers.language_models import ModelRequest
from tests.fakes.llm import answering, composing, prose

TITLES = ["The first hive", "Bees in the city", "Honey"]
PROSE = "Bees find food between the houses. They fly to parks, to balconies and to the trees along the canal."


def make_brief(**overrides: str) -> dict[str, str]:
    brief = {
        "title": "A roof of bees",
        "subtitle": "",
        "topic": "Beekeeping on city roofs",
        "goal": "",
        "language": "en",
        "genre": "guide",
        "audience": "general",
        "difficulty": "beginner",
        "tone": "warm",
    }
    return brief | overrides


def make_chapter(**overrides: Any) -> prompts.PlannedChapter:
    fields: dict[str, Any] = {
        "position": 2,
        "title": "Bees in the city",
        "summary": "How bees find food between the houses",
        "points": ("1. Nectar in parks", "- Water on the roof.", "Cold nights", "Neighbours"),
        "words": 500,
    }
    return prompts.PlannedChapter(**{**fields, **overrides})


def section(part: tuple[int, int] = (1, 2), earlier_text: str = "", **brief: str) -> ModelRequest:
    return prompts.section(make_brief(**brief), TITLES, make_chapter(), part=part, earlier_text=earlier_text)


def outline(**brief: str) -> ModelRequest:
    return prompts.outline(make_brief(**brief), first=1, last=4, total=4, earlier=[])


def body(request: ModelRequest) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "messages": [{"role": message.role, "content": message.text} for message in request.messages]
    }
    if request.json_schema is not None:
        asked["response_format"] = {"type": "json_schema", "json_schema": {"schema": request.json_schema}}
    return asked


def call(text: str, finish: str = "stop") -> LanguageModelCall:
    return LanguageModelCall(text=text, finish=finish)


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_the_same_rows_give_the_same_bytes(language: str) -> None:
    assert section(language=language).canonical("m") == section(language=language).canonical("m")
    assert outline(language=language).canonical("m") == outline(language=language).canonical("m")


@pytest.mark.parametrize(("part", "earlier"), [((1, 2), ""), ((2, 2), PROSE)])
def test_turns_alternate_and_the_order_is_last(part: tuple[int, int], earlier: str) -> None:
    roles = [message.role for message in section(part, earlier).messages]
    assert roles == (["system", "user", "assistant", "user"] if earlier else ["system", "user"])
    order = section(part, earlier).messages[-1].text
    assert "Write about 250 words in English about “Beekeeping on city roofs”" in order
    assert "“Bees in the city”" in order


def test_no_line_is_a_label_a_model_could_copy() -> None:
    for request in (section(), section((2, 2), PROSE), outline(), prompts.blurb(make_brief(), [make_chapter()])):
        for message in request.messages:
            assert without_echoes(message.text, []) == message.text or message.text.startswith("Write about")


def test_points_are_shared_out_over_the_sections_without_their_numbers() -> None:
    assert "Explain Nectar in parks; Water on the roof." in section((1, 2)).messages[-1].text
    assert "Explain Cold nights; Neighbours." in section((2, 2), PROSE).messages[-1].text


def test_goal_and_subtitle_are_told_when_there_are_any() -> None:
    assert "Honey for all" in section(subtitle="Honey for all").messages[0].text
    assert "Lose the fear of stings" in outline(goal="Lose the fear of stings").messages[0].text
    assert "subtitle" not in section().messages[0].text


def test_braces_in_a_brief_are_only_text() -> None:
    assert "{language} {0}" in section(title="{language} {0}", topic="{x}").messages[0].text


def test_earlier_titles_are_named_when_an_outline_is_asked_for_in_parts() -> None:
    request = prompts.outline(make_brief(), first=11, last=12, total=12, earlier=TITLES)
    assert "- Bees in the city" in request.messages[-1].text
    assert "Plan chapters 11 to 12 of a practical guide" in request.messages[-1].text


def test_a_french_book_is_asked_for_in_french() -> None:
    request = section((2, 2), "Une ruche.", language="fr", tone="lively", genre="essay")
    assert "Tu travailles à un essai" in request.messages[0].text
    assert "sur un ton vif" in request.messages[0].text
    assert "Écris environ 250 mots en français" in request.messages[-1].text


def test_every_choice_of_a_brief_has_french_words() -> None:
    from books.models.books import Audience, Difficulty, Genre, Tone

    assert set(wordings.FRENCH.genres) == set(wordings.ENGLISH.genres) == set(Genre.values)
    assert set(wordings.FRENCH.audiences) == set(Audience.values)
    assert set(wordings.FRENCH.levels) == set(wordings.ENGLISH.levels) == set(Difficulty.values)
    assert set(wordings.FRENCH.tones) == set(Tone.values)


def test_a_language_without_sentences_of_its_own_is_asked_for_in_english() -> None:
    assert "words in de about" in section(language="de").messages[-1].text


def test_what_a_long_book_keeps_to_stands_before_the_order() -> None:
    memory = prompts.Memory(
        facts=("The hive is called Ada.", "Honey is spun in June"),
        before=prompts.Neighbour("The first hive", "How the first hive is bought"),
        after=prompts.Neighbour("Honey", "word " * 100),
        passages={2: [prompts.Passage("My notes", "Bees drink from a basin.")]},
    )
    request = prompts.section(
        make_brief(), TITLES, make_chapter(), part=(2, 2), earlier_text=PROSE, memory=memory, told="Bees came."
    )
    system, order = request.messages[0].text, request.messages[-1].text
    assert "conventions hold everywhere: The hive is called Ada; Honey is spun in June." in system
    assert "Just before, “The first hive” has told this: How the first hive is bought." in system
    assert len(system.split("“Honey” will tell this: ")[1].split("\n")[0]) <= prompts.LONGEST_GLIMPSE + 2
    assert system.endswith("“My notes” says:\nBees drink from a basin.")
    assert "invent nothing beyond them" in system
    assert order.startswith("So far it tells this: Bees came. Go on from there")
    assert "Bees drink" not in prompts.section(
        make_brief(), TITLES, make_chapter(), part=(1, 2), earlier_text="", memory=memory
    ).messages[0].text  # fmt: skip


def test_a_short_book_is_asked_for_as_if_there_were_no_memory() -> None:
    assert section().canonical("m") == prompts.section(
        make_brief(), TITLES, make_chapter(), part=(1, 2), earlier_text="", memory=prompts.NOTHING
    ).canonical("m")  # fmt: skip


def rewritten(number: int = 1, earlier_text: str = "", **brief: str) -> ModelRequest:
    return rewrite_prompts.rewritten(
        make_brief(**brief), TITLES, task=RewriteTask.REWRITE, stands=PROSE, instruction="Make it {warmer}",
        number=number, earlier_text=earlier_text,
    )  # fmt: skip


def test_a_rewrite_shows_what_stands_and_ends_with_the_instruction() -> None:
    first, second = rewritten().messages, rewritten(2, "Bees came.").messages
    assert PROSE in first[-1].text
    assert (
        "follow this instruction: Make it {warmer}. Unless it says otherwise, write about 19 words." in first[-1].text
    )
    assert [message.role for message in second] == ["system", "user", "assistant", "user"]
    assert second[2].text == "Bees came."
    assert second[-1].text.startswith(f"The text that stands now goes on like this:\n\n{PROSE}")


def test_the_tail_of_a_long_text_begins_with_a_sentence() -> None:
    text = " ".join(f"Sentence number {index} is here." for index in range(100))
    tail = prompts.tail(text)
    assert tail.startswith("Sentence number")
    assert text.endswith(tail)
    assert len(tail.split()) <= prompts.TAIL_WORDS
    assert prompts.tail("Short\n\nand whole.") == "Short and whole."


def test_the_repair_shows_the_broken_answer_and_its_fault() -> None:
    request = prompts.repair(outline(), "{", "it is not valid JSON")
    assert [message.role for message in request.messages] == ["system", "user", "assistant", "user"]
    assert "it is not valid JSON" in request.messages[-1].text


@pytest.mark.parametrize(("language", "spoken"), [("en", prose.ENGLISH), ("fr", prose.FRENCH)])
def test_the_scripted_model_understands_them(language: str, spoken: object) -> None:
    brief = make_brief(language=language)
    blurb = prompts.blurb(brief, [make_chapter()])
    requests = {
        "outline": outline(language=language),
        "repair": prompts.repair(outline(language=language), "{", "no JSON"),
        "section": section((2, 2), PROSE, language=language),
        "facts": prompts.facts(brief, [prompts.Neighbour("Honey", "How it is spun")]),
        "summary": prompts.summary(brief, PROSE, told="Bees came."),
        "blurb": blurb,
    }
    for purpose, request in requests.items():
        asked = body(request)
        about = composing.subject(answering.prompt(asked))
        assert (purpose, about.language) == (answering.purpose(asked), spoken)
        assert about.topic == "Beekeeping on city roofs"
    last = answering.prompt(body(requests["section"]))
    assert composing.asked_words(last) == 250
    assert composing.subject(last).points == ("Cold nights", "Neighbours")
    assert len(json.loads("".join(answering.answer(body(requests["outline"]), "m").tokens))["chapters"]) == 4


@pytest.mark.parametrize(
    "echo",
    [
        "Title: Bees in the city",
        "**Title:** Bees in the city",
        "# Bees in the city",
        "Bees in the city",
        "**Bees in the city**",
        "Chapter 2: Bees in the city",
        "Titre : Les abeilles\nLangue : fr",
        "Write about 250 words in English.",
        "Here is the second part of the chapter:",
        "Bien sûr, voici le texte :",
        "- Nectar in parks\n- Water on the roof",
    ],
)
def test_an_echo_of_the_order_before_the_prose_is_dropped(echo: str) -> None:
    chapter = make_chapter()
    echoes = (chapter.title, chapter.summary, *chapter.points)
    assert usable(call(f"{echo}\n\n{PROSE}"), 20, echoes=echoes) == PROSE


@pytest.mark.parametrize(
    "text",
    [
        "Bees in the city live well. They do.",
        "Here is what matters: bees need water.",
        "Sure, bees sting. Of course they do.",
        "Part of the work is waiting: winter is long.",
        "Title deeds: the roof is not always yours to use.",
        "Write down what you see: every week, on paper.",
        "*Bees* are small.\n\n- a veil against stings\n- a smoker\n\nThat is all one needs.",
        "1. Open the hive.\n2. Look for the queen.",
        "It begins here.\n\nSummary: bees need water.",
        "The list:\n\n```\n- smoker\n    - fuel\n```",
    ],
)
def test_good_prose_is_left_as_it_is(text: str) -> None:
    assert usable(call(text), 5, echoes=("Bees in the city", "How bees live", "a veil")) == text


def test_list_lines_that_only_repeat_the_points_go_wherever_they_stand() -> None:
    text = "Bees fly far in summer.\n\n* **Nectar in parks**\n* Linden trees bloom in June\n\nThen they rest."
    assert usable(call(text), 5, echoes=("Nectar in parks",)) == (
        "Bees fly far in summer.\n\n* Linden trees bloom in June\n\nThen they rest."
    )


def test_a_cut_answer_ends_at_its_last_whole_sentence() -> None:
    assert usable(call("Bees fly far. They come back by", "length"), 5) == "Bees fly far."


@pytest.mark.parametrize("text", ["", "Title: Bees in the city", "Bees.", "- Nectar in parks\n- Nectar in parks"])
def test_an_answer_without_prose_is_refused(text: str) -> None:
    with pytest.raises(Unusable):
        usable(call(text), 250, echoes=("Nectar in parks",))


def test_notes_of_two_sections_never_meet() -> None:
    section = "Bees sleep.[^1]\n\n[^1]: So it seems."
    chapter = join(own_notes(section, 1), own_notes(section, 2))
    assert chapter == "Bees sleep.[^1]\n\n[^1]: So it seems.\n\nBees sleep.[^2-1]\n\n[^2-1]: So it seems."
    page = chapter_html(chapter, "en")
    assert page.count("footnote-backref") == 2
