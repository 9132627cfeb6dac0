// @ts-check
/**
 * A caret in the article for those who work by keyboard: the text is one tab stop, arrows move, Shift extends.
 * Built on Selection.modify, which knows lines, words and right-to-left text; the browser draws no caret in
 * text that cannot be edited, so one is drawn here, outside the text.
 */
import { pointOf, placeOf } from "../anchoring/offsets.js";

const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);

/** @type {Record<string, ["left" | "right" | "forward" | "backward", string]>} */
const MOVES = {
  ArrowLeft: ["left", "character"],
  ArrowRight: ["right", "character"],
  ArrowUp: ["backward", "line"],
  ArrowDown: ["forward", "line"],
  Home: ["backward", "lineboundary"],
  End: ["forward", "lineboundary"],
};

export class Caret extends EventTarget {
  /** @param {HTMLElement} text @param {HTMLElement} bar  the drawn caret @param {import("./selecting.js").Selecting} selecting */
  constructor(text, bar, selecting) {
    super();
    this.text = text;
    this.bar = bar;
    this.selecting = selecting;
    this.byKeys = false;
    text.addEventListener("keydown", (event) => this.#key(event));
    text.addEventListener("focus", () => this.#focus());
    text.addEventListener("blur", () => this.draw());
    text.addEventListener("pointerdown", () => {
      this.byKeys = false;
      this.draw();
    });
    addEventListener("resize", () => this.draw());
  }

  /** Where the caret is, in code points; null when it is elsewhere. */
  get place() {
    const selection = getSelection();
    if (!selection?.focusNode || !this.text.contains(selection.focusNode)) return null;
    return placeOf(this.text, selection.focusNode, selection.focusOffset);
  }

  /** Sets the caret without choosing anything. @param {number} codePoint */
  put(codePoint) {
    getSelection()?.collapse(...pointOf(this.text, codePoint));
    this.draw();
  }

  #focus() {
    if (!this.text.matches(":focus-visible")) return;
    this.byKeys = true;
    if (this.place === null) this.put(0);
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    const selection = getSelection();
    if (!selection) return;
    const control = MAC ? event.metaKey : event.ctrlKey;
    if (control && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "a") {
      event.preventDefault();
      selection.selectAllChildren(this.text);
      this.selecting.take();
      return;
    }
    const move = MOVES[event.key];
    if (!move || (MAC ? event.ctrlKey : event.metaKey)) return;
    if (!MAC && event.altKey && !event.shiftKey) return; // the browser's own: back and forward
    event.preventDefault();
    if (this.place === null) this.put(0);
    this.byKeys = true;
    const byWord = MAC ? event.altKey : event.ctrlKey;
    let [direction, granularity] = move;
    if (byWord && granularity === "character") granularity = "word";
    if (control && granularity === "lineboundary") granularity = "documentboundary";
    const was = [selection.focusNode, selection.focusOffset];
    const anchor = [selection.anchorNode, selection.anchorOffset];
    if (!event.shiftKey && !selection.isCollapsed) this.selecting.leave();
    this.#modify(selection, event.shiftKey, direction, granularity, byWord);
    if (this.place === null) {
      const end = direction === "forward" || direction === (this.text.dir === "rtl" ? "left" : "right");
      if (granularity === "documentboundary") this.#to(selection, event.shiftKey, anchor, end);
      else if (event.shiftKey) selection.setBaseAndExtent(anchor[0], anchor[1], was[0], was[1]);
      else selection.collapse(was[0], was[1]);
    }
    if (event.shiftKey && !this.selecting.take({ exact: this.selecting.exact || (!MAC && event.altKey) })) this.selecting.drop();
    this.draw();
    this.#reveal();
    this.dispatchEvent(new Event("move"));
  }

  /** @param {Selection} selection @param {boolean} extend @param {string} direction @param {string} granularity @param {boolean} byWord */
  #modify(selection, extend, direction, granularity, byWord) {
    const before = this.place;
    selection.modify(extend ? "extend" : "move", direction, granularity);
    // A word's step may stop at the blank before the next word; go on to where something is gained.
    if (byWord && this.place === before) selection.modify(extend ? "extend" : "move", direction, granularity);
  }

  /** @param {Selection} selection @param {boolean} extend @param {any[]} anchor @param {boolean} end */
  #to(selection, extend, anchor, end) {
    const last = /** @type {Element} */ (end ? this.text.lastElementChild : this.text.firstElementChild);
    const point = pointOf(this.text, end ? Infinity : Number(/** @type {HTMLElement} */ (last).dataset.start), end);
    if (extend) selection.setBaseAndExtent(anchor[0], anchor[1], ...point);
    else selection.collapse(...point);
  }

  /** Draws the caret where the selection's moving end is. */
  draw() {
    const rect = this.byKeys && document.activeElement === this.text ? this.#rect() : null;
    this.bar.hidden = !rect;
    if (!rect) return;
    const frame = /** @type {HTMLElement} */ (this.bar.offsetParent ?? document.body).getBoundingClientRect();
    this.bar.style.left = `${rect.left - frame.left}px`;
    this.bar.style.top = `${rect.top - frame.top}px`;
    this.bar.style.height = `${rect.height}px`;
  }

  #rect() {
    const selection = getSelection();
    if (!selection?.focusNode || !this.text.contains(selection.focusNode)) return null;
    const range = document.createRange();
    range.setStart(selection.focusNode, selection.focusOffset);
    const rects = range.getClientRects();
    if (rects.length) return rects[rects.length - 1];
    const element = selection.focusNode instanceof Element ? selection.focusNode : selection.focusNode.parentElement;
    const box = element?.getBoundingClientRect(); // an empty line has no rectangle of its own
    return box ? new DOMRect(box.left, box.top, 0, box.height || 24) : null;
  }

  #reveal() {
    const rect = this.#rect();
    if (!rect) return;
    const sheet = parseFloat(/** @type {HTMLElement} */ (this.text.parentElement).style.getPropertyValue("--sheet") || "0");
    const bottom = innerHeight - sheet - 90;
    if (rect.bottom > bottom) scrollBy({ top: rect.bottom - bottom });
    else if (rect.top < 80) scrollBy({ top: rect.top - 80 });
  }
}
