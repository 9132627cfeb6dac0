import assert from "node:assert/strict";
import { test } from "node:test";
import { countCodePoints, toCodePoints, toUtf16 } from "../../static/js/anchoring/offsets.js";

const FAMILY = "👩‍👩‍👧‍👦"; // seven code points, eleven UTF-16 units
const TEXT = `a${FAMILY}b𝒳é`;

test("code points are counted, not UTF-16 units", () => {
  assert.equal(countCodePoints(""), 0);
  assert.equal(countCodePoints(FAMILY), [...FAMILY].length);
  assert.equal(countCodePoints(TEXT), [...TEXT].length);
});

test("offsets go there and back at every code point", () => {
  const points = [...TEXT];
  for (let i = 0; i <= points.length; i++) {
    const utf16 = points.slice(0, i).join("").length;
    assert.equal(toUtf16(TEXT, i), utf16);
    assert.equal(toCodePoints(TEXT, utf16), i);
  }
});

test("an offset inside a surrogate pair counts as before it", () => {
  assert.equal(toCodePoints("𝒳a", 1), 0);
  assert.equal(toCodePoints("a𝒳", 2), 1);
});

test("half a pair counts as one, as the browser's text could hold it", () => {
  assert.equal(countCodePoints("\ud83d"), 1);
  assert.equal(countCodePoints("\ud83da"), 2);
  assert.equal(countCodePoints("\udc00\ud83d"), 2);
});

test("past the end is the end", () => {
  assert.equal(toUtf16("ab", 9), 2);
  assert.equal(toCodePoints("ab", 9), 2);
  assert.equal(toUtf16("ab", Infinity), 2);
});
