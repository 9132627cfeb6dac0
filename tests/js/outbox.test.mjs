import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Outbox } from "../../static/js/article/outbox.js";

class Store {
  items = new Map();
  get length() {
    return this.items.size;
  }
  key(i) {
    return [...this.items.keys()][i] ?? null;
  }
  getItem(name) {
    return this.items.get(name) ?? null;
  }
  setItem(name, value) {
    this.items.set(name, value);
  }
  removeItem(name) {
    this.items.delete(name);
  }
}

const ACT = { url: "/x/", fields: { tag: "claim" }, words: "Claim: x", thing: "a" };
const quiet = () => new Promise((done) => setImmediate(done));

function outbox(answers, store = new Store(), scope = "ana:1") {
  const sent = [];
  const box = new Outbox({
    store,
    scope,
    send: async (act) => {
      sent.push(structuredClone(act));
      return answers.shift() ?? { ok: true };
    },
  });
  return { box, sent, store };
}

test("an act is kept until it is sent, then forgotten", async () => {
  const { box, sent, store } = outbox([]);
  box.add(ACT);
  assert.equal(store.length, 1);
  await quiet();
  assert.equal(sent.length, 1);
  assert.equal(store.length, 0);
  assert.equal(box.state, "idle");
});

test("a failed act waits and is tried again, later each time", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { box, sent } = outbox([{ ok: false, again: true }, { ok: false, again: true }, { ok: true }]);
  box.add(ACT);
  await quiet();
  assert.equal(box.state, "waiting");
  mock.timers.tick(1000);
  await quiet();
  assert.equal(sent.length, 2);
  mock.timers.tick(1000);
  await quiet();
  assert.equal(sent.length, 2);
  mock.timers.tick(1000);
  await quiet();
  assert.equal(sent.length, 3);
  assert.equal(sent[0].key, sent[2].key);
  assert.equal(box.state, "idle");
  mock.timers.reset();
});

test("what was not sent is there after a reload, in its order, for the same person only", async () => {
  const store = new Store();
  const first = outbox([{ ok: false, again: true }], store);
  first.box.add(ACT);
  first.box.add({ ...ACT, thing: "b" });
  await quiet();
  clearTimeout(first.box.timer);
  assert.equal(outbox([], store, "ben:1").box.waiting.length, 0);
  const again = outbox([], store);
  assert.deepEqual(again.box.waiting.map((act) => act.thing), ["a", "b"]);
  await again.box.run();
  assert.deepEqual(again.sent.map((act) => act.thing), ["a", "b"]);
  assert.equal(store.length, 0);
});

test("acts made within a millisecond, or after the clock was put back, keep their order", async () => {
  const store = new Store();
  const blocked = () => outbox([{ ok: false, again: true }], store).box;
  mock.timers.enable({ apis: ["Date", "setTimeout"], now: 1_700_000_000_000 });
  const box = blocked();
  const things = Array.from({ length: 50 }, (_, i) => `thing ${i}`);
  for (const thing of things.slice(0, 49)) box.add({ ...ACT, thing });
  mock.timers.setTime(1_600_000_000_000);
  blocked().add({ ...ACT, thing: things[49] });
  await quiet(); // the tries to come are of the mocked clock, which never goes on
  assert.deepEqual(blocked().waiting.map((act) => act.thing), things);
  mock.timers.reset();
});

test("broken entries side by side are all cleared away", () => {
  const store = new Store();
  for (const name of ["x", "y", "z"]) store.setItem(`fc:outbox:ana:1:${name}`, "{broken");
  outbox([], store);
  assert.equal(store.length, 0);
});

test("a refused act stands aside with its reason, and the others go on", async () => {
  const { box, sent } = outbox([{ ok: false, reason: "Not here." }]);
  box.add(ACT);
  box.add({ ...ACT, thing: "b" });
  await quiet();
  assert.equal(sent.length, 2);
  assert.deepEqual(box.refused.map((act) => act.refused), ["Not here."]);
  assert.equal(box.state, "refused");
});

test("keeping mine after a conflict is sent over the present revision", async () => {
  const { box, sent } = outbox([{ ok: false, reason: "Changed.", present: 7 }]);
  const act = box.add({ ...ACT, fields: { tag: "denial", revision: "3" } });
  await quiet();
  box.retry(act.key);
  await quiet();
  assert.equal(sent[1].fields.revision, "7");
  assert.equal(box.state, "idle");
});

test("a discarded act is gone for good", async () => {
  const { box, store } = outbox([{ ok: false, reason: "No." }]);
  const act = box.add(ACT);
  await quiet();
  box.discard(act.key);
  assert.equal(store.length, 0);
  assert.equal(box.state, "idle");
});

test("who waits for a thing hears when it is settled", async () => {
  const { box } = outbox([]);
  box.add(ACT);
  assert.equal(await box.settled("a"), true);
  const blocked = outbox([{ ok: false, again: true }]).box;
  blocked.add(ACT);
  assert.equal(await blocked.settled("a"), false);
  clearTimeout(blocked.timer);
});

test("something else in the storage is left out, and a full storage loses nothing on the way", async () => {
  const store = new Store();
  store.setItem("fc:outbox:ana:1:x", "{broken");
  const { box, sent } = outbox([], store);
  store.setItem = () => {
    throw new Error("full");
  };
  box.add(ACT);
  await quiet();
  assert.equal(sent.length, 1);
});
