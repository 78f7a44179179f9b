"""A list of models as one: who is asked next, when, and what is said about it. The models answer over real sockets."""

from collections.abc import Iterator

import pytest

from books.providers.language_models import (
    Fallback,
    FallbackModel,
    LanguageModel,
    ModelNotFound,
    NotAuthorized,
    ProviderUnavailable,
    RateLimited,
    Stopped,
)
from tests.books.ask.asking import CLOSED, MODELS, failure, make_model, section
from tests.books.ask.test_fail import FAILURES
from tests.fakes.llm import FakeLanguageModel

AT_ONCE = {"400", "401", "403", "404", "quota", "prompt_filter", "refusal", "content_filter"}
LATER = {kind for kind, (_error, retryable) in FAILURES.items() if retryable}


@pytest.fixture
def second() -> Iterator[FakeLanguageModel]:
    with FakeLanguageModel() as server:
        yield server


@pytest.fixture
def models(fake: FakeLanguageModel, second: FakeLanguageModel) -> list[LanguageModel]:
    """Two providers: Claude first, OpenAI's behind it."""
    return [make_model("anthropic", fake.root), make_model("openai", second.root)]


def asked(*servers: FakeLanguageModel) -> list[int]:
    return [len(server.control.calls()) for server in servers]


def test_the_first_answers_and_the_next_is_not_asked(
    models: list[LanguageModel], fake: FakeLanguageModel, second: FakeLanguageModel
) -> None:
    answer = FallbackModel(models).ask(section(60))
    assert (answer.provider, answer.asked, answer.fallbacks) == ("anthropic", MODELS["anthropic"], ())
    assert asked(fake, second) == [1, 0]


@pytest.mark.parametrize("kind", sorted(AT_ONCE))
def test_what_the_same_model_would_say_again_falls_back_at_once(
    models: list[LanguageModel], fake: FakeLanguageModel, second: FakeLanguageModel, kind: str
) -> None:
    fake.control.fault(kind)
    told: list[Fallback] = []
    answer = FallbackModel(models, told.append).ask(section(60))
    assert (answer.provider, answer.asked) == ("openai", MODELS["openai"])
    assert asked(fake, second) == [1, 1]
    assert answer.fallbacks == tuple(told)
    assert [(one.name, one.label, one.code, one.next_label) for one in told] == [
        (MODELS["anthropic"], "anthropic", FAILURES[kind][0].code, "openai")
    ]
    assert told[0].message
    assert 0 <= told[0].after_ms < 10_000


@pytest.mark.parametrize("kind", sorted(LATER))
def test_what_may_pass_is_left_to_the_caller_until_its_patience_is_exhausted(
    models: list[LanguageModel], fake: FakeLanguageModel, second: FakeLanguageModel, kind: str
) -> None:
    fake.control.fault(kind, times=2)
    assert type(failure(FallbackModel(models))) is FAILURES[kind][0]
    assert asked(fake, second) == [1, 0]
    answer = FallbackModel(models, exhausted=True).ask(section(60))
    assert [one.code for one in answer.fallbacks] == [FAILURES[kind][0].code]
    assert asked(fake, second) == [2, 1]


def test_a_text_too_long_goes_to_a_larger_window_only(fake: FakeLanguageModel, second: FakeLanguageModel) -> None:
    small, same = make_model("anthropic", fake.root), make_model("openai", second.root)
    large = make_model("azure", second.root, context_tokens=100_000)
    fake.control.fault("context", times=2)
    assert failure(FallbackModel([small, same])).code == "context_too_long"
    assert asked(fake, second) == [1, 0]
    answer = FallbackModel([small, same, large]).ask(section(60))
    assert (answer.provider, answer.fallbacks[0].next_label) == ("azure", "azure")
    assert asked(fake, second) == [2, 1]


def test_a_person_who_stops_stops_all(
    models: list[LanguageModel], fake: FakeLanguageModel, second: FakeLanguageModel
) -> None:
    fake.control.latency(token_ms=20)
    pieces: list[str] = []
    error = failure(FallbackModel(models, exhausted=True), on_text=pieces.append, stopped=lambda: len(pieces) >= 3)
    assert type(error) is Stopped
    assert asked(fake, second) == [1, 0]


def test_a_listener_that_fails_is_no_models_fault(
    models: list[LanguageModel], fake: FakeLanguageModel, second: FakeLanguageModel
) -> None:
    def listen(_piece: str) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        FallbackModel(models, exhausted=True).ask(section(60), on_text=listen)
    assert asked(fake, second) == [1, 0]


def test_the_listener_is_told_that_the_text_so_far_is_void(
    models: list[LanguageModel], fake: FakeLanguageModel
) -> None:
    fake.control.fault("content_filter")
    shown: list[str] = []
    answer = FallbackModel(models, lambda _fallback: shown.clear()).ask(section(60), on_text=shown.append)
    assert "".join(shown) == answer.text


def test_when_all_fail_the_error_is_the_one_that_waiting_may_cure(
    models: list[LanguageModel], fake: FakeLanguageModel, second: FakeLanguageModel
) -> None:
    fake.control.fault("429", retry_after=9)
    second.control.fault("401")
    error = failure(FallbackModel(models, exhausted=True))
    assert (type(error), error.retry_after) == (RateLimited, 9.0)
    fake.control.fault("401")
    second.control.fault("404")
    assert type(failure(FallbackModel(models))) is ModelNotFound
    fake.control.fault("401")
    second.control.fault("503")
    assert type(failure(FallbackModel(models))) is ProviderUnavailable


def test_three_in_a_row_are_told_in_order(fake: FakeLanguageModel, second: FakeLanguageModel) -> None:
    away = make_model("compatible", CLOSED, label="away")
    chain = FallbackModel([away, make_model("azure", fake.root), make_model("openai", second.root)], exhausted=True)
    fake.control.fault("overloaded")
    answer = chain.ask(section(60))
    assert [(one.label, one.code, one.next_label) for one in answer.fallbacks] == [
        ("away", "unavailable", "azure"),
        ("azure", "unavailable", "openai"),
    ]


def test_lists_may_stand_in_lists(models: list[LanguageModel], fake: FakeLanguageModel) -> None:
    fake.control.fault("401")
    away = make_model("compatible", CLOSED, label="away")
    answer = FallbackModel([away, FallbackModel(models)], exhausted=True).ask(section(60))
    assert [(one.label, one.next_label) for one in answer.fallbacks] == [("away", "anthropic"), ("anthropic", "openai")]


def test_it_is_known_by_the_first_and_holds_what_the_smallest_holds(fake: FakeLanguageModel) -> None:
    first = make_model("anthropic", fake.root, context_tokens=200_000)
    chain = FallbackModel([first, make_model("openai", fake.root)])
    assert (chain.name, chain.label, chain.context_tokens) == (first.name, first.label, 8192)
    with pytest.raises(ValueError, match="at least one"):
        FallbackModel([])


def test_an_error_that_all_share_is_the_last_ones(models: list[LanguageModel], fake: FakeLanguageModel) -> None:
    fake.control.fault("404")
    chain = FallbackModel([models[0], make_model("anthropic", fake.root)])
    fake.control.fault("401")
    assert type(failure(chain)) is NotAuthorized
