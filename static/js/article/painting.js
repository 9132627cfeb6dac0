// @ts-check
/**
 * Paints what is not yet, or not only, in the server's runs: the chosen words before they are saved, each in
 * its tag's colour while it is on its way, and the whole of what the pointer is over. Nothing in the text is
 * changed: the ranges are CSS custom highlights, and are made anew when a block was replaced.
 */
import { lengthOf, rangeOf } from "../anchoring/offsets.js";

/** @typedef {[number, number]} Span */

export class Painting {
  /** @param {HTMLElement} text */
  constructor(text) {
    this.text = text;
    /** @type {Map<string, Span[][]>} */
    this.painted = new Map();
  }

  /** The words chosen but not tagged. @param {Span[]} extent */
  pending(extent) {
    this.#paint("fc-pending", extent.length ? [extent] : [], 20);
  }

  /** What the pointer is over, whole. @param {Span[]} extent */
  hover(extent) {
    this.#paint("fc-hover", extent.length ? [extent] : [], 5);
  }

  /** The other ends of the relations that are drawn. @param {Span[][]} extents */
  linked(extents) {
    this.#paint("fc-linked", extents, 4);
  }

  /** What is tagged and not saved yet. @param {{tag: string, extent: Span[]}[]} items */
  saving(items) {
    const byTag = Map.groupBy?.(items, (item) => item.tag) ?? grouped(items);
    for (const name of this.painted.keys()) if (name.startsWith("fc-tag-") && !byTag.has(name.slice(7))) this.#paint(name, [], 10);
    for (const [tag, of] of byTag) this.#paint(`fc-tag-${tag}`, of.map((item) => item.extent), 10);
  }

  /** Blocks were replaced: the ranges in them are gone. */
  refresh() {
    for (const [name, extents] of this.painted) if (extents.length) this.#paint(name, extents);
  }

  /** @param {string} name @param {Span[][]} extents @param {number} [priority] */
  #paint(name, extents, priority) {
    this.painted.set(name, extents);
    if (!("highlights" in CSS)) return;
    const end = lengthOf(this.text);
    const ranges = extents.flat().filter((span) => span[0] < span[1] && span[1] <= end).map((span) => rangeOf(this.text, span));
    const known = CSS.highlights.get(name);
    const highlight = known ?? new Highlight();
    highlight.clear();
    for (const range of ranges) highlight.add(range);
    if (priority !== undefined) highlight.priority = priority;
    if (!known) CSS.highlights.set(name, highlight);
  }
}

/** @template {{tag: string}} T @param {T[]} items @returns {Map<string, T[]>} */
function grouped(items) {
  const map = new Map();
  for (const item of items) map.set(item.tag, [...(map.get(item.tag) ?? []), item]);
  return map;
}
