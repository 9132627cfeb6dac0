// @ts-check
/**
 * <fc-combobox data-suggest="…">: an input that offers what the server finds for it (ARIA 1.2 combobox). The
 * option taken goes into the hidden input as an id; typing on takes it out again.
 */

const DEBOUNCE = 120;

export class Combobox extends HTMLElement {
  connectedCallback() {
    this.input = /** @type {HTMLInputElement} */ (this.querySelector("[role=combobox]"));
    this.list = /** @type {HTMLElement} */ (this.querySelector("[role=listbox]"));
    this.id_ = /** @type {HTMLInputElement} */ (this.querySelector("[data-id]"));
    this.make = /** @type {HTMLInputElement} */ (this.querySelector("[data-make]"));
    this.asked = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    // Nothing is offered before something is typed or asked for by an arrow: the list would cover the choices below.
    this.input.addEventListener("blur", () => this.#close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#take(/** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=option]"))));
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

  #typed() {
    this.id_.value = "";
    this.make.value = "";
    this.dispatchEvent(new CustomEvent("fc:choice", { bubbles: true }));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), DEBOUNCE);
  }

  async #ask() {
    const typed = this.input.value;
    this.asked = typed;
    let html;
    try {
      const response = await fetch(`${this.dataset.suggest}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" }, redirect: "manual" });
      html = response.ok ? await response.text() : "";
    } catch {
      html = ""; // without suggestions the name can still be typed
    }
    if (this.asked !== typed || this.input.value !== typed || document.activeElement !== this.input) return;
    this.list.innerHTML = html;
    // Where only what is there can be meant, making a new one is not offered.
    if (this.hasAttribute("data-known")) this.list.querySelector('[data-source=""]')?.remove();
    this.options.forEach((option, i) => {
      option.id ||= `${this.list.id}-${i}`;
      option.setAttribute("aria-selected", "false");
    });
    const open = this.options.length > 0;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.#activate(this.options[0] && meant(this.options[0], typed) ? this.options[0] : undefined);
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
    const open = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!open) {
        this.#ask();
        return;
      }
      const options = this.options;
      const at = this.active ? options.indexOf(this.active) + step : step > 0 ? 0 : options.length - 1;
      this.#activate(options[(at + options.length) % options.length]);
    } else if (event.key === "Enter" && open && this.active) {
      event.preventDefault(); // takes the option; Enter again sends the form
      this.#take(this.active);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    }
  }

  /** @param {HTMLElement | null} option */
  #take(option) {
    if (!option) return;
    const { source, name } = option.dataset;
    this.id_.value = source ?? "";
    this.make.value = source ? "" : "1";
    if (name) this.input.value = name;
    this.#close();
    this.dispatchEvent(new CustomEvent("fc:choice", { bubbles: true }));
  }

  #close() {
    clearTimeout(this.timer);
    this.asked = "\0"; // an answer that is still on its way opens nothing
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
