"""The hint while one types a password says what the server would, in both languages, and sends nothing."""

import random
from typing import Any

import pytest
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.passwords import common_and_allowed
from tests.browser.conftest import Visits

pytestmark = pytest.mark.xdist_group("browser")
EMAIL = "ada.lovelace@example.org"
CODES = {"password_too_weak": "weak", "password_too_similar": "similar", "password_too_common": "common"}
CASES = [
    "a", "abcdefgh", "abcdefghijk", "abcdefghijkl", "Abcdefg1", "abcdefg1", "ABCDEF1!", "éàüöçñ9!", "        ",
    "ÅNGSTRÖM7", "密码密码密码密码密码密码", "١٢٣٤abcD", "Password1", "PASSWORD1!", "password1234", "Qwerty123",
    "ada.lovelace", "ada.lovelace@example.org", "Lovelace1", "lovelaceADA", "example.org!", "Lo Ve La Ce 1",
    "quiet-meadow", "Quiet-Meadow-27", "𝒜𝒷𝒸𝒹𝑒𝒻1!", "ªªªªªªA1", "Ⅷ.aaaaaa", "a" * 40, "Zx9$kk2L",
]  # fmt: skip


def of_server(password: str) -> str:
    """The first complaint the validators of the settings have, in the hint's words."""
    for validator in get_default_password_validators():
        try:
            validator.validate(password, User(email=EMAIL))
        except ValidationError as refused:
            return CODES[refused.error_list[0].code or ""]
    return "strong"


def generated(count: int) -> list[str]:
    """Passwords near every edge: common ones in mixed cases, pieces of the address, random signs."""
    chance = random.Random(27)  # the same in every run

    def mixed(word: str) -> str:
        return "".join(chance.choice([one, one.upper()]) for one in word)

    pieces = ["ada", "Love", "lace", "example", "1", "!", "é", "Z", "roof", " "]
    common = [mixed(word) for word in chance.sample(common_and_allowed(), count)]
    glued = ["".join(chance.choices(pieces, k=chance.randint(2, 6))) for _each in range(count)]
    noise = ["".join(chance.choices("abAB12!é ", k=chance.randint(6, 14))) for _each in range(count)]
    return [*common, *glued, *noise]


def verdicts(page: Page, passwords: list[str]) -> Any:
    """What the module says of each."""
    return page.evaluate(
        """async ([passwords, email]) => {
          const { verdict } = await import("/static/js/password.js");
          const common = (await import("/static/js/common-passwords.js")).default;
          return passwords.map((one) => verdict(one, email, common));
        }""",
        [passwords, EMAIL],
    )


def test_the_hint_and_the_server_agree(visit: Visits) -> None:
    passwords = [*CASES, *generated(150)]
    said = verdicts(visit().go("/accounts/signup/"), passwords)
    expected = {password: of_server(password) for password in passwords}
    assert dict(zip(passwords, said, strict=True)) == expected
    assert set(expected.values()) == {"weak", "similar", "common", "strong"}


@pytest.mark.parametrize(("language", "words"), [("en", "Strong enough"), ("fr", "Assez")])
def test_the_hint_is_shown_while_one_types_and_nothing_is_sent(visit: Visits, language: str, words: str) -> None:
    visitor = visit(locale=language)
    page = visitor.go("/accounts/signup/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    hint = page.locator("[data-password-hint]")
    expect(hint).to_be_hidden()
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password1]", "short")
    expect(hint).to_have_attribute("data-verdict", "weak")
    page.fill("[name=password1]", "Lovelace1")
    expect(hint).to_have_attribute("data-verdict", "similar")
    page.fill("[name=password1]", "quiet-meadow-27")
    expect(hint).to_contain_text(words)
    assert all("quiet" not in one and "Lovelace1" not in one for one in asked)
    assert all("/static/" in one for one in asked)  # the list of common ones, and pictures that came late
