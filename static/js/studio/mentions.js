/**
 * Names after an @: a list of who can be mentioned opens under the text area, as a combobox does; who is chosen is told.
 *
 * The panel holds the people ([data-mentionable]); without this module they are ticked in the form.
 */
const MOST = 6;

/** What stands between the last @ and the cursor, or null. */
function asked(area) {
  const before = area.value.slice(0, area.selectionStart);
  return before.match(/(?:^|\s)@([\p{L}\p{M}\p{N}’' -]{0,30})$/u)?.[1] ?? null;
}

function people(panel, name) {
  const wanted = name.toLocaleLowerCase();
  return [...panel.querySelectorAll("[data-mentionable] [data-id]")]
    .map((item) => ({ id: item.dataset.id, name: item.textContent.trim() }))
    .filter((one) => one.name.toLocaleLowerCase().split(/\s+/).some((_word, index, all) => all.slice(index).join(" ").startsWith(wanted)))
    .slice(0, MOST);
}

class Mentions {
  constructor(area, panel) {
    this.area = area;
    this.panel = panel;
    this.list = document.createElement("ul");
    this.list.className = "mention-list";
    this.list.id = `${area.id}-people`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", panel.querySelector("[data-mentionable]").dataset.label);
    this.list.hidden = true;
    area.after(this.list);
    area.setAttribute("role", "combobox");
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-expanded", "false");
    area.setAttribute("aria-controls", this.list.id);
    area.addEventListener("input", () => this.look());
    area.addEventListener("keydown", (event) => this.key(event));
    area.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  look() {
    const name = asked(this.area);
    const found = name === null ? [] : people(this.panel, name);
    this.list.replaceChildren(...found.map((one, index) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${index}`;
      option.setAttribute("role", "option");
      option.dataset.id = one.id;
      option.textContent = one.name;
      return option;
    }));
    if (found.length) this.open();
    else this.close();
  }

  open() {
    this.list.hidden = false;
    this.area.setAttribute("aria-expanded", "true");
    this.point(this.list.firstElementChild);
  }

  close() {
    this.list.hidden = true;
    this.area.setAttribute("aria-expanded", "false");
    this.area.removeAttribute("aria-activedescendant");
  }

  point(option) {
    for (const each of this.list.children) each.setAttribute("aria-selected", String(each === option));
    this.area.setAttribute("aria-activedescendant", option.id);
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const here = this.list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown") this.point(here.nextElementSibling ?? this.list.firstElementChild);
    else if (event.key === "ArrowUp") this.point(here.previousElementSibling ?? this.list.lastElementChild);
    else if (event.key === "Enter" || event.key === "Tab") this.choose(here);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(option) {
    const { area } = this;
    const end = area.selectionStart;
    const start = end - asked(area).length;
    area.setRangeText(`${option.textContent} `, start, end, "end");
    const box = area.form.querySelector(`input[name=mentioned][value="${option.dataset.id}"]`);
    if (box) box.checked = true;
    else {
      const hidden = document.createElement("input");
      Object.assign(hidden, { type: "hidden", name: "mentioned", value: option.dataset.id });
      area.form.append(hidden);
    }
    this.close();
  }
}

/** Make every text area of the panel offer names. */
export function offer(panel) {
  if (!panel.querySelector("[data-mentionable]")) return;
  for (const area of panel.querySelectorAll("textarea[data-mentions]:not([role])")) new Mentions(area, panel);
}
