// @ts-check
/**
 * The review page's single keys. They are ignored in form fields and with modifiers and can be remapped; whether
 * single keys act at all is one choice for all pages (the article page's keys.js), and both are this browser's.
 */

const SWITCH = "fc:keys";
const STORED = "fc:review-keys";

/** @param {string} name */
function stored(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "{}");
  } catch {
    return {};
  }
}

export class ReviewKeys extends EventTarget {
  /** @param {HTMLDialogElement} dialog  its inputs hold the keys, named by what they do */
  constructor(dialog) {
    super();
    this.dialog = dialog;
    /** @type {HTMLInputElement[]} */
    this.inputs = [...dialog.querySelectorAll("input")].filter((input) => input.type === "text");
    this.switch = /** @type {HTMLInputElement} */ (dialog.querySelector("input[name=on]"));
    this.#load();
    dialog.addEventListener("input", (event) => this.#edited(/** @type {HTMLInputElement} */ (event.target)));
    dialog.querySelector("[data-reset-keys]")?.addEventListener("click", () => {
      localStorage.removeItem(STORED);
      this.#load();
    });
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  #load() {
    this.switch.checked = stored(SWITCH).on ?? true;
    const keys = stored(STORED);
    for (const input of this.inputs) input.value = keys[input.name] ?? input.defaultValue;
    this.hint();
  }

  /** @param {HTMLInputElement} input */
  #edited(input) {
    if (input === this.switch) localStorage.setItem(SWITCH, JSON.stringify({ ...stored(SWITCH), on: input.checked }));
    else {
      const twin = this.inputs.find((other) => other !== input && other.value === input.value);
      if (twin && input.value) twin.value = ""; // one key does one thing
      const changed = this.inputs.filter((one) => one.value !== one.defaultValue).map((one) => [one.name, one.value]);
      localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(changed)));
    }
    this.hint();
  }

  /** Shows the keys on the controls that they press. */
  hint() {
    document.documentElement.classList.toggle("no-keys", !this.switch.checked);
    for (const { name, value } of this.inputs) {
      for (const hint of document.querySelectorAll(`[data-key="${name}"]`)) hint.textContent = value;
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog:modal")) return;
    const target = /** @type {Element} */ (event.target);
    const typing = target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return this.#tell(event, "send");
    if (event.key === "Escape" && !typing?.closest("fc-combobox")) return this.#tell(event, "escape");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !this.switch.checked) return;
    // Only where a digit has nothing else to do: shifted, it is another character.
    if (/^[0-9]$/.test(event.key)) return this.#tell(event, "reason", event.key);
    const pressed = event.key.toLowerCase();
    if (pressed.length === 1 && !event.shiftKey && this.#tell(event, "tag", pressed)) return;
    const input = this.inputs.find((one) => one.value && one.value.toLowerCase() === pressed);
    if (!input) return;
    if (event.shiftKey && pressed !== pressed.toUpperCase()) {
      if (input.name === "approve") this.#tell(event, "whole");
    } else this.#tell(event, input.name);
  }

  /** @param {KeyboardEvent} event @param {string} act @param {string} [value] */
  #tell(event, act, value = "") {
    const done = !this.dispatchEvent(new CustomEvent("press", { cancelable: true, detail: { act, value } }));
    if (done) event.preventDefault();
    return done;
  }
}
