// @ts-check
/** Sentences for people, from the words that the server has translated. */

const LONGEST = 80;

/** @param {string} words */
export const shortened = (words) => (words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words);

/** Fills a translated sentence: `%s`, or names as in `%(tag)s`. @param {string} sentence @param {string | Record<string, string>} values */
export function phrase(sentence, values) {
  if (typeof values === "string") return sentence.replace("%s", () => values);
  return sentence.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
}
