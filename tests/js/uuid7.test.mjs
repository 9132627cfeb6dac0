import assert from "node:assert/strict";
import { test } from "node:test";

import { uuid7 } from "../../static/js/components/uuid7.js";

test("an id has the version, the variant and the time of its making", () => {
  const before = Date.now();
  const id = uuid7();
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const made = parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  assert.ok(before <= made && made <= Date.now() + 1);
});

test("a later id sorts later, and none comes twice", () => {
  const ids = Array.from({ length: 2000 }, uuid7);
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, ids.length);
});
