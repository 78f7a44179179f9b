"""Routes: who is asked for which kind of step, who answers when the preferred one cannot, and what is kept of it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client

from books.jobs import route
from books.models import CallState, Run, RunState, StepKind, StepState
from books.providers.language_models.catalogue import Invalid, read
from core import events
from tests.books import desk
from tests.books.ask.asking import section
from tests.books.money import DEAR, PRICE, model, routes, two_tiers
from tests.fakes.llm import FakeLanguageModel

Perform = Callable[[], int]
SHAPES = ("compatible", "openai", "azure", "anthropic")


@pytest.fixture
def second() -> Iterator[FakeLanguageModel]:
    with FakeLanguageModel() as server:
        yield server


def shaped(shape: str, fake: FakeLanguageModel, **overrides: Any) -> dict[str, Any]:
    """A model of that wire shape at that server."""
    own = {
        "compatible": {"url": fake.url},
        "openai": {"url": fake.url, "model": "gpt-4o"},
        "azure": {"url": fake.root, "model": "gpt-4o", "deployment": "writer"},
        "anthropic": {"url": fake.root, "model": "claude-opus-4-8"},
    }[shape]
    return model(fake, provider=shape, **(own | overrides))


def answered(run: Run, purpose: str) -> Any:
    """The first answered call of that kind."""
    return next(call for call in desk.calls_of(run) if call.purpose == purpose and call.state == CallState.ANSWERED)


@pytest.mark.django_db
def test_each_kind_of_step_asks_its_tier(
    author: Client, language_model: Any, settings: Any, run_queue: Perform
) -> None:
    settings.MODEL_ROUTES = two_tiers(language_model)
    run = desk.begin(author, approves_itself="on", chapter_count=1)
    run_queue()
    run = desk.again(run)
    assert run.state == RunState.COMPLETED
    assert (run.routes["section"], run.routes["blurb"], run.model_name) == ("dear", "cheap", "dear")
    section, blurb = answered(run, "section"), answered(run, "blurb")
    assert (section.tier, section.asked, section.provider) == ("strong", "dear", "compatible")
    assert section.cost_micros == section.strong_micros == 3 * section.tokens_in + 30 * section.tokens_out
    assert (blurb.tier, blurb.asked, blurb.reserved_micros) == ("small", "cheap", 0)
    assert blurb.cost_micros == blurb.tokens_in + 10 * blurb.tokens_out
    assert blurb.strong_micros == 3 * blurb.tokens_in + 30 * blurb.tokens_out


@pytest.mark.parametrize("first", SHAPES)
@pytest.mark.django_db
def test_every_shape_falls_back_to_every_other(
    first: str, author: Client, language_model: Any, second: FakeLanguageModel, settings: Any, run_queue: Perform
) -> None:
    for other in SHAPES:
        language_model.control.reset()
        events.client().flushdb()
        names = {f"{first}-a": shaped(first, language_model), f"{other}-b": shaped(other, second)}
        settings.MODEL_ROUTES = routes(names, small=list(names), strong=list(names))
        language_model.control.fault("401", purpose="outline")
        run = desk.begin(author)
        run_queue()
        call = desk.calls_of(run)[0]
        assert (call.state, call.asked, call.provider) == (CallState.ANSWERED, f"{first}-a", other)
        assert [(one["name"], one["code"], one["to"]) for one in call.fallbacks] == [
            (f"{first}-a", "not_authorized", f"{other}-b")
        ]
        assert len(language_model.control.calls()) == 1


@pytest.mark.django_db
def test_a_provider_that_is_down_is_tried_twice_and_then_left_alone_by_all(
    author: Client, language_model: Any, second: FakeLanguageModel, settings: Any, run_queue: Perform
) -> None:
    names = {"down": model(language_model), "up": model(second)}
    settings.MODEL_ROUTES = routes(names, small=list(names), strong=list(names))
    language_model.control.fault("503", times=50)
    run = desk.begin(author, approves_itself="on")
    run_queue()
    assert desk.step_of(run, StepKind.OUTLINE).state == StepState.OPEN
    desk.let_time_pass()
    run_queue()
    run = desk.again(run)
    assert run.state == RunState.COMPLETED
    assert len(language_model.control.calls()) == 2
    codes = [[one["code"] for one in call.fallbacks] for call in desk.calls_of(run)]
    assert codes == [[], ["unavailable"], *[["resting"]] * (len(codes) - 2)]


@pytest.mark.django_db
def test_a_wait_that_is_too_long_is_not_waited_for(
    author: Client, language_model: Any, second: FakeLanguageModel, settings: Any, run_queue: Perform
) -> None:
    names = {"busy": model(language_model), "free": model(second)}
    settings.MODEL_ROUTES = routes(names, small=list(names), strong=list(names))
    language_model.control.fault("429", retry_after=600)
    run = desk.begin(author)
    run_queue()
    assert desk.again(run).state == RunState.AWAITING_APPROVAL


@pytest.mark.django_db
def test_words_of_a_model_that_broke_off_are_cleared_before_the_next_one_writes(
    author: Client, language_model: Any, second: FakeLanguageModel, settings: Any, run_queue: Perform
) -> None:
    names = {"first": model(language_model), "next": model(second)}
    settings.MODEL_ROUTES = routes(names, small=list(names), strong=list(names))
    run = desk.begin(author, chapter_count=1)
    run_queue()
    assert desk.approve(author, run) == 302
    language_model.control.fault("content_filter", purpose="section", after=8)
    run_queue()
    stream: Any = events.client().xrange(f"{events.PREFIX}{run.pk}")
    told = [(fields[b"event"].decode(), json.loads(fields[b"data"])) for _id, fields in stream]
    words = [(name, data) for name, data in told if name in {"words", "restart"}]
    last = max(index for index, (name, _data) in enumerate(words) if name == "restart")
    assert [name for name, _data in words].count("restart") == 2
    assert any(name == "words" for name, _data in words[:last])
    shown = "".join(data["text"] for name, data in words[last + 1 :] if name == "words")
    assert shown == answered(desk.again(run), "section").text


@pytest.mark.django_db
def test_routes_changed_under_way_ask_nothing_again(
    author: Client, language_model: Any, settings: Any, run_queue: Perform
) -> None:
    settings.MODEL_ROUTES = two_tiers(language_model)
    run = desk.begin(author, chapter_count=1, words_per_chapter=400)
    run_queue()
    assert desk.approve(author, run) == 302
    language_model.control.fault("503", purpose="section", times=1)
    run_queue()
    desk.let_time_pass()
    settings.MODEL_ROUTES = routes({"new": model(language_model)}, small=["new"], strong=["new"])
    run_queue()
    run = desk.again(run)
    assert run.state == RunState.COMPLETED
    done = [call for call in desk.calls_of(run) if call.state == CallState.ANSWERED]
    assert len({call.input_hash for call in done}) == len(done)
    assert {call.asked for call in done} == {"dear", "new"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"models": {}}, "models"),
        ({"tiers": {"small": ["a"]}}, "tiers.strong is missing"),
        ({"tiers": {"strong": ["b"]}}, "tiers.strong names b, which is not in models"),
        ({"tiers": {"strong": []}}, "tiers.strong must name at least one"),
        ({"steps": {"section": "small"}}, "steps.section asks the tier small"),
        ({"steps": {"poem": "strong"}}, "steps.poem"),
        ({"models": {"a": {"provider": "azure", "url": "https://x.example", "model": "m", "context_tokens": 9000}}},
         "models.a: Value error, a model of provider azure needs its deployment"),
        ({"models": {"a": {"provider": "openai", "model": "m"}}}, "models.a.context_tokens: Field required"),
        ({"models": {"a": {"provider": "openai", "model": "m", "context_tokens": 9000, "api_key": "s3cret"}}},
         "models.a.api_key: Extra inputs are not permitted"),
    ],
)  # fmt: skip
def test_a_wrong_configuration_is_refused_by_the_name_of_its_key(change: dict[str, Any], said: str) -> None:
    whole = {
        "models": {"a": {"provider": "openai", "model": "gpt-4o", "context_tokens": 9000}},
        "tiers": {"strong": ["a"]},
    }
    with pytest.raises(Invalid) as caught:
        read(json.dumps(whole | change))
    assert said in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_the_check_at_start_names_what_is_wrong(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MODEL_ROUTES = "{"
    assert [one.id for one in run_checks() if one.id == "books.E001"] == ["books.E001"]
    whole = {
        "models": {"a": {"provider": "openai", "model": "gpt-4o", "context_tokens": 9000, "api_key_env": "OUR_KEY"}},
        "tiers": {"strong": ["a"]},
    }
    settings.MODEL_ROUTES = json.dumps(whole)
    monkeypatch.delenv("OUR_KEY", raising=False)
    assert route.faults() == ["models.a.api_key_env: the environment variable OUR_KEY is not set"]
    monkeypatch.setenv("OUR_KEY", "x")
    assert route.faults() == []


def test_the_dearest_model_of_a_route_decides_what_is_reserved(settings: Any) -> None:
    with FakeLanguageModel() as fake:
        models = {"cheap": model(fake, price=PRICE), "dear": model(fake, price=DEAR), "own": model(fake, price=None)}
        settings.MODEL_ROUTES = routes(models, small=["own"], strong=["cheap", "dear", "own"])
        strong, small = route.of("section"), route.of("blurb")
        request = section(100)
        assert strong.worst_micros(request) == strong.choices[1].worst_micros(request)
        assert strong.worst_micros(request) > 30 * request.max_tokens
        assert small.worst_micros(request) == 0
