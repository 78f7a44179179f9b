"""Ask a server which model it serves and how much fits into it."""

from collections.abc import Mapping
from dataclasses import dataclass

from books.providers.language_models.errors import Malformed, ProviderUnavailable, TimedOut
from books.providers.language_models.wire_errors import from_envelope

SECONDS = 10.0


@dataclass(frozen=True)
class DiscoveredModel:
    """`name` is empty when the server offers several and none was asked for.

    `context_tokens`, which prompt and answer share, is None when the server does not say.
    """

    name: str
    context_tokens: int | None


def discover(base_url: str, api_key: str, model: str = "") -> DiscoveredModel:
    """Read `GET {base_url}/models`, and llama.cpp's `/props` where that does not tell the context.

    `model` picks one of several. Raises ModelError when the server does not answer.
    """
    models = _models(base_url, api_key)
    matching = [one for one in models if one.get("id") == model] if model else models
    if len(matching) != 1:
        return DiscoveredModel(model, None)
    name = str(matching[0].get("id") or "")
    context = _context(matching[0])
    if context is None and matching[0].get("owned_by") == "llamacpp":
        context = _context_of_llama_cpp(base_url, api_key)
    return DiscoveredModel(_without_path(name), context)


def _without_path(name: str) -> str:
    # llama.cpp names a model without alias by its file, answers to any name, and paths are private.
    return name.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".gguf") if name.endswith(".gguf") else name


def _models(base_url: str, api_key: str) -> list[Mapping[str, object]]:
    body = _get(f"{base_url.rstrip('/')}/models", api_key)
    data = body.get("data")
    if not isinstance(data, list):
        raise Malformed(detail="the list of models is no list")
    return [one for one in data if isinstance(one, Mapping)]


def _context(model: Mapping[str, object]) -> int | None:
    """The window one call has: vLLM's `max_model_len`, llama.cpp's `meta.n_ctx`, not the trained one."""
    meta = model.get("meta")
    said = model.get("max_model_len") or (meta.get("n_ctx") if isinstance(meta, Mapping) else None)
    return said if isinstance(said, int) and said > 0 else None


def _context_of_llama_cpp(base_url: str, api_key: str) -> int | None:
    props = _get(f"{base_url.rstrip('/').removesuffix('/v1')}/props", api_key)
    settings = props.get("default_generation_settings")
    return _context({"meta": settings}) if isinstance(settings, Mapping) else None


def _get(url: str, api_key: str) -> Mapping[str, object]:
    import httpx  # only the process that looks pays for it

    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    try:
        with httpx.Client(timeout=SECONDS, trust_env=False, headers=headers) as client:
            response = client.get(url)
            body = response.json() if response.is_success else None
    except httpx.TimeoutException as error:
        raise TimedOut(detail=str(error)) from error
    except httpx.HTTPError as error:
        raise ProviderUnavailable(detail=str(error)) from error
    except ValueError as error:
        raise Malformed(detail=str(error)) from error
    if not response.is_success:
        raise from_envelope(response.status_code, _json_or_text(response.text), response.headers)
    if not isinstance(body, Mapping):
        raise Malformed(detail="no JSON object")
    return body


def _json_or_text(text: str) -> object:
    import json

    try:
        return json.loads(text)
    except ValueError:
        return text
