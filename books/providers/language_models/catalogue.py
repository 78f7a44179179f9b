"""The models an operator configured, their tiers, and which kind of step asks which: read and checked, from JSON."""

import os
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError, model_validator

Tier = Literal["small", "strong"]
Purpose = Literal["outline", "facts", "section", "summary", "blurb", "rewrite", "review", "correction", "chat"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
# What holds a book together is asked of the strong models; what only retells it, of the small ones.
TIERS: dict[Purpose, Tier] = {
    "outline": "strong", "facts": "small", "section": "strong", "summary": "small", "blurb": "small",
    "rewrite": "strong", "review": "strong", "correction": "small", "chat": "strong",
}  # fmt: skip


class Invalid(ValueError):
    """The configuration cannot be used; `faults` say where and why, one sentence each, without its values."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


class Strict(BaseModel):
    """A part of the configuration: a key that nobody reads is a typing error, and said."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Tokens(Strict):
    """What a model costs where no price list knows: US dollars for a million tokens, each way."""

    input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)

    def micros(self, tokens_in: int, tokens_out: int) -> int:
        """Millionths of a US dollar: dollars for a million tokens are millionths for one."""
        exact = self.input * tokens_in + self.output * tokens_out
        return int(exact.to_integral_value(rounding=ROUND_HALF_UP))


class Patience(Strict):
    """Seconds, as in `Adapter`."""

    connect: float = Field(default=10, gt=0)
    first_byte: float = Field(default=120, gt=0)
    idle: float = Field(default=30, gt=0)
    total: float = Field(default=600, gt=0)


class ModelSetting(Strict):
    """One model at one provider. The key is the value of the environment variable that `api_key_env` names."""

    provider: Literal["compatible", "openai", "azure", "anthropic"]
    model: str = Field(min_length=1, max_length=120)
    url: HttpUrl | None = None
    api_key_env: str = ""
    label: str = Field(default="", max_length=120)
    context_tokens: int = Field(gt=0)
    section_words: int | None = Field(default=None, gt=0, le=5000)
    extra: dict[str, Any] = Field(default_factory=dict)
    deployment: str = ""
    api_version: str = ""
    thinks: bool | None = None
    effort: str = ""
    timeouts: Patience = Patience()
    price: Tokens | None = None

    @model_validator(mode="after")
    def _fits_its_provider(self) -> Self:
        if self.provider in {"compatible", "azure"} and self.url is None:
            raise ValueError(f"a model of provider {self.provider} needs its url")
        if self.provider == "azure" and not self.deployment:
            raise ValueError("a model of provider azure needs its deployment")
        if self.provider != "compatible" and self.extra:
            raise ValueError("extra is sent to provider compatible only")
        return self


class Catalogue(Strict):
    """Every model by name, the names of each tier in the order they are asked, and the tier of each kind of step."""

    models: dict[str, ModelSetting] = Field(min_length=1)
    tiers: dict[Tier, list[str]]
    steps: dict[Purpose, Tier] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_what_it_has(self) -> Self:
        if "strong" not in self.tiers:
            raise ValueError("tiers.strong is missing: it is what others are compared with")
        for tier, names in self.tiers.items():
            if not names or len(set(names)) != len(names):
                raise ValueError(f"tiers.{tier} must name at least one model, and none twice")
            unknown = [name for name in names if name not in self.models]
            if unknown:
                raise ValueError(f"tiers.{tier} names {unknown[0]}, which is not in models")
        for purpose, tier in self.steps.items():
            if tier not in self.tiers:
                raise ValueError(f"steps.{purpose} asks the tier {tier}, which is not in tiers")
        return self

    def tier(self, purpose: Purpose) -> Tier:
        """Who is asked for a kind of step; a step without a word of its own goes where TIERS says, if that exists."""
        usual = TIERS[purpose] if TIERS[purpose] in self.tiers else "strong"
        return self.steps.get(purpose, usual)

    def missing_keys(self) -> list[str]:
        """One sentence for every environment variable that is named and not set."""
        return [
            f"models.{name}.api_key_env: the environment variable {setting.api_key_env} is not set"
            for name, setting in self.models.items()
            if setting.api_key_env and not os.environ.get(setting.api_key_env)
        ]


def read(text: str) -> Catalogue:
    """Read a catalogue from JSON. Raises Invalid, which quotes no value: a key may stand where none belongs."""
    try:
        return Catalogue.model_validate_json(text)
    except ValidationError as error:
        raise Invalid([_sentence(one["loc"], one["msg"]) for one in error.errors(include_input=False)]) from None


def _sentence(where: tuple[int | str, ...], what: str) -> str:
    path = ".".join(str(part) for part in where)
    return f"{path}: {what}" if path else what
