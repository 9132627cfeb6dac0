// @ts-check
/**
 * The runs that the server drew: which annotations a mark shows, by their short numbers, and which of them a
 * filter leaves. Numbers hold for this page only; fragments bring the annotations' ids and are renumbered here.
 */

export class Marks {
  /** @param {HTMLElement} text @param {import("./cards.js").Cards} cards */
  constructor(text, cards) {
    this.text = text;
    this.cards = cards;
    /** @type {Map<string, number>} */
    this.numbers = new Map();
    /** @type {string[]} */
    this.ids = [];
    for (const card of cards.all()) this.#set(Number(card.dataset.n), cards.idOf(card));
    /** @type {((id: string) => boolean) | null} */
    this.filter = null;
    this.chosen = "";
  }

  /** @param {number} number @param {string} id */
  #set(number, id) {
    this.ids[number] = id;
    this.numbers.set(id, number);
  }

  /** This page's number of an annotation, given when it is first met. @param {string} id */
  numberOf(id) {
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    const number = Math.max(this.ids.length, 1);
    this.#set(number, id);
    return number;
  }

  /** The annotations that a mark shows. @param {Element | null} mark */
  idsOf(mark) {
    const written = /** @type {HTMLElement | null} */ (mark)?.dataset.ids;
    return written ? written.split(" ").map((number) => this.ids[Number(number)]) : [];
  }

  /** All marks of an annotation, in text order. @param {string} id */
  of(id) {
    const number = this.numbers.get(id);
    return number === undefined
      ? []
      : /** @type {HTMLElement[]} */ ([...this.text.querySelectorAll(`mark[data-ids~="${number}"]`)]);
  }

  /** Puts a freshly drawn block in the place of the old one; its `data-of` says whose its numbers are.
   * @param {HTMLElement} block */
  replace(block) {
    const old = document.getElementById(block.id);
    const of = block.dataset.of ? block.dataset.of.split(" ") : [];
    delete block.dataset.of;
    for (const mark of /** @type {NodeListOf<HTMLElement>} */ (block.querySelectorAll("mark"))) {
      for (const name of ["ids", "e"]) {
        const local = mark.dataset[name];
        if (local) mark.dataset[name] = local.split(" ").map((n) => this.numberOf(of[Number(n)])).join(" ");
      }
    }
    if (!old || old.parentNode !== this.text) return of;
    old.replaceWith(block);
    this.#show(block);
    return of;
  }

  /** Marks the chosen annotation, and only it. @param {string} id */
  choose(id) {
    for (const mark of this.text.querySelectorAll("mark.on")) mark.classList.remove("on");
    this.chosen = id;
    if (id) for (const mark of this.of(id)) mark.classList.add("on");
  }

  /** Draws only what the filter leaves; null draws all. @param {((id: string) => boolean) | null} filter */
  show(filter) {
    this.filter = filter;
    for (const block of this.text.children) this.#show(block);
  }

  /** @param {Element} block */
  #show(block) {
    const chosen = this.numbers.get(this.chosen);
    for (const mark of /** @type {NodeListOf<HTMLElement>} */ (block.querySelectorAll("mark"))) {
      if (this.filter || mark.dataset.full !== undefined) this.#redraw(mark);
      if (chosen !== undefined) mark.classList.toggle("on", (mark.dataset.ids ?? "").split(" ").includes(String(chosen)));
    }
  }

  /** The server writes the lanes in the order of the ids, so a mark can be redrawn without asking it.
   * @param {HTMLElement} mark */
  #redraw(mark) {
    mark.dataset.full ??= mark.className.replace(/ ?\bon\b/, "");
    if (!this.filter) {
      mark.className = mark.dataset.full;
      delete mark.dataset.full;
      return;
    }
    const classes = mark.dataset.full.split(" ");
    const lanes = classes.filter((name) => /^l\d-/.test(name));
    const keep = this.idsOf(mark).map((id) => /** @type {(id: string) => boolean} */ (this.filter)(id));
    const kept = lanes.filter((_, i) => keep[i]);
    if (!keep.some(Boolean)) mark.className = "off";
    else if (keep.every(Boolean)) mark.className = mark.dataset.full;
    else {
      const rest = classes.filter((name) => !/^(l\d|t)-/.test(name));
      const tag = kept.length ? kept[0].slice(3) : classes.find((name) => name.startsWith("t-"))?.slice(2);
      mark.className = [`t-${tag}`, ...kept, ...rest].join(" ");
    }
  }
}
