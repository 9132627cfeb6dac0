// @ts-check
/** Filters by tag, person and source: the links' own addresses, answered here without a request. */

export class Filters {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.asked = read();
    desk.addEventListener("click", (event) => this.#click(event));
    // A page drawn with a filter has only those words marked that fit: taking the filter off needs a fresh one.
    this.drawn = this.active;
    if (this.active) desk.marks.filter = (id) => this.#fits(desk.cards.of(id));
  }

  get active() {
    return Object.values(this.asked).some(Boolean);
  }

  /** Applies the filter anew, after cards came or went; counts them all. */
  refresh() {
    this.desk.cards.count(document);
    const all = this.desk.cards.all();
    let shown = 0;
    for (const card of all) {
      card.hidden = this.active && !this.#fits(card);
      if (!card.hidden) shown++;
    }
    for (const [name, on] of [["none", !all.length], ["filtered", all.length > 0 && !shown]]) {
      /** @type {HTMLElement} */ (this.desk.querySelector(`[data-empty=${name}]`)).hidden = !on;
    }
  }

  /** @param {HTMLElement | null} card */
  #fits(card) {
    if (!card) return false;
    const { tag, person, source } = this.asked;
    const { dataset } = card;
    return (!tag || dataset.tag === tag) && (!person || dataset.by === person) && (!source || (dataset.sources ?? "").split(" ").includes(source));
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const link = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-filter]"));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || this.drawn) return;
    event.preventDefault();
    const [kind, value] = (link.dataset.filter ?? "").split(/:(.*)/s);
    if (!kind) this.asked = { tag: "", person: "", source: "" };
    else {
      const name = /** @type {"tag" | "person" | "source"} */ (kind);
      this.asked[name] = this.asked[name] === value ? "" : value;
    }
    for (const other of /** @type {NodeListOf<HTMLElement>} */ (this.desk.querySelectorAll(".filters [data-filter]"))) {
      const [of, wanted] = (other.dataset.filter ?? "").split(/:(.*)/s);
      const current = of ? this.asked[/** @type {"tag"} */ (of)] === wanted : !this.active;
      if (current) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    const url = new URL(location.href);
    for (const [name, wanted] of Object.entries(this.asked)) {
      if (wanted) url.searchParams.set(name, wanted);
      else url.searchParams.delete(name);
    }
    history.replaceState(history.state, "", url);
    this.desk.marks.show(this.active ? (id) => this.#fits(this.desk.cards.of(id)) : null);
    this.refresh();
  }
}

function read() {
  const asked = new URL(location.href).searchParams;
  return { tag: asked.get("tag") ?? "", person: asked.get("person") ?? "", source: asked.get("source") ?? "" };
}
