// @ts-check
/**
 * Finds an annotation by its words, in this article and in others: an input with a list of what the server finds
 * (ARIA 1.2 combobox). Says `take` with the end, `enter` when nothing is typed, `leave` when the person gives up.
 */

const DEBOUNCE = 150;

export class EndFinder extends EventTarget {
  /** @param {HTMLElement} box @param {(typed: string) => Promise<string>} ask  for the options of a list */
  constructor(box, ask) {
    super();
    this.ask = ask;
    this.input = /** @type {HTMLInputElement} */ (box.querySelector("[role=combobox]"));
    this.list = /** @type {HTMLElement} */ (box.querySelector("[role=listbox]"));
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#take(/** @type {Element} */ (event.target).closest("[role=option]")));
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  empty() {
    this.input.value = "";
    this.#close();
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#fill(), DEBOUNCE);
  }

  async #fill() {
    clearTimeout(this.timer);
    const typed = this.input.value;
    if (!typed.trim()) {
      this.#close();
      return;
    }
    const html = await this.ask(typed);
    if (this.input.value !== typed || document.activeElement !== this.input) return;
    this.list.innerHTML = html;
    this.#options().forEach((option, i) => (option.id = `relating-end-${i}`));
    this.list.hidden = !html;
    this.input.setAttribute("aria-expanded", String(Boolean(html)));
    this.#activate(this.#options()[0]);
  }

  #options() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("[role=option]")]);
  }

  #active() {
    return this.list.querySelector("[aria-selected=true]");
  }

  /** @param {HTMLElement | undefined} option */
  #activate(option) {
    this.#active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const options = this.#options();
    if (step && options.length) {
      event.preventDefault();
      const at = options.indexOf(/** @type {HTMLElement} */ (this.#active()));
      this.#activate(options[(at + step + options.length) % options.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.#active()) this.#take(this.#active());
      else if (!this.input.value.trim()) this.dispatchEvent(new Event("enter"));
      else this.#takeFirst();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (!this.list.hidden || this.input.value) this.empty();
      else this.dispatchEvent(new Event("leave"));
    }
  }

  /** Enter came before the answer did. */
  async #takeFirst() {
    await this.#fill();
    this.#take(this.#active());
  }

  /** @param {Element | null} option */
  #take(option) {
    const { end, tag, elsewhere } = /** @type {HTMLElement | null} */ (option)?.dataset ?? {};
    if (!end) return;
    const words = option?.querySelector(".end-words")?.textContent ?? "";
    this.empty();
    this.dispatchEvent(new CustomEvent("take", { detail: { id: end, tag: tag ?? "", words, elsewhere: elsewhere ?? "" } }));
  }

  #close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
