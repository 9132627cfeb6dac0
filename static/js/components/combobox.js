// @ts-check
/**
 * <fc-combobox data-suggest="…">: an input that offers what the server finds for it (ARIA 1.2 combobox). The
 * option taken goes into the hidden input as an id; typing on takes it out again.
 *
 * `fc:choice` says how something was taken (`by`: enter, tab, click, or typing), `fc:unknown` that Enter was pressed
 * on a name that is none of those offered; whoever prevents that one answers it. Keys that come while the server is
 * still being asked wait for what it says: whoever types faster than the answer gets the same.
 */

const DEBOUNCE = 120;
const FIELDS = "input:not([type=hidden]), textarea, select, button, summary";

export class Combobox extends HTMLElement {
  connectedCallback() {
    this.input = /** @type {HTMLInputElement} */ (this.querySelector("[role=combobox]"));
    this.list = /** @type {HTMLElement} */ (this.querySelector("[role=listbox]"));
    this.id_ = /** @type {HTMLInputElement} */ (this.querySelector("[data-id]"));
    this.make = /** @type {HTMLInputElement} */ (this.querySelector("[data-make]"));
    this.asked = "";
    this.asking = false;
    /** @type {string | null} */
    this.empty = null; // what the server had nothing for
    /** @type {string[]} */
    this.queued = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    // Nothing is offered before something is typed or asked for by an arrow: the list would cover the choices below.
    this.input.addEventListener("blur", () => this.#close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#take(/** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=option]")), "click"));
  }

  get options() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("[role=option]")]);
  }

  get active() {
    return this.options.find((option) => option.getAttribute("aria-selected") === "true");
  }

  /** Types for the person, as if by keys: words taken from the article. @param {string} name */
  fill(name) {
    this.input.value = name;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Presses a key for the person: one that came before the input was there. @param {string} key */
  press(key) {
    if (this.#waits(key) || this.#does(key)) return;
    if (key === "Enter") this.#send();
    if (key === "Tab") this.#onward();
  }

  #typed() {
    this.id_.value = "";
    this.make.value = "";
    this.#tell("fc:choice", { by: "typing" });
    clearTimeout(this.timer);
    this.queued = [];
    this.asking = true;
    this.timer = setTimeout(() => this.#ask(), DEBOUNCE);
  }

  async #ask() {
    clearTimeout(this.timer);
    const typed = this.input.value;
    this.asked = typed;
    this.asking = true;
    let html;
    try {
      const response = await fetch(`${this.dataset.suggest}?${this.#query(typed)}`, { headers: { "HX-Request": "true" }, redirect: "manual" });
      html = response.ok ? await response.text() : "";
    } catch {
      html = ""; // without suggestions the name can still be typed
    }
    if (this.asked !== typed || this.input.value !== typed || document.activeElement !== this.input) return;
    this.list.innerHTML = html;
    // Where only what is there can be meant, making a new one is not offered.
    if (this.hasAttribute("data-known")) this.list.querySelector('[data-source=""]')?.remove();
    this.options.forEach((option, i) => {
      option.id = `${this.list.id}-${i}`; // two lists may offer the same source
      option.setAttribute("aria-selected", "false");
    });
    const open = this.options.length > 0;
    this.empty = open ? null : typed;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.#activate(this.options[0] && meant(this.options[0], typed) ? this.options[0] : undefined);
    this.asking = false;
    for (const key of this.queued.splice(0)) this.press(key);
  }

  /** What is asked: the name as typed, for which article and role. @param {string} typed */
  #query(typed) {
    const role = /** @type {HTMLInputElement | null} */ (this.closest("form")?.querySelector("[name=role]:checked"))?.value;
    return new URLSearchParams({ q: typed, ...(this.dataset.article ? { article: this.dataset.article } : {}), ...(role ? { role } : {}) });
  }

  /** @param {HTMLElement | undefined} option */
  #activate(option) {
    this.active?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Escape" && (this.asking || !this.list.hidden)) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (this.#waits(event.key) || this.#does(event.key)) event.preventDefault();
  }

  /** Keeps a key for when the answer is there. @param {string} key */
  #waits(key) {
    if (!this.asking || !["Enter", "Tab", "ArrowDown", "ArrowUp"].includes(key)) return false;
    this.queued.push(key);
    return true;
  }

  /** Does what a key means; false leaves it to the browser. @param {string} key */
  #does(key) {
    const open = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && open) {
      const options = this.options;
      const at = this.active ? options.indexOf(this.active) + step : step > 0 ? 0 : options.length - 1;
      this.#activate(options[(at + options.length) % options.length]);
      return true;
    }
    if (step && this.empty !== this.input.value) {
      this.#ask();
      this.queued.push(key); // opened by an arrow, the first (or last) is marked
      return true;
    }
    if (key === "Enter" && open && this.active) return this.#take(this.active, "enter");
    if (key === "Enter" && this.input.value.trim() && !this.id_.value && !this.make.value) {
      const alike = this.options.some((option) => option.hasAttribute("data-alike"));
      return !this.#tell("fc:unknown", { alike });
    }
    if (key === "Tab" && open && this.active) this.#take(this.active, "tab"); // and on to the next field
    return false;
  }

  /** @param {HTMLElement | null} option @param {"enter" | "tab" | "click"} by */
  #take(option, by) {
    if (!option) return false;
    const { source, name } = option.dataset;
    this.id_.value = source ?? "";
    this.make.value = source ? "" : "1";
    if (name) this.input.value = name;
    this.#close();
    this.#tell("fc:choice", { by });
    return true;
  }

  #send() {
    const form = this.closest("form");
    form?.requestSubmit(form.querySelector("button"));
  }

  #onward() {
    const fields = /** @type {HTMLElement[]} */ ([...(this.closest("form")?.querySelectorAll(FIELDS) ?? [])]).filter((field) => field.offsetParent);
    fields[fields.indexOf(this.input) + 1]?.focus();
  }

  /** @param {string} name @param {Record<string, unknown>} detail @returns {boolean} whether nobody prevented it */
  #tell(name, detail) {
    return this.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));
  }

  #close() {
    clearTimeout(this.timer);
    this.asked = "\0"; // an answer that is still on its way opens nothing
    this.asking = false;
    this.queued = [];
    this.empty = null;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.#activate(undefined);
  }
}
/**
 * Whether what was typed begins one of the option's names, or a word of it. One that is only alike is offered, but
 * Enter does not take it: “John Kerry” must not become “John Kirby”.
 * @param {HTMLElement} option @param {string} typed
 */
function meant(option, typed) {
  const wanted = typed.trim().toLowerCase();
  if (!wanted || !option.dataset.source) return false;
  return [option.dataset.name ?? "", option.dataset.matched ?? ""].some((name) => ` ${name.toLowerCase()}`.includes(` ${wanted}`));
}
customElements.define("fc-combobox", Combobox);
