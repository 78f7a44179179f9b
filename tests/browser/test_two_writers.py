"""Two browsers at one chapter, and one alone whose tab, server or connection goes: nothing typed is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Visits
from tests.browser.desk import content, text_of
from tests.browser.planted_saving import TEXT
from tests.browser.site import Person, Site, wait_for
from tests.browser.test_read_by_all import assert_readable
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")
PAIRS = 16
Pair = tuple[Visitor, Visitor]
# How many drafts this browser keeps, whosever they are.
DRAFTS = """new Promise((resolve) => {
  const asked = indexedDB.open("scriptorium");
  asked.onsuccess = () => {
    const count = asked.result.transaction("drafts").objectStore("drafts").count();
    count.onsuccess = () => resolve(count.result);
  };
})"""
FIRST, SECOND, THIRD = TEXT.split("\n\n")


@pytest.fixture(scope="session")
def pairs(shared_site: Site) -> list[list[Person]]:
    """Pairs of people, each with a chapter of their own; planted by one program."""
    planted = shared_site.plant("tests.browser.planted_saving", str(PAIRS))
    return [[Person(**one) for one in pair] for pair in planted]


@pytest.fixture
def pair(pairs: list[list[Person]], visit: Visits) -> Pair:
    """Ada and Ben, each in a browser, at no page yet."""
    ada, ben = (visit(person) for person in pairs.pop())
    return ada, ben


@pytest.fixture
def both(pair: Pair) -> Pair:
    """Both at the chapter."""
    for visitor in pair:
        enter(visitor)
    return pair


@pytest.fixture
def alone(pair: Pair) -> Visitor:
    """Ada alone at the chapter."""
    enter(pair[0])
    return pair[0]


def enter(visitor: Visitor) -> Page:
    """Open the chapter and wait for the editor."""
    assert visitor.person
    page = visitor.go(visitor.person.books["studio"])
    expect(state(page)).to_have_attribute("data-tone", "ok")
    return page


def state(page: Page) -> Locator:
    """The line that tells how the text stands."""
    return page.locator("#studio-state")


def type_behind(page: Page, sentence: str, words: str) -> None:
    """Put the cursor at the end of the line with that sentence and type."""
    content(page).get_by_text(sentence).click()
    page.keyboard.press("End")
    page.keyboard.type(words)


def sign_in(visitor: Visitor, person: Person) -> None:
    """Let the browser's session be that person's from now on."""
    visitor.context.add_cookies([{"name": "session", "value": person.session, "url": visitor.site.url}])


def close_offline(page: Page, words: str) -> None:
    """Type behind the first sentence without a connection, and close the tab."""
    page.context.set_offline(True)
    type_behind(page, FIRST, words)
    expect(state(page)).to_contain_text("Offline")
    page.close()
    page.context.set_offline(False)


def stored(visitor: Visitor) -> str:
    """The text the server has."""
    assert visitor.person
    answer = visitor.context.request.get(f"/o/{visitor.person.slug}/{visitor.person.books['chapter']}text/")
    return str(answer.json()["markdown"])


def comes(read: Callable[[], str], wanted: str) -> None:
    """The text becomes that one, soon."""
    wait_for(lambda: read() == wanted, 15)


def saved(page: Page) -> None:
    """The server has what was typed."""
    expect(state(page)).to_contain_text("Saved at")


def test_what_is_typed_is_saved_by_itself_within_two_seconds(alone: Visitor) -> None:
    type_behind(alone.page, FIRST, " It hums.")
    with alone.page.expect_request("**/save/", timeout=2_000):
        pass
    saved(alone.page)
    assert stored(alone) == TEXT.replace(FIRST, f"{FIRST} It hums.")


def test_mod_s_saves_now_and_opens_no_dialog_of_the_browser(alone: Visitor) -> None:
    type_behind(alone.page, FIRST, " Now.")
    alone.page.keyboard.press("Control+s")
    saved(alone.page)
    assert f"{FIRST} Now." in stored(alone)


def test_opened_and_left_without_a_change_nothing_is_sent(alone: Visitor) -> None:
    sent: list[str] = []
    alone.page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/save/") else None)
    content(alone.page).click()
    alone.page.keyboard.press("Control+s")
    alone.go("books/")
    assert not sent


def test_each_sees_the_other_and_what_the_other_writes(both: Pair) -> None:
    ada, ben = both
    for visitor, other in ((ada, "Ben Both"), (ben, "Ada Author")):
        faces = visitor.page.locator("#studio-people summary")
        expect(faces).to_have_accessible_name(f"Also here: {other}")
        faces.press("Enter")
        expect(visitor.page.locator(".here-list")).to_contain_text(
            f"{other}\nChapter 1: The First Hive", use_inner_text=True
        )
    type_behind(ada.page, FIRST, " It hums.")
    comes(lambda: text_of(ben.page), TEXT.replace(FIRST, f"{FIRST} It hums."))
    ada.go("books/")
    expect(ben.page.locator("#studio-people summary")).to_have_count(0)


def test_both_type_at_once_in_different_paragraphs(both: Pair) -> None:
    ada, ben = both
    for visitor in both:
        visitor.tolerated.append("409")
    type_behind(ada.page, FIRST, " Hers.")
    type_behind(ben.page, THIRD, " His.")
    merged = f"{FIRST} Hers.\n\n{SECOND}\n\n{THIRD} His."
    for visitor in both:
        comes(lambda visitor=visitor: text_of(visitor.page), merged)  # type: ignore[misc]  # bound for the loop
    comes(lambda: stored(ada), merged)


def test_one_goes_offline_and_back_and_both_changed_one_paragraph(both: Pair) -> None:
    ada, ben = both
    ben.tolerated += ["ERR_INTERNET_DISCONNECTED", "409"]
    ben.context.set_offline(True)
    type_behind(ben.page, SECOND, " His honey.")
    expect(state(ben.page)).to_contain_text("Offline")
    type_behind(ada.page, SECOND, " Her honey.")
    saved(ada.page)
    ben.context.set_offline(False)
    dialog = ben.page.get_by_role("dialog", name="Changed here and elsewhere")
    expect(dialog).to_contain_text("Her honey.")
    expect(dialog).to_contain_text("His honey.")
    expect(dialog.get_by_label("Both, mine first")).to_be_checked()
    expect(dialog.get_by_label("Both, mine first")).to_be_focused()
    assert_readable(ben.page)
    expect(dialog).to_match_aria_snapshot("""
      - dialog "Changed here and elsewhere":
        - heading "Changed here and elsewhere" [level=2]
        - group "Paragraph changed twice, 1 of 1":
          - radio /Mine/
          - radio /Theirs/
          - radio "Both, mine first" [checked]
        - button "Decide later"
        - button "Go on with this"
    """)
    ben.page.keyboard.press("Enter")
    merged = f"{FIRST}\n\n{SECOND} His honey.\n\n{SECOND} Her honey.\n\n{THIRD}"
    comes(lambda: text_of(ben.page), merged)
    comes(lambda: stored(ada), merged)
    comes(lambda: text_of(ada.page), merged)


def test_a_conflict_may_wait_and_is_chosen_by_keys(both: Pair) -> None:
    ada, ben = both
    ben.tolerated += ["ERR_INTERNET_DISCONNECTED", "409"]
    ben.context.set_offline(True)
    type_behind(ben.page, SECOND, " His.")
    type_behind(ada.page, SECOND, " Hers.")
    saved(ada.page)
    ben.context.set_offline(False)
    dialog = ben.page.get_by_role("dialog", name="Changed here and elsewhere")
    expect(dialog).to_be_visible()
    ben.page.keyboard.press("Escape")
    expect(ben.page.get_by_role("alert")).to_contain_text("choose which text stands")
    type_behind(ben.page, "His.", " More.")
    expect(dialog).to_be_hidden()
    ben.page.get_by_role("button", name="Compare and choose").press("Enter")
    expect(dialog.get_by_label("Both, mine first")).to_be_focused()
    ben.page.keyboard.press("ArrowUp")
    ben.page.keyboard.press("ArrowUp")
    expect(dialog.get_by_label("Mine", exact=False).first).to_be_checked()
    ben.page.keyboard.press("Enter")
    comes(lambda: stored(ada), f"{FIRST}\n\n{SECOND} His. More.\n\n{THIRD}")


def test_a_tab_closed_without_a_connection_leaves_a_draft_that_is_offered(alone: Visitor) -> None:
    alone.tolerated.append("ERR_INTERNET_DISCONNECTED")
    close_offline(alone.page, " Never sent.")
    alone.page = alone.context.new_page()
    page = enter(alone)
    assert text_of(page) == TEXT
    page.get_by_role("button", name="Compare").press("Enter")
    dialog = page.get_by_role("dialog", name="What is kept on this device")
    expect(dialog).to_contain_text("Never sent.")
    assert_readable(page)
    dialog.get_by_role("button", name="Take them in").press("Enter")
    comes(lambda: stored(alone), TEXT.replace(FIRST, f"{FIRST} Never sent."))
    page.reload()
    expect(state(page)).to_have_attribute("data-tone", "ok")
    expect(page.locator("[data-name=draft]")).to_have_count(0)


def test_a_draft_meets_what_was_written_since(pair: Pair) -> None:
    ada, ben = pair
    ada.tolerated += ["Failed to load resource", "ERR_INTERNET_DISCONNECTED"]
    page = enter(ada)
    close_offline(page, " Hers.")
    type_behind(enter(ben), THIRD, " His.")
    saved(ben.page)
    ada.page = ada.context.new_page()
    enter(ada).get_by_role("button", name="Take them in").click()
    merged = f"{FIRST} Hers.\n\n{SECOND}\n\n{THIRD} His."
    comes(lambda: stored(ada), merged)
    comes(lambda: text_of(ada.page), merged)


def test_another_person_of_the_browser_is_offered_nothing_and_signing_out_forgets(pair: Pair) -> None:
    ada, ben = pair
    ada.tolerated += ["Failed to load resource", "ERR_INTERNET_DISCONNECTED"]
    page = enter(ada)
    close_offline(page, " Private.")
    assert ben.person and ada.person
    sign_in(ada, ben.person)
    ada.page = ada.context.new_page()
    expect(enter(ada).locator("[data-name=draft]")).to_have_count(0)
    sign_in(ada, ada.person)
    expect(enter(ada).locator("[data-name=draft]")).to_have_count(1)
    page = ada.go("books/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("form[action='/accounts/logout/'] button")
    expect(page.locator("a[href='/accounts/login/']").first).to_be_visible()
    assert page.evaluate(DRAFTS) == 0


def lose_an_answer(page: Page, meanwhile: str = "") -> list[int]:
    """Let the first save arrive and its answer be lost, after those words were typed; the statuses of all saves."""
    statuses: list[int] = []

    def lose(route: Route) -> None:
        answer = route.fetch()
        statuses.append(answer.status)
        if len(statuses) > 1:
            return route.fulfill(response=answer)
        page.keyboard.type(meanwhile)
        return route.abort()

    page.route("**/save/", lose)
    return statuses


def test_an_answer_that_is_lost_is_asked_for_again(alone: Visitor) -> None:
    alone.tolerated.append("ERR_FAILED")
    statuses = lose_an_answer(alone.page)
    type_behind(alone.page, FIRST, " Once.")
    saved(alone.page)
    assert statuses == [200, 200]
    assert stored(alone) == TEXT.replace(FIRST, f"{FIRST} Once.")


def test_who_types_on_while_an_answer_is_lost_does_not_meet_their_own_words(alone: Visitor) -> None:
    alone.tolerated.append("ERR_FAILED")
    statuses = lose_an_answer(alone.page, " Twice.")
    type_behind(alone.page, FIRST, " Once.")
    comes(lambda: stored(alone), TEXT.replace(FIRST, f"{FIRST} Once. Twice."))
    saved(alone.page)
    assert statuses == [200, 200, 200]


def test_the_server_restarts_while_one_types(alone: Visitor) -> None:
    alone.tolerated += ["Failed to load resource", "ERR_", "CORS", "EventSource"]
    type_behind(alone.page, FIRST, " Before.")
    alone.site.restart_web()
    alone.page.keyboard.type(" After.")
    comes(lambda: stored(alone), TEXT.replace(FIRST, f"{FIRST} Before. After."))


def test_signed_out_elsewhere_the_words_wait_until_one_is_back(alone: Visitor) -> None:
    alone.tolerated += ["Failed to load resource"]
    assert alone.person
    alone.context.clear_cookies()
    type_behind(alone.page, FIRST, " Still here.")
    expect(alone.page.get_by_role("alert")).to_contain_text("signed out")
    expect(alone.page.get_by_role("button", name="Sign in in a new tab")).to_be_visible()
    sign_in(alone, alone.person)
    alone.page.evaluate("dispatchEvent(new Event('focus'))")
    comes(lambda: stored(alone), TEXT.replace(FIRST, f"{FIRST} Still here."))
    alone.page.keyboard.press("Control+Alt+p")
    expect(alone.page.locator("#studio-preview")).to_contain_text("Still here.")


def test_two_tabs_of_one_person_follow_each_other(alone: Visitor) -> None:
    assert alone.person
    other = alone.context.new_page()
    other.goto(f"/o/{alone.person.slug}/{alone.person.books['studio']}")
    expect(other.locator("[data-name=twice]")).to_contain_text("another tab")
    type_behind(alone.page, FIRST, " Followed.")
    comes(lambda: text_of(other), TEXT.replace(FIRST, f"{FIRST} Followed."))


def test_without_scripts_a_stale_form_gets_both_texts_and_the_merge(pair: Pair, visit: Visits) -> None:
    ada, ben = pair
    plain = visit(ben.person, java_script_enabled=False)
    assert ben.person
    page = plain.go(ben.person.books["studio"])
    page.fill("textarea[name=markdown]", TEXT.replace(SECOND, f"{SECOND} His."))
    type_behind(enter(ada), SECOND, " Hers.")
    saved(ada.page)
    page.get_by_role("button", name="Save", exact=True).click()
    plain.tolerated.append("409")
    expect(page.get_by_role("heading", level=1)).to_have_text("This chapter was changed meanwhile")
    page.get_by_role("button", name="Save this text").click()
    merged = f"{FIRST}\n\n{SECOND} His.\n\n{SECOND} Hers.\n\n{THIRD}"
    comes(lambda: text_of(ada.page), merged)
