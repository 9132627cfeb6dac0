// @ts-check
/**
 * Relating: one annotation is armed and stays pinned while one looks for the other end, by keys, by pointer or by
 * its words; then the kind, of those that the project allows between the tags, in one direction or the other.
 * What is made goes through the outbox like every other act.
 */
import { uuid7 } from "../components/uuid7.js";
import { EndFinder } from "./end_finder.js";
import { phrase, shortened } from "./sentences.js";

/**
 * @typedef {{name: string, title: string, options: [string, string][]}} Choice
 * @typedef {{name: string, title: string, inverse: string, key: string, symmetric: boolean, pairs: [string, string][], choices: Choice[]}} Kind
 * @typedef {{id: string, tag: string, words: string, elsewhere: string}} End
 */

export class Relating {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.box = /** @type {HTMLElement | null} */ (desk.querySelector(".relating"));
    /** @type {End | null} */
    this.from = null;
    /** @type {Map<string, End>} */
    this.kept = new Map();
    /** @type {End | null} */
    this.at = null; // the end that is looked at: the chosen annotation, or one found by its words
    this.kind = "";
    this.reversed = false;
    /** @type {Record<string, string>} */
    this.values = {};
    /** @type {string | undefined} */
    this.firstHint = undefined;
    if (!this.box) return;
    this.finder = new EndFinder(/** @type {HTMLElement} */ (this.box.querySelector(".relating-find")), (typed) =>
      desk.changes.get(`${desk.url("ends", this.from?.id ?? "")}?${new URLSearchParams({ q: typed })}`),
    );
    this.finder.addEventListener("take", (event) => this.#take(/** @type {CustomEvent} */ (event).detail));
    this.finder.addEventListener("enter", () => this.make());
    this.finder.addEventListener("leave", () => this.stop());
    this.box.addEventListener("click", (event) => this.#click(/** @type {Element} */ (event.target)));
    desk.addEventListener("click", (event) => this.#armByClick(event));
  }

  get on() {
    return this.from !== null;
  }

  /** All ends that would be related: those kept, and the one that is looked at. @returns {End[]} */
  get ends() {
    const ends = [...this.kept.values()];
    if (this.at && !this.kept.has(this.at.id)) ends.push(this.at);
    return ends;
  }

  /** Arms an annotation; false when there is none to arm. @param {string} id */
  arm(id) {
    if (!this.box || !id || !this.desk.config.can_annotate) return false;
    const from = this.#endOf(id);
    if (!from) return false;
    this.stop(false);
    this.from = from;
    this.box.hidden = false;
    this.desk.panel.open();
    this.#draw();
    this.box.scrollIntoView({ block: "nearest" });
    this.desk.say(phrase(this.desk.words.relating, shortened(from.words)));
    return true;
  }

  /** @param {boolean} [back] go back to what was armed */
  stop(back = true) {
    if (!this.from || !this.box) return false;
    const inside = this.box.contains(document.activeElement);
    const { id } = this.from;
    this.from = this.at = null;
    this.kept.clear();
    this.kind = "";
    this.reversed = false;
    this.values = {};
    this.box.hidden = true;
    this.finder?.empty();
    this.#room();
    this.#show();
    if (back) {
      this.desk.choosing.choose(id, { from: "card" });
      this.desk.say(this.desk.words.not_related);
    }
    if (inside) this.desk.text.focus({ preventScroll: true });
    return true;
  }

  /** Looks at an end: the annotation that was chosen just now. @param {string} id */
  look(id) {
    if (!this.from || id === this.at?.id) return;
    this.at = id && id !== this.from.id ? this.#endOf(id) : null;
    this.#draw();
  }

  /** Something on the page changed: what is armed may be gone or read otherwise. */
  refresh() {
    if (!this.from) return;
    const now = this.#endOf(this.from.id);
    if (!now) this.stop(false);
    else {
      this.from = now;
      this.#draw();
    }
  }

  /** Keeps the end that is looked at, or gives it up again. */
  mark() {
    if (!this.from || !this.at) return this.on;
    if (!this.kept.delete(this.at.id)) this.kept.set(this.at.id, this.at);
    this.desk.say(phrase(this.desk.words.kept, String(this.kept.size)));
    this.#draw();
    return true;
  }

  /** @param {string} name  a kind; one that is legal only the other way round is taken that way */
  choose(name) {
    if (!this.from) return false;
    if (!this.ends.length) {
      this.desk.say(this.desk.words.no_end);
      return true;
    }
    const direction = this.#legal(name, this.reversed) ? this.reversed : this.#legal(name, !this.reversed) ? !this.reversed : null;
    if (direction === null) {
      this.desk.say(this.desk.words.no_kind);
      return true;
    }
    this.kind = name;
    this.reversed = direction;
    this.#draw();
    return true;
  }

  reverse() {
    if (!this.from) return false;
    this.reversed = !this.reversed;
    this.#draw();
    return true;
  }

  /** The n-th value of the kind's attribute; the same again takes it back. @param {number} number */
  value(number) {
    if (!this.from) return false;
    const options = this.#choices().flatMap((choice) => choice.options.map(([value]) => ({ name: choice.name, value })));
    const option = options[number - 1];
    if (option) {
      this.values[option.name] = this.values[option.name] === option.value ? "" : option.value;
      this.#draw();
    }
    return true;
  }

  /** Relates; false when nothing is armed. */
  make() {
    const from = this.from;
    if (!from) return false;
    const kind = this.#kind();
    const ends = this.ends;
    if (!ends.length || !kind) {
      this.desk.say(ends.length ? this.desk.words.choose_kind : this.desk.words.no_end);
      return true;
    }
    const fields = new URLSearchParams(ends.flatMap((end) => [["end", end.id], ["id", uuid7()]]));
    fields.set("kind", this.reversed && !kind.symmetric ? `${kind.name}:reversed` : kind.name);
    const known = new Set(this.#choices().map((choice) => choice.name));
    for (const [name, value] of Object.entries(this.values)) if (value && known.has(name)) fields.set(`a.${name}`, value);
    const act = { url: this.desk.url("relate", from.id), thing: from.id, fields: [...fields], words: this.#sentence(kind, ends) };
    this.stop(false);
    this.desk.choosing.choose(from.id, { from: "card" });
    this.desk.outbox.add(act);
    return true;
  }

  /** @param {string} id @returns {End | null} */
  #endOf(id) {
    const card = this.desk.cards.of(id);
    if (!card) return null;
    return { id, tag: card.dataset.tag ?? "", words: card.querySelector(".card-words")?.textContent ?? "", elsewhere: "" };
  }

  /** @returns {Kind[]} */
  get #kinds() {
    return this.desk.config.kinds;
  }

  #kind() {
    return this.#kinds.find((kind) => kind.name === this.kind && this.#legal(kind.name, this.reversed));
  }

  /** @returns {Choice[]} */
  #choices() {
    return this.#kind()?.choices ?? [];
  }

  /** Whether the project allows a kind between what is armed and every end. @param {string} name @param {boolean} reversed */
  #legal(name, reversed) {
    const from = this.from;
    const kind = this.#kinds.find((known) => known.name === name);
    if (!kind || !from || !this.ends.length) return false;
    return this.ends.every((end) => {
      const [subject, object] = reversed ? [end.tag, from.tag] : [from.tag, end.tag];
      return kind.pairs.some(([one, other]) => one === subject && other === object);
    });
  }

  /** @param {Kind} kind @param {End[]} ends */
  #sentence(kind, ends) {
    const others = ends.map((end) => `“${shortened(end.words)}”`).join(", ");
    const own = `“${shortened(this.from?.words ?? "")}”`;
    const chosen = this.#choices().flatMap((choice) => choice.options.filter(([value]) => value === this.values[choice.name]).map(([, title]) => title));
    return phrase(this.desk.words.relate, {
      subject: this.reversed ? others : own,
      kind: [kind.title, ...chosen].join(" "),
      object: this.reversed ? own : others,
    });
  }

  // -- What is shown ------------------------------------------------------------------------------

  #draw() {
    const { box, from } = this;
    if (!box || !from) return;
    const offered = this.#kinds.filter((kind) => this.#legal(kind.name, this.reversed));
    if (this.kind && !offered.some((kind) => kind.name === this.kind)) this.kind = "";
    if (!this.kind && offered.length === 1) this.kind = offered[0].name;
    this.#part(".relating-from").replaceChildren(tagged(from, this.desk.titleOf(from.tag)));
    this.#part(".relating-ends").replaceChildren(...this.ends.map((end) => this.#chip(end)));
    const hint = this.#part(".relating-hint");
    this.firstHint ??= hint.textContent ?? "";
    hint.textContent = this.ends.length ? this.desk.words.choose_kind : this.firstHint;
    hint.hidden = Boolean(this.kind) || (this.ends.length > 0 && !offered.length);
    this.#part(".relating-kinds").replaceChildren(...this.#kindButtons(offered));
    this.#part(".relating-choices").replaceChildren(...this.#choiceButtons());
    const kind = this.#kind();
    this.#part(".relating-sentence").textContent = kind ? this.#sentence(kind, this.ends) : "";
    const [make, mark, reverse] = ["make", "mark", "reverse"].map((name) => /** @type {HTMLButtonElement} */ (box.querySelector(`[data-relating=${name}]`)));
    make.disabled = !kind;
    mark.disabled = !this.at;
    mark.setAttribute("aria-pressed", String(Boolean(this.at && this.kept.has(this.at.id))));
    reverse.disabled = !this.ends.length;
    reverse.setAttribute("aria-pressed", String(this.reversed));
    this.desk.keys.refresh(box);
    this.#room();
    this.#show();
  }

  /** What is scrolled to in the panel comes to stand below the pinned part. */
  #room() {
    const scroller = /** @type {HTMLElement | null} */ (this.box?.parentElement);
    if (scroller) scroller.style.scrollPaddingBlockStart = this.on ? `${this.box?.offsetHeight}px` : "";
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.box?.querySelector(selector));
  }

  /** @param {Kind[]} offered */
  #kindButtons(offered) {
    if (this.ends.length && !offered.length) {
      const none = document.createElement("p");
      none.className = "none";
      none.textContent = this.desk.words.no_kind;
      return [none];
    }
    return offered.map((kind) => {
      const button = pressable(kind.title, this.kind === kind.name);
      button.dataset.kind = kind.name;
      button.append(" ", hint(kind.key, `kind:${kind.name}`));
      return button;
    });
  }

  #choiceButtons() {
    let number = 0;
    return this.#choices().map((choice) => {
      const group = document.createElement("div");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", choice.title);
      for (const [value, title] of choice.options) {
        const button = pressable(title, this.values[choice.name] === value);
        button.dataset.value = String(++number);
        button.append(" ", hint(String(number)));
        group.append(button);
      }
      return group;
    });
  }

  /** @param {End} end */
  #chip(end) {
    const item = document.createElement("li");
    item.classList.toggle("kept", this.kept.has(end.id));
    item.append(tagged(end, this.desk.titleOf(end.tag)));
    if (end.elsewhere) {
      const where = document.createElement("small");
      where.dir = "auto";
      where.textContent = end.elsewhere;
      item.append(" ", where);
    }
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "plain";
    drop.dataset.drop = end.id;
    drop.setAttribute("aria-label", phrase(this.desk.words.drop_end, shortened(end.words)));
    drop.textContent = "×";
    item.append(drop);
    return item;
  }

  /** Cards and words show what is armed and what is kept. */
  #show() {
    const ends = this.on ? this.ends : [];
    for (const card of this.desk.cards.list.querySelectorAll(":scope > :is(.armed, .end)")) card.classList.remove("armed", "end");
    if (this.from) this.desk.cards.of(this.from.id)?.classList.add("armed");
    for (const end of ends) this.desk.cards.of(end.id)?.classList.add("end");
    this.desk.edges.draft(this.from?.id ?? "", ends.map((end) => end.id), this.reversed);
  }

  // -- What is clicked, typed and pressed ---------------------------------------------------------

  /** @param {Element} target */
  #click(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest("button"));
    if (!button) return;
    const { relating, kind, value, drop } = button.dataset;
    if (relating === "stop") this.stop();
    if (relating === "make") this.make();
    if (relating === "mark") this.mark();
    if (relating === "reverse") this.reverse();
    if (kind) this.choose(kind);
    if (value) this.value(Number(value));
    if (drop) {
      this.kept.delete(drop);
      if (this.at?.id === drop) this.at = null;
      this.#draw();
      this.finder?.focus();
    }
    if (kind || value) /** @type {HTMLElement | null} */ (this.box?.querySelector(kind ? `[data-kind="${kind}"]` : `[data-value="${value}"]`))?.focus();
  }

  /** @param {MouseEvent} event */
  #armByClick(event) {
    const link = /** @type {Element} */ (event.target).closest("[data-relate]");
    const card = link?.closest(".cards > li");
    if (!card || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (this.arm(this.desk.cards.idOf(card))) this.finder?.focus();
  }

  /** Takes an end that was found: one on this page is chosen there too. @param {End} end */
  #take(end) {
    if (this.at && !this.kept.has(this.at.id)) this.at = null;
    if (this.desk.cards.of(end.id)) this.desk.choosing.choose(end.id, { from: "step" });
    else {
      this.at = end;
      this.#draw();
    }
    // Out of the field, so that the next key is the kind's.
    /** @type {HTMLElement | null} */ (this.box?.querySelector(".relating-kinds button") ?? this.desk.text)?.focus({ preventScroll: true });
  }
}

/** @param {End} end @param {string} title */
function tagged(end, title) {
  const fragment = document.createDocumentFragment();
  const tag = document.createElement("span");
  tag.className = `tag t-${end.tag}`;
  tag.textContent = title;
  const words = document.createElement("span");
  words.className = "end-words";
  words.dir = "auto";
  words.textContent = shortened(end.words);
  fragment.append(tag, " ", words);
  return fragment;
}

/** @param {string} title @param {boolean} pressed */
function pressable(title, pressed) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip";
  button.setAttribute("aria-pressed", String(pressed));
  button.textContent = title;
  return button;
}

/** @param {string} key @param {string} [name]  of the input in the list of keys that may say another one */
function hint(key, name) {
  const kbd = document.createElement("kbd");
  kbd.setAttribute("aria-hidden", "true");
  if (name) kbd.dataset.key = name;
  kbd.textContent = key;
  return kbd;
}
