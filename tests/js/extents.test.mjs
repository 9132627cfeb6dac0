import assert from "node:assert/strict";
import { test } from "node:test";
import { read, sizeOf, withPiece, written } from "../../static/js/anchoring/extents.js";

test("pieces stand in order; those that overlap or touch become one", () => {
  assert.deepEqual(withPiece([[10, 20]], [2, 5]), [[2, 5], [10, 20]]);
  assert.deepEqual(withPiece([[10, 20]], [20, 25]), [[10, 25]]);
  assert.deepEqual(withPiece([[1, 3], [8, 9]], [2, 8]), [[1, 9]]);
  assert.deepEqual(withPiece([], [4, 6]), [[4, 6]]);
});

test("adding a piece leaves the extent given as it was", () => {
  const extent = [[1, 3]];
  withPiece(extent, [2, 9]);
  assert.deepEqual(extent, [[1, 3]]);
});

test("an extent is written and read back", () => {
  assert.equal(written([[1, 3], [8, 9]]), "1-3,8-9");
  assert.deepEqual(read("1-3,8-9"), [[1, 3], [8, 9]]);
  assert.deepEqual(read(""), []);
  assert.equal(sizeOf([[1, 3], [8, 9]]), 3);
});
