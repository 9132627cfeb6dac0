import assert from "node:assert/strict";
import { test } from "node:test";
import { margins, snapEnd, snapStart } from "../../static/js/anchoring/words.js";

const snapped = (text, start, end, language = "en", unit = "word") =>
  text.slice(snapStart(text, start, language, unit), snapEnd(text, end, language, unit));

test("a piece grows to whole words", () => {
  assert.equal(snapped("drones strike Kiev", 2, 10), "drones strike");
  assert.equal(snapped("can’t stop", 1, 3), "can’t");
  assert.equal(snapped("naïve café", 2, 8), "naïve café");
});

test("between words nothing grows", () => {
  assert.equal(snapped("one two three", 4, 7), "two");
  assert.equal(snapped("“quoted”, he said", 1, 7), "quoted");
  assert.equal(snapped("“quoted”, he said", 0, 8), "“quoted”");
});

test("characters stay whole graphemes", () => {
  const text = "a👩‍👩‍👧‍👦b e\u0301x 🇺🇦🇫🇷";
  assert.equal(snapped(text, 3, 5, "en", "grapheme"), "👩‍👩‍👧‍👦");
  assert.equal(snapped(text, text.indexOf("\u0301"), text.indexOf("\u0301"), "en", "grapheme"), "e\u0301");
  assert.equal(snapped(text, text.indexOf("🇺🇦") + 2, text.indexOf("🇺🇦") + 2, "en", "grapheme"), "🇺🇦");
  assert.equal(snapped("strike", 2, 4, "en", "grapheme"), "ri");
});

test("an emoji family is never cut, by words neither", () => {
  assert.equal(snapped("see 👨‍👩‍👧 here", 6, 9), "👨‍👩‍👧");
});

test("Arabic and Thai have words too", () => {
  assert.equal(snapped("قال رئيس البلدية", 5, 10, "ar"), "رئيس البلدية");
  assert.equal(snapped("สวัสดีชาวโลก", 1, 3, "th"), "สวัสดี");
});

test("a language that the browser does not know is no error", () => {
  assert.equal(snapped("drones strike", 2, 3, "xx-not-a-language-tag"), "drones");
  assert.equal(snapped("drones strike", 2, 3, ""), "drones");
});

test("white space at both ends is measured", () => {
  assert.deepEqual(margins("  a b\n"), { start: 2, end: 1 });
  assert.deepEqual(margins(" \n\t"), { start: 3, end: 0 });
  assert.deepEqual(margins("ab"), { start: 0, end: 0 });
});
