// @ts-check
/**
 * Extents: one or more spans in order that neither overlap nor touch. Pure.
 */

/** @typedef {[number, number]} Span */

/** The extent with one more piece; what overlaps or touches becomes one. @param {Span[]} extent @param {Span} piece @returns {Span[]} */
export function withPiece(extent, piece) {
  const sorted = [...extent, piece].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  /** @type {Span[]} */
  const merged = [];
  for (const [start, end] of sorted) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** @param {Span[]} extent */
export const sizeOf = (extent) => extent.reduce((sum, [start, end]) => sum + end - start, 0);

/** As forms and data attributes write it: `12-40,52-60`. @param {Span[]} extent */
export const written = (extent) => extent.map(([start, end]) => `${start}-${end}`).join(",");

/** @param {string | undefined} value @returns {Span[]} */
export function read(value) {
  if (!value) return [];
  return value.split(",").map((pair) => /** @type {Span} */ (pair.split("-").map(Number)));
}
