// @ts-check
/**
 * Keeps what a person did until the server has it: each act lies in the browser's storage, is sent in order,
 * tried again when the way is blocked, and handed back with the reason when the server refuses it. Acts carry
 * ids made here, so that one sent twice is done once. Knows nothing of the page.
 */

/**
 * @typedef {object} Act  one thing to send
 * @property {string} key     sorts by the time it was made
 * @property {string} url
 * @property {Record<string, string> | [string, string][]} fields  pairs where a name comes more than once
 * @property {string} words   what it is, for people
 * @property {string} [thing]  the id of the annotation that it makes or changes
 * @property {{tag: string, extent: [number, number][]}} [paint]  what to show until it is saved
 * @property {string} [refused]  why the server will not have it
 * @property {number} [present]  after a conflict, the revision that stands there now
 *
 * @typedef {{ok: true} | {ok: false, again: true, reason?: string} | {ok: false, again?: false, reason: string, present?: number}} Outcome
 *
 * @typedef {"idle" | "saving" | "waiting" | "refused"} State
 */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

export class Outbox extends EventTarget {
  /**
   * @param {object} options
   * @param {Storage} options.store
   * @param {string} options.scope  whose acts on which article: nobody else's are ever sent
   * @param {(act: Act) => Promise<Outcome>} options.send
   */
  constructor({ store, scope, send }) {
    super();
    this.store = store;
    this.prefix = `fc:outbox:${scope}:`;
    this.send = send;
    /** @type {Map<string, Act>} */
    this.acts = new Map();
    /** @type {State} */
    this.state = "idle";
    this.reason = "";
    this.wait = FIRST_WAIT;
    this.running = false;
    this.clock = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.#load();
  }

  #load() {
    const names = Array.from({ length: this.store.length }, (_, i) => this.store.key(i)); // removing one moves the others
    for (const name of names) {
      if (!name?.startsWith(this.prefix)) continue;
      try {
        const act = JSON.parse(this.store.getItem(name) ?? "");
        this.acts.set(act.key, act);
      } catch {
        this.store.removeItem(name); // written by something else, or cut off: not ours to send
      }
    }
    this.acts = new Map([...this.acts].sort(([a], [b]) => (a < b ? -1 : 1)));
    const last = [...this.acts.keys()].at(-1);
    if (last) this.clock = parseInt(last, 36) || 0;
  }

  /** A key that sorts after every earlier one, also within a millisecond and when the clock was put back. */
  #newKey() {
    this.clock = Math.max(Date.now(), this.clock + 1);
    return `${this.clock.toString(36).padStart(9, "0")}-${crypto.randomUUID().slice(0, 8)}`;
  }

  /** @param {Omit<Act, "key">} act */
  add(act) {
    const key = this.#newKey();
    const kept = { key, ...act };
    this.acts.set(key, kept);
    this.#keep(kept);
    this.#say();
    this.run();
    return kept;
  }

  /** Sends what waits, now. */
  async run() {
    if (this.running) return;
    clearTimeout(this.timer);
    this.running = true;
    let blocked = false;
    for (let act = this.#next(); act && !blocked; act = this.#next()) {
      this.#set("saving");
      const outcome = await this.send(act);
      if (outcome.ok) {
        this.#drop(act);
        this.wait = FIRST_WAIT;
      } else if (outcome.again) {
        blocked = true;
        this.reason = outcome.reason ?? "";
      } else {
        act.refused = outcome.reason;
        act.present = outcome.present;
        this.#keep(act);
      }
      this.#say();
    }
    this.running = false;
    if (blocked) {
      this.#set("waiting");
      this.timer = setTimeout(() => this.run(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    } else {
      this.reason = "";
      this.#set(this.refused.length ? "refused" : "idle");
    }
  }

  /** Tries a refused act once more; after a conflict, over what stands there now. @param {string} key */
  retry(key) {
    const act = this.acts.get(key);
    if (!act) return;
    if (act.present !== undefined && !Array.isArray(act.fields)) act.fields.revision = String(act.present);
    delete act.refused;
    delete act.present;
    this.#keep(act);
    this.run();
  }

  /** Gives an act up. @param {string} key */
  discard(key) {
    const act = this.acts.get(key);
    if (act) this.#drop(act);
    if (!this.running) this.#set(this.waiting.length ? "waiting" : this.refused.length ? "refused" : "idle");
    this.#say();
  }

  /** Resolves when nothing that concerns a thing is on its way; false when it was refused or still waits.
   * @param {string} thing */
  async settled(thing) {
    const of = () => [...this.acts.values()].filter((act) => act.thing === thing);
    while (of().length && this.state === "saving") await new Promise((done) => this.addEventListener("change", done, { once: true }));
    return of().length === 0;
  }

  get all() {
    return [...this.acts.values()];
  }

  get waiting() {
    return this.all.filter((act) => !act.refused);
  }

  get refused() {
    return this.all.filter((act) => act.refused);
  }

  #next() {
    return this.waiting[0];
  }

  /** @param {Act} act */
  #keep(act) {
    try {
      this.store.setItem(this.prefix + act.key, JSON.stringify(act));
    } catch {
      // Storage is full or forbidden: the act is still sent, it only would not survive a reload.
    }
  }

  /** @param {Act} act */
  #drop(act) {
    this.acts.delete(act.key);
    this.store.removeItem(this.prefix + act.key);
  }

  /** @param {State} state */
  #set(state) {
    this.state = state;
    this.#say();
  }

  #say() {
    this.dispatchEvent(new Event("change"));
  }
}
