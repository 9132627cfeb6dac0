// @ts-check
/**
 * The cards beside the text, one an annotation, in text order. They are the page's only record of who marked
 * what; counts are counted from them.
 */
import { read, sizeOf } from "../anchoring/extents.js";

const PREFIX = "annotation-card-";

export class Cards {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
  }

  /** @returns {HTMLElement[]} */
  all() {
    return /** @type {HTMLElement[]} */ ([...this.list.children]);
  }

  /** @param {string} id */
  of(id) {
    return id ? document.getElementById(PREFIX + id) : null;
  }

  /** @param {Element} card */
  idOf(card) {
    return card.id.slice(PREFIX.length);
  }

  /** @param {string} id */
  extentOf(id) {
    return read(this.of(id)?.dataset.extent);
  }

  /** How many code points an annotation covers: the shortest is picked first. @param {string} id */
  sizeOf(id) {
    return sizeOf(this.extentOf(id));
  }

  /** Puts a card in its place in text order, in the place of an older one of the same annotation.
   * @param {HTMLElement} card @param {number} number */
  put(card, number) {
    card.dataset.n = String(number);
    const old = document.getElementById(card.id);
    if (old && old.dataset.extent === card.dataset.extent) {
      old.replaceWith(card);
      return;
    }
    old?.remove();
    const next = this.all().find((other) => this.#after(other, card));
    this.list.insertBefore(card, next ?? null);
  }

  /** @param {HTMLElement} one @param {HTMLElement} other */
  #after(one, other) {
    const [a, b] = [read(one.dataset.extent), read(other.dataset.extent)];
    return a[0][0] - b[0][0] > 0 || (a[0][0] === b[0][0] && a[0][1] < b[0][1]);
  }

  /** The next or previous card that is not filtered away. @param {string} id @param {1 | -1} step */
  beside(id, step) {
    const shown = this.all().filter((card) => !card.hidden);
    const at = shown.findIndex((card) => this.idOf(card) === id);
    return shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : at + step] ?? null;
  }

  /** Counts the cards for the elements that show a number. @param {ParentNode} root */
  count(root) {
    const counts = new Map([["", 0]]);
    const add = (/** @type {string} */ key) => counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const { dataset } of this.all()) {
      add("");
      add(`tag:${dataset.tag}`);
      add(`person:${dataset.by}`);
      for (const source of new Set(dataset.sources?.split(" "))) if (source) add(`source:${source}`);
    }
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-count]"))) {
      element.textContent = String(counts.get(element.dataset.count ?? "") ?? 0);
    }
  }
}
