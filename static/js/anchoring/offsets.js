// @ts-check
/**
 * Turns places in the page into places in the article's canonical text and back. The only module that knows
 * that JavaScript counts UTF-16 units; everything else, on both sides of the wire, counts code points.
 *
 * The article's element holds one element per block, parted by the text node "\n" that is the line feed itself;
 * each block carries the code point where it starts in `data-start`.
 */

/** @typedef {[number, number]} Span  half-open, in code points of the canonical text */

/** @param {string} text */
export function countCodePoints(text) {
  let count = 0;
  for (let i = 0; i < text.length; i++, count++) if (isPairAt(text, i)) i++;
  return count;
}

/** The code point offset of a UTF-16 offset; one inside a surrogate pair counts as before it.
 * @param {string} text @param {number} utf16 */
export function toCodePoints(text, utf16) {
  let count = 0;
  for (let i = 0; i < utf16 && i < text.length; count++) {
    i += isPairAt(text, i) ? 2 : 1;
    if (i > utf16) break;
  }
  return count;
}

/** The UTF-16 offset of a code point offset. @param {string} text @param {number} codePoint */
export function toUtf16(text, codePoint) {
  let i = 0;
  for (let count = 0; count < codePoint && i < text.length; count++) i += isPairAt(text, i) ? 2 : 1;
  return i;
}

/** @param {string} text @param {number} i */
function isPairAt(text, i) {
  const high = text.charCodeAt(i);
  if (high < 0xd800 || high > 0xdbff || i + 1 >= text.length) return false;
  const low = text.charCodeAt(i + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

/** Where a block starts in the canonical text. @param {Element} block */
export const startOf = (block) => Number(/** @type {HTMLElement} */ (block).dataset.start);

/** The block (a child of the article's element) that a node lies in. @param {Element} root @param {Node} node */
export function blockOf(root, node) {
  if (node === root || !root.contains(node)) return null;
  let at = node;
  while (at.parentNode !== root) at = /** @type {Node} */ (at.parentNode);
  return at.nodeType === Node.ELEMENT_NODE ? /** @type {Element} */ (at) : null;
}

/** The block that a code point lies in; its end counts as in it. @param {Element} root @param {number} codePoint */
export function blockAt(root, codePoint) {
  const blocks = root.children;
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (startOf(blocks[middle]) <= codePoint) low = middle;
    else high = middle - 1;
  }
  return blocks[low];
}

/** Where the article's text ends. @param {Element} root */
export function lengthOf(root) {
  const last = root.lastElementChild;
  return last ? startOf(last) + countCodePoints(last.textContent ?? "") : 0;
}

/** The code point at a DOM position inside the article. @param {Element} root @param {Node} node @param {number} offset */
export function placeOf(root, node, offset) {
  const block = blockOf(root, node);
  if (block) {
    const range = document.createRange();
    range.setStart(block, 0);
    range.setEnd(node, offset);
    return startOf(block) + countCodePoints(range.toString());
  }
  // Between two blocks: the position is the start of the next one, or the end of the text.
  const next =
    node === root
      ? nextBlock(root.childNodes[offset] ?? null)
      : offset === 0
        ? node
        : /** @type {Node} */ (node).nextSibling;
  if (next && next.nodeType === Node.TEXT_NODE) return startOf(nextBlockOrLast(root, next)) - 1;
  return next ? startOf(/** @type {Element} */ (next)) : lengthOf(root);
}

/** @param {Node | null} node */
function nextBlock(node) {
  while (node && node.nodeType !== Node.ELEMENT_NODE) node = node.nextSibling;
  return node;
}

/** @param {Element} root @param {Node} node */
function nextBlockOrLast(root, node) {
  return /** @type {Element} */ (nextBlock(node) ?? root.lastElementChild);
}

/** The span of a DOM range, cut to the article; null when they do not meet.
 * @param {Element} root @param {Range} range @returns {Span | null} */
export function spanOf(root, range) {
  if (!range.intersectsNode(root)) return null;
  const inside = document.createRange();
  inside.selectNodeContents(root);
  const startsInside = inside.comparePoint(range.startContainer, range.startOffset) >= 0;
  const endsInside = inside.comparePoint(range.endContainer, range.endOffset) <= 0;
  const start = startsInside ? placeOf(root, range.startContainer, range.startOffset) : 0;
  const end = endsInside ? placeOf(root, range.endContainer, range.endOffset) : lengthOf(root);
  return start < end ? [start, end] : null;
}

/** The DOM position of a code point. `end` prefers the end of a text node over the start of the next.
 * @param {Element} root @param {number} codePoint @param {boolean} [end] @returns {[Node, number]} */
export function pointOf(root, codePoint, end = false) {
  const block = blockAt(root, codePoint);
  let left = codePoint - startOf(block);
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let last = null;
  for (let node = /** @type {Text | null} */ (walker.nextNode()); node; node = /** @type {Text | null} */ (walker.nextNode())) {
    const length = countCodePoints(node.data);
    if (left < length || (end && left === length)) return [node, toUtf16(node.data, left)];
    left -= length;
    last = node;
  }
  return last ? [last, last.data.length] : [block, 0];
}

/** A live range over a span. @param {Element} root @param {Span} span */
export function rangeOf(root, [start, end]) {
  const range = document.createRange();
  range.setStart(...pointOf(root, start));
  range.setEnd(...pointOf(root, end, true));
  return range;
}

/** The article's words in a span. @param {Element} root @param {Span} span */
export const wordsIn = (root, span) => rangeOf(root, span).toString();

/** The blocks that a span touches. @param {Element} root @param {Span} span */
export function blocksIn(root, [start, end]) {
  const blocks = [];
  for (let block = blockAt(root, start); block; block = /** @type {Element} */ (block.nextElementSibling)) {
    if (startOf(block) >= end && blocks.length) break;
    blocks.push(block);
  }
  return blocks;
}
