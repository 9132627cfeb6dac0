// @ts-check
/** A small list at a place where several annotations lie, to choose any of them by pointer or keys. */

const GAP = 6;

export class Here extends EventTarget {
  /** @param {HTMLElement} box @param {import("./cards.js").Cards} cards */
  constructor(box, cards) {
    super();
    this.box = box;
    this.cards = cards;
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("button");
      if (button) this.dispatchEvent(new CustomEvent("pick", { detail: { id: button.dataset.id } }));
    });
  }

  get open() {
    return !this.box.hidden;
  }

  /** @param {string[]} ids  the shortest first @param {DOMRect} at @param {string} chosen @param {boolean} focus */
  show(ids, at, chosen, focus) {
    this.box.replaceChildren(...ids.map((id) => this.#button(id, chosen)));
    this.box.hidden = false;
    const frame = /** @type {HTMLElement} */ (this.box.offsetParent ?? document.body).getBoundingClientRect();
    const { width, height } = this.box.getBoundingClientRect();
    const below = at.bottom + GAP + height < innerHeight;
    const left = Math.max(GAP, Math.min(at.left, document.documentElement.clientWidth - width - GAP));
    this.box.style.left = `${left - frame.left}px`;
    this.box.style.top = `${(below ? at.bottom + GAP : at.top - GAP - height) - frame.top}px`;
    if (focus) this.box.querySelector("button")?.focus({ preventScroll: true });
  }

  hide() {
    if (this.box.contains(document.activeElement)) /** @type {HTMLElement} */ (document.querySelector("#article-text")).focus({ preventScroll: true });
    this.box.hidden = true;
  }

  /** @param {string} id */
  mark(id) {
    for (const button of this.box.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.id === id));
  }

  /** @param {string} id @param {string} chosen */
  #button(id, chosen) {
    const card = this.cards.of(id);
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.id = id;
    button.className = `t-${card?.dataset.tag}`;
    button.setAttribute("aria-pressed", String(id === chosen));
    const tag = document.createElement("span");
    tag.className = "tag";
    tag.textContent = card?.querySelector(".tag")?.textContent ?? "";
    const words = document.createElement("span");
    words.dir = "auto";
    words.textContent = card?.querySelector(".card-words")?.textContent ?? "";
    const by = document.createElement("small");
    by.textContent = card?.dataset.by ?? "";
    button.append(tag, words, by);
    return button;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.box.querySelectorAll("button")];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    buttons[(at + step + buttons.length) % buttons.length].focus();
  }
}
