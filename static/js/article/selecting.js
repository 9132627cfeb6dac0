// @ts-check
/**
 * Turns what somebody selects in the article, with mouse, finger or keys, into an extent: cut to the article,
 * trimmed, snapped to words or whole graphemes. It says what is chosen and leaves what to do with it to others.
 */
import { withPiece } from "../anchoring/extents.js";
import { blockAt, countCodePoints, placeOf, pointOf, spanOf, startOf, toCodePoints, toUtf16, wordsIn } from "../anchoring/offsets.js";
import { margins, snapEnd, snapStart } from "../anchoring/words.js";

/** @typedef {[number, number]} Span */

const CLICK = 4; // pixels that a pointer may move in a click
const DEBOUNCE = 10;

export class Selecting extends EventTarget {
  /** @param {HTMLElement} text */
  constructor(text) {
    super();
    this.text = text;
    /** @type {Span[]} */
    this.extent = [];
    /** @type {Span[]} */
    this.before = []; // the pieces chosen earlier, which the next one joins
    /** @type {Span | null} */
    this.raw = null;
    this.exact = false; // characters, not words: the toolbar's switch
    this.adding = false; // the next piece joins: the toolbar's switch
    this.alt = false;
    this.dragging = false;
    this.moved = false;
    this.from = { x: 0, y: 0 };
    /** @type {number | null} */
    this.beside = null; // where the words next to the pointer are, while it is beside the text
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    text.addEventListener("pointerdown", (event) => this.#down(event));
    document.addEventListener("pointermove", (event) => this.#move(event));
    document.addEventListener("pointerup", (event) => this.#up(event));
    document.addEventListener("pointercancel", () => (this.dragging = false));
    document.addEventListener("selectionchange", () => this.#changed());
    text.addEventListener("contextmenu", () => !this.dragging && this.take()); // Android ends a selection so
  }

  /** Takes the browser's selection as the choice; true when it holds words of the article. */
  take({ exact = this.exact, final = true } = {}) {
    const selection = getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return false;
    const raw = this.#span(selection);
    const piece = raw && snapped(this.text, raw, exact);
    if (!piece) return false;
    this.raw = raw;
    this.alt = exact;
    this.#choose(withPiece(this.before, piece), final);
    return true;
  }

  /** @param {Selection} selection @returns {Span | null} */
  #span(selection) {
    if (this.beside === null || !selection.anchorNode || !this.text.contains(selection.anchorNode)) return spanOf(this.text, selection.getRangeAt(0));
    const anchor = placeOf(this.text, selection.anchorNode, selection.anchorOffset);
    return anchor === this.beside ? null : [Math.min(anchor, this.beside), Math.max(anchor, this.beside)];
  }

  /** Chooses an extent outright. @param {Span[]} extent */
  choose(extent) {
    this.before = [];
    this.raw = extent.at(-1) ?? null;
    this.#choose(extent, true);
  }

  /** Snaps the last piece anew, after the switch between words and characters. */
  again() {
    const piece = this.raw && snapped(this.text, this.raw, this.exact);
    if (piece) this.#choose(withPiece(this.before, piece), true);
  }

  /** Lets the choice go; the caret stays where it ended. */
  drop() {
    this.before = [];
    this.adding = false;
    this.raw = null;
    const selection = getSelection();
    if (selection?.rangeCount && !selection.isCollapsed && selection.focusNode && this.text.contains(selection.focusNode)) {
      selection.collapseToEnd();
    }
    if (this.extent.length) this.#choose([], true);
  }

  /** The caret goes on without selecting: the choice ends, unless a further piece is looked for. */
  leave() {
    const selection = getSelection();
    if (!this.adding) this.drop();
    else if (selection?.focusNode) {
      this.before = this.extent;
      selection.collapse(selection.focusNode, selection.focusOffset);
    }
  }

  /** The chosen words, as they stand in the article. */
  get words() {
    return this.extent.map((span) => wordsIn(this.text, span)).join(" ");
  }

  /** Whether the pointer was let go where it went down: a click, not a selection. */
  get wasClick() {
    return !this.moved;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button) return;
    this.from = { x: event.clientX, y: event.clientY };
    this.moved = false;
    this.dragging = event.pointerType === "mouse";
    this.beside = null;
    this.before = event.ctrlKey || event.metaKey || this.adding ? this.extent : [];
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.dragging) return;
    this.dragging = false;
    this.moved = Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) >= CLICK;
    // The browser settles its selection after this event (a double click's word, for one).
    setTimeout(() => {
      this.take({ exact: this.exact || event.altKey });
      if (this.beside !== null && this.raw) getSelection()?.setBaseAndExtent(...pointOf(this.text, this.raw[0]), ...pointOf(this.text, this.raw[1], true));
      this.beside = null;
      this.text.classList.remove("beside");
    });
  }

  /** A pointer that slips out beside the text means the place next to it; the browser would take all that
   * lies between there and the words beside. @param {PointerEvent} event */
  #move(event) {
    if (!this.dragging) return;
    const outside = !this.text.contains(/** @type {Node} */ (event.target));
    const place = outside ? this.#placeNear(event.clientX, event.clientY) : null;
    if (place === this.beside) return;
    this.beside = place;
    this.text.classList.toggle("beside", place !== null);
    this.take({ final: false });
  }

  /** @param {number} x @param {number} y */
  #placeNear(x, y) {
    const { left, right, top, bottom } = this.text.getBoundingClientRect();
    const inside = [Math.min(Math.max(x, left + 1), right - 1), Math.min(Math.max(y, Math.max(top, 0) + 1), Math.min(bottom, innerHeight) - 1)];
    const point = caretAt(inside[0], inside[1]);
    return point && this.text.contains(point[0]) ? placeOf(this.text, ...point) : null;
  }

  #changed() {
    clearTimeout(this.timer);
    if (this.dragging) {
      this.take({ final: false });
      return;
    }
    this.timer = setTimeout(() => {
      const selection = getSelection();
      if (this.dragging || !selection?.rangeCount || selection.isCollapsed) return;
      const raw = spanOf(this.text, selection.getRangeAt(0));
      if (!raw || (this.raw && raw[0] === this.raw[0] && raw[1] === this.raw[1])) return;
      this.moved = true;
      this.take();
    }, DEBOUNCE);
  }

  /** @param {Span[]} extent @param {boolean} final */
  #choose(extent, final) {
    this.extent = extent;
    this.dispatchEvent(new CustomEvent("change", { detail: { final } }));
  }
}

/** The DOM position at a point of the window. @param {number} x @param {number} y @returns {[Node, number] | null} */
function caretAt(x, y) {
  if (document.caretPositionFromPoint) {
    const position = document.caretPositionFromPoint(x, y);
    return position && [position.offsetNode, position.offset];
  }
  const range = document.caretRangeFromPoint?.(x, y); // Safari
  return range ? [range.startContainer, range.startOffset] : null;
}

/** A span without white space at its ends, grown to whole words (or graphemes); null when nothing is left.
 * @param {HTMLElement} text @param {Span} span @param {boolean} exact @returns {Span | null} */
export function snapped(text, [start, end], exact) {
  const words = wordsIn(text, [start, end]);
  const { start: lead, end: trail } = margins(words);
  if (lead === words.length) return null;
  start += countCodePoints(words.slice(0, lead));
  end -= countCodePoints(words.slice(words.length - trail));
  const language = text.lang;
  const unit = exact ? "grapheme" : "word";
  return [
    inBlock(text, start, (block, offset) => snapStart(block, offset, language, unit)),
    inBlock(text, end, (block, offset) => snapEnd(block, offset, language, unit)),
  ];
}

/** @param {HTMLElement} text @param {number} codePoint @param {(block: string, offset: number) => number} move */
function inBlock(text, codePoint, move) {
  const block = blockAt(text, codePoint);
  const words = block.textContent ?? "";
  const start = startOf(block);
  return start + toCodePoints(words, move(words, toUtf16(words, codePoint - start)));
}
