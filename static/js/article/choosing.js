// @ts-check
/**
 * The one annotation that is chosen: by a click or Enter in the text, by its card, or as the next of all. Its
 * marks stand out, its card opens with its controls.
 */
import { rangeOf } from "../anchoring/offsets.js";
import { Here } from "./here.js";
import { phrase, shortened } from "./sentences.js";

export class Choosing {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.id = "";
    this.asked = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.here = new Here(/** @type {HTMLElement} */ (desk.querySelector(".here")), desk.cards);
    this.here.addEventListener("pick", (event) => {
      const { id } = /** @type {CustomEvent} */ (event).detail;
      this.choose(id, { from: "text" });
      this.here.mark(id);
    });
    desk.text.addEventListener("click", (event) => this.#click(event));
    desk.text.addEventListener("pointerover", (event) => this.#hover(event));
    desk.text.addEventListener("pointerleave", () => {
      desk.painting.hover([]);
      desk.edges.hover("");
    });
    desk.cards.list.addEventListener("click", (event) => this.#card(event));
    desk.cards.list.addEventListener("keydown", (event) => this.#arrows(event));
    document.addEventListener("pointerdown", (event) => {
      if (this.here.open && !this.here.box.contains(/** @type {Node} */ (event.target))) this.here.hide();
    });
  }

  /** Takes up what the server has chosen already: the page's address says which. */
  start() {
    const card = this.desk.cards.list.querySelector(":scope > .on");
    if (!card) return;
    this.id = this.desk.cards.idOf(card);
    this.desk.marks.choose(this.id);
    this.desk.changes.enliven(/** @type {HTMLElement} */ (card));
    this.#reveal(false);
    card.scrollIntoView({ block: "nearest" });
    this.desk.panel.open();
  }

  /** An annotation that is being made: chosen now, its card opens when it comes. @param {string} id */
  expect(id) {
    this.clear();
    this.id = id;
  }

  /** @param {string} id @param {{from: "text" | "card" | "step"}} how */
  async choose(id, { from }) {
    if (!id) return;
    const again = id === this.id && this.desk.cards.of(id)?.classList.contains("on");
    if (!again) this.#collapse();
    this.id = id;
    this.desk.marks.choose(id);
    const card = this.desk.cards.of(id);
    card?.classList.add("on");
    this.desk.relating.look(id);
    this.desk.edges.hovered = ""; // a pointer that only rests somewhere points at nothing
    this.desk.edges.draw();
    this.desk.panel.open();
    if (from !== "text") this.#reveal(true);
    card?.scrollIntoView({ block: "nearest" });
    this.#remember();
    if (!again) await this.#expand(id);
    if (this.id !== id) return;
    this.desk.cards.of(id)?.scrollIntoView({ block: this.desk.panel.narrow.matches ? "start" : "nearest" });
    if (from === "text") this.#reveal(true); // a sheet that opened may lie over the words now
  }

  /** Chooses nothing; false when nothing was chosen. */
  clear() {
    if (!this.id) return false;
    this.#collapse();
    this.id = "";
    this.desk.marks.choose("");
    this.desk.relating.look("");
    this.desk.edges.draw();
    this.#remember();
    return true;
  }

  /** @param {1 | -1} step */
  step(step) {
    const card = this.desk.cards.beside(this.id, step);
    if (!card) return true;
    const inPanel = this.desk.cards.list.contains(document.activeElement);
    this.choose(this.desk.cards.idOf(card), { from: "step" });
    if (inPanel) /** @type {HTMLElement | null} */ (card.querySelector("[data-choose]"))?.focus({ preventScroll: true });
    const all = this.desk.cards.all().filter((one) => !one.hidden);
    this.desk.say(
      phrase(this.desk.words.chosen, {
        tag: card.querySelector(".tag")?.textContent ?? "",
        words: shortened(card.querySelector(".card-words")?.textContent ?? ""),
        at: String(all.indexOf(card) + 1),
        all: String(all.length),
      }),
    );
    return true;
  }

  /** Enter in the text. */
  atCaret() {
    if (document.activeElement !== this.desk.text) return false;
    const place = this.desk.caret.place;
    if (place === null) return false;
    const ids = this.#sorted(this.desk.cards.all().filter((card) => !card.hidden).map((card) => this.desk.cards.idOf(card)).filter((id) =>
      this.desk.cards.extentOf(id).some(([start, end]) => start <= place && place <= end),
    ));
    return this.#pick(ids, rangeOf(this.desk.text, [place, place]).getBoundingClientRect(), true);
  }

  close() {
    this.here.hide();
  }

  closeList() {
    if (!this.here.open) return false;
    this.here.hide();
    return true;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const { selecting, marks } = this.desk;
    if (!selecting.wasClick || !getSelection()?.isCollapsed || event.ctrlKey || event.metaKey) return;
    if (selecting.extent.length && !selecting.adding) selecting.drop();
    const mark = /** @type {Element} */ (event.target).closest("mark");
    const ids = this.#sorted(marks.idsOf(mark).filter((id) => this.desk.cards.of(id)?.hidden === false));
    if (!mark || !this.#pick(ids, new DOMRect(event.clientX, event.clientY, 0, 12), false)) this.here.hide();
  }

  /** The shortest is picked; where several lie, all are offered. @param {string[]} ids @param {DOMRect} at @param {boolean} focus */
  #pick(ids, at, focus) {
    if (!ids.length) return false;
    this.choose(ids[0], { from: "text" });
    if (ids.length > 1) {
      this.here.show(ids, at, ids[0], focus);
      this.desk.say(phrase(this.desk.words.here, String(ids.length)));
    } else this.here.hide();
    return true;
  }

  /** @param {string[]} ids */
  #sorted(ids) {
    return ids.sort((a, b) => this.desk.cards.sizeOf(a) - this.desk.cards.sizeOf(b));
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (this.desk.selecting.dragging) return;
    const ids = this.#sorted(this.desk.marks.idsOf(/** @type {Element} */ (event.target).closest("mark")).filter((id) => this.desk.cards.of(id)));
    this.desk.painting.hover(ids.length ? this.desk.cards.extentOf(ids[0]) : []);
    this.desk.edges.hover(ids[0] ?? "");
  }

  /** @param {MouseEvent} event */
  #card(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = /** @type {Element} */ (event.target);
    const jump = /** @type {HTMLElement | null} */ (target.closest("[data-jump]"));
    const card = target.closest(".cards > li");
    if (jump && this.desk.cards.of(jump.dataset.jump ?? "")) {
      event.preventDefault();
      this.choose(jump.dataset.jump ?? "", { from: "step" });
    } else if (card && target.closest("[data-choose]")) {
      event.preventDefault();
      const id = this.desk.cards.idOf(card);
      if (id === this.id && card.classList.contains("on")) this.#reveal(true);
      else this.choose(id, { from: "card" });
    } else if (card && !card.classList.contains("on") && !target.closest("a, button, input, select, textarea, summary, label")) {
      this.choose(this.desk.cards.idOf(card), { from: "card" });
    }
  }

  /** @param {KeyboardEvent} event */
  #arrows(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    const link = /** @type {Element} */ (event.target).closest("[data-choose]");
    if (!link) return;
    event.preventDefault();
    this.step(/** @type {1 | -1} */ (step));
  }

  /** @param {string} id */
  async #expand(id) {
    const mine = ++this.asked;
    const html = await this.desk.changes.get(this.desk.url("card", id));
    if (mine !== this.asked || this.id !== id) return;
    if (!html) {
      // One that is still on its way has no card yet; any other could not be asked for.
      if (this.desk.cards.of(id)) this.desk.forms.say(this.desk.words.not_loaded);
      return;
    }
    this.desk.changes.apply(`<fc-changes>${html}</fc-changes>`);
  }

  #collapse() {
    for (const card of this.desk.cards.list.querySelectorAll(":scope > .on")) {
      card.classList.remove("on");
      card.querySelector(":scope > .more")?.remove();
      card.querySelector("[data-choose]")?.removeAttribute("aria-current");
    }
  }

  /** Brings the chosen words into view. @param {boolean} smooth */
  #reveal(smooth) {
    const mark = this.desk.marks.of(this.id)[0];
    if (!mark) return;
    const { top, bottom } = mark.getBoundingClientRect();
    const low = innerHeight - this.desk.panel.covers;
    if (top > 80 && bottom < low - 40) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollBy({ top: top - low / 3, behavior: smooth && !calm ? "smooth" : "instant" });
  }

  /** The address names what is chosen, so a reload or a shared link finds it again; browsers allow it now and then. */
  #remember() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#address(), 250);
  }

  #address() {
    const url = new URL(location.href);
    if (this.id) url.searchParams.set("annotation", this.id);
    else url.searchParams.delete("annotation");
    url.hash = "";
    history.replaceState(history.state, "", url);
  }
}
