/** Finding and replacing within the chapter; the panel is the page's own markup (a template), in its language and look. */
import {
  closeSearchPanel, findNext, findPrevious, getSearchQuery, replaceAll, replaceNext, search, SearchQuery, selectMatches, setSearchQuery,
} from "@codemirror/search";
import { panels, runScopeHandlers } from "@codemirror/view";

const MOST_COUNTED = 10_000;
const ACTS = { next: findNext, previous: findPrevious, all: selectMatches, replace: replaceNext, "replace-all": replaceAll, close: closeSearchPanel };

/** How many there are, and which of them is selected (from 1, 0 for none). */
function counted(state, query) {
  const { main } = state.selection;
  let count = 0;
  let here = 0;
  const cursor = query.getCursor(state);
  for (let step = cursor.next(); !step.done && count < MOST_COUNTED; step = cursor.next()) {
    count++;
    if (step.value.from === main.from && step.value.to === main.to) here = count;
  }
  return { count, here };
}

class Panel {
  constructor(view, template) {
    this.view = view;
    this.top = true;
    this.dom = template.content.firstElementChild.cloneNode(true);
    this.fields = this.dom.elements;
    this.status = this.dom.querySelector("[data-find-status]");
    this.fields.search.setAttribute("main-field", "true");
    this.dom.addEventListener("submit", (event) => event.preventDefault());
    this.dom.addEventListener("input", () => this.ask());
    this.dom.addEventListener("click", (event) => this.act(event.target.closest("[data-find]")?.dataset.find));
    this.dom.addEventListener("keydown", (event) => this.press(event));
    this.show(getSearchQuery(view.state));
    for (const part of this.dom.querySelectorAll("[data-writes]")) part.hidden = view.state.readOnly;
  }

  mount() {
    this.fields.search.select();
    this.count();
  }

  show(query) {
    this.fields.search.value = query.search;
    this.fields.replace.value = query.replace;
    this.fields.case.checked = query.caseSensitive;
    this.fields.word.checked = query.wholeWord;
    this.fields.regexp.checked = query.regexp;
  }

  ask() {
    const { fields } = this;
    const query = new SearchQuery({
      search: fields.search.value, replace: fields.replace.value, caseSensitive: fields.case.checked,
      wholeWord: fields.word.checked, regexp: fields.regexp.checked, literal: !fields.regexp.checked,
    });
    if (!query.eq(getSearchQuery(this.view.state))) this.view.dispatch({ effects: setSearchQuery.of(query) });
  }

  act(name) {
    if (!name) return;
    this.ask();
    ACTS[name](this.view);
    if (name === "all") this.view.focus();
  }

  press(event) {
    if (runScopeHandlers(this.view, event, "search-panel")) event.preventDefault();
    else if (event.key === "Enter" && event.target === this.fields.search) {
      event.preventDefault();
      this.act(event.shiftKey ? "previous" : "next");
    } else if (event.key === "Enter" && event.target === this.fields.replace) {
      event.preventDefault();
      this.act("replace");
    }
  }

  update(update) {
    const asked = update.transactions.some((one) => one.effects.some((effect) => effect.is(setSearchQuery)));
    if (asked) this.show(getSearchQuery(update.state));
    if (asked || update.docChanged || update.selectionSet) this.count();
  }

  count() {
    const query = getSearchQuery(this.view.state);
    const said = this.status.dataset;
    this.dom.toggleAttribute("data-none", false);
    if (!query.search) this.status.textContent = "";
    else if (!query.valid) this.status.textContent = said.invalid;
    else {
      const { count, here } = counted(this.view.state, query);
      this.dom.toggleAttribute("data-none", !count);
      const words = !count ? said.none : here ? said.here : count === 1 ? said.one : said.many;
      this.status.textContent = words.replace("{here}", here).replace("{count}", count >= MOST_COUNTED ? `${MOST_COUNTED}+` : count);
    }
  }
}

/** The extension; `template` holds the form, `place` is where it stands while it is open. Without them there is none. */
export function findIn(template, place) {
  if (!template) return [];
  return [search({ top: true, createPanel: (view) => new Panel(view, template) }), panels({ topContainer: place })];
}
