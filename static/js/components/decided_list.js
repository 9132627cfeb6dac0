// @ts-check
/**
 * The list of what was decided on my work, by keys: j and k go through it; a takes, x refuses and q answers on the item
 * that has the focus (x and q lead to its field first, since they need a word). Keys do something only while an item
 * has the focus, and nothing when single keys are switched off. Without script every act is a plain form.
 */
const KEYS = { a: "accept", x: "refuse", q: "answer" };

class Decided extends HTMLElement {
  connectedCallback() {
    // What app.js says at a form whose request was not answered; the form keeps what was typed.
    document.body.dataset.lost = this.dataset.lost ?? "";
    document.body.dataset.signedOut = this.dataset.signedOut ?? "";
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("htmx:after:swap", () => this.#settle());
    this.addEventListener("submit", (event) => this.#sent(event), true);
    this.addEventListener("focusin", (event) => this.#stop(/** @type {HTMLElement} */ (event.target).closest("[data-item]")));
    this.#stop(this.#items()[0] ?? null);
  }

  /** @returns {HTMLElement[]} */
  #items() {
    return [...this.querySelectorAll("[data-item]")].map((item) => /** @type {HTMLElement} */ (item));
  }

  /** One item is in the order of Tab, the others are reached by j and k or by their controls. @param {Element | null} at */
  #stop(at) {
    if (at) for (const item of this.#items()) item.tabIndex = item === at ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const item = /** @type {HTMLElement | null} */ (target.closest("[data-item]"));
    if (!item || event.isComposing) return;
    if (target instanceof HTMLTextAreaElement) {
      if (event.key === "Escape") item.focus();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) target.form?.requestSubmit(target.form.querySelector("button"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || switchedOff()) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") this.#go(item, key === "j" ? 1 : -1);
    else if (!(key in KEYS) || !this.#act(item, KEYS[/** @type {keyof typeof KEYS} */ (key)])) return;
    event.preventDefault();
  }

  /** @param {HTMLElement} item @param {number} step */
  #go(item, step) {
    const items = this.#items();
    const next = items[items.indexOf(item) + step];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLElement} item @param {string} act @returns {boolean} whether the item has such an act */
  #act(item, act) {
    const button = /** @type {HTMLButtonElement | null} */ (item.querySelector(`[data-act="${act}"]`));
    if (!button) return false;
    const word = /** @type {HTMLTextAreaElement | null | undefined} */ (button.form?.querySelector("[data-word]"));
    if (word && !word.value.trim()) word.focus();
    else button.click();
    return true;
  }

  /** Remembers where one was: the item is drawn anew by the answer. @param {Event} event */
  #sent(event) {
    this.at = /** @type {HTMLElement} */ (event.target).closest("[data-item]")?.id;
  }

  /** Goes on to the next item that waits, or stays where the answer was refused. */
  #settle() {
    const items = this.#items();
    const here = items.findIndex((item) => item.id === this.at);
    if (here < 0) return;
    this.at = undefined;
    if (items[here].querySelector(".decided-refused")) {
      /** @type {HTMLElement} */ (items[here].querySelector("[data-word]") ?? items[here]).focus();
      return;
    }
    const waits = (/** @type {HTMLElement} */ item) => item.classList.contains("decided-waits");
    const next = items.slice(here + 1).find(waits) ?? items.find(waits);
    const status = this.querySelector("[data-status]");
    if (status) status.textContent = next ? "" : (this.dataset.done ?? "");
    (next ?? items[here]).focus();
    (next ?? items[here]).scrollIntoView({ block: "nearest" });
  }
}
customElements.define("fc-decided", Decided);

/** Single keys are switched off in the list of keys of an article's page; that choice is this browser's. */
function switchedOff() {
  try {
    return JSON.parse(localStorage.getItem("fc:keys") ?? "{}").on === false;
  } catch {
    return false;
  }
}
