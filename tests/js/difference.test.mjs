import assert from "node:assert/strict";
import { test } from "node:test";
import { difference } from "../../static/js/review/difference.js";

const told = (before, after) => difference(before, after).map(({ how, span, skipped }) => [how, ...span, ...(skipped ? ["…"] : [])]);

test("what leaves, what stays, what joins", () => {
  assert.deepEqual(told([[0, 10]], [[4, 12]]), [["del", 0, 4], ["same", 4, 10], ["ins", 10, 12]]);
  assert.deepEqual(told([[0, 10]], [[0, 10]]), [["same", 0, 10]]);
});

test("pieces that lie apart are told apart", () => {
  assert.deepEqual(told([[0, 4]], [[8, 12]]), [["del", 0, 4], ["ins", 8, 12, "…"]]);
  assert.deepEqual(told([[0, 4], [8, 12]], [[0, 12]]), [["same", 0, 4], ["ins", 4, 8], ["same", 8, 12]]);
});

test("nothing before is all new", () => {
  assert.deepEqual(told([], [[3, 5]]), [["ins", 3, 5]]);
});
