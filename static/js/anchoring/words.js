// @ts-check
/**
 * Trims a chosen piece of text and grows it to whole words or whole graphemes, by Unicode's rules and not by
 * spaces. Pure: strings and UTF-16 offsets in, offsets out; it never touches the page.
 */

/** @typedef {"word" | "grapheme"} Unit */

/** @type {Map<string, Intl.Segmenter>} */
const segmenters = new Map();

/** @param {string} language @param {Unit} granularity */
function segmenter(language, granularity) {
  const key = `${granularity} ${language}`;
  let found = segmenters.get(key);
  if (!found) {
    try {
      found = new Intl.Segmenter(language || undefined, { granularity });
    } catch {
      found = new Intl.Segmenter(undefined, { granularity }); // a language tag that this browser does not know
    }
    segmenters.set(key, found);
  }
  return found;
}

/** How many UTF-16 units of white space a text begins and ends with. @param {string} text */
export function margins(text) {
  const start = text.length - text.trimStart().length;
  return { start, end: start === text.length ? 0 : text.length - text.trimEnd().length };
}

/** The start of the word or grapheme that an offset lies inside of; an offset between two stays.
 * @param {string} text @param {number} offset @param {string} language @param {Unit} unit */
export function snapStart(text, offset, language, unit) {
  return segmentAt(text, offset, language, unit)?.index ?? offset;
}

/** The end of the word or grapheme that an offset lies inside of; an offset between two stays.
 * @param {string} text @param {number} offset @param {string} language @param {Unit} unit */
export function snapEnd(text, offset, language, unit) {
  const segment = segmentAt(text, offset, language, unit);
  return segment ? segment.index + segment.segment.length : offset;
}

/** @param {string} text @param {number} offset @param {string} language @param {Unit} unit */
function segmentAt(text, offset, language, unit) {
  if (offset <= 0 || offset >= text.length) return null;
  const found = segmenter(language, unit).segment(text).containing(offset);
  if (!found || found.index === offset) return null;
  if (unit === "word" && !found.segment.trim()) return segmentAt(text, offset, language, "grapheme");
  return found;
}
