// @ts-check
/**
 * Two extents of one text, told apart: what leaves, what joins, what stays. Pure: code points in, pieces out.
 */

/** @typedef {[number, number]} Span */
/** @typedef {{how: "same" | "del" | "ins", span: Span, skipped: boolean}} Piece  `skipped`: something between is in neither */

/** @param {Span[]} before @param {Span[]} after @returns {Piece[]} */
export function difference(before, after) {
  const cuts = [...new Set([...before, ...after].flat())].sort((a, b) => a - b);
  /** @param {Span[]} extent @param {number} start @param {number} end */
  const covers = (extent, start, end) => extent.some((span) => span[0] <= start && end <= span[1]);
  /** @type {Piece[]} */
  const pieces = [];
  let skipped = false;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [start, end] = [cuts[i], cuts[i + 1]];
    const [was, comes] = [covers(before, start, end), covers(after, start, end)];
    if (was || comes) pieces.push({ how: was && comes ? "same" : was ? "del" : "ins", span: [start, end], skipped: skipped && pieces.length > 0 });
    skipped = !(was || comes);
  }
  return pieces;
}
