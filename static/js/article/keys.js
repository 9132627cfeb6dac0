// @ts-check
/**
 * Single keys and what they do. They are ignored in form fields and with modifiers, can be switched off and
 * remapped (WCAG 2.1.4), and that choice is this browser's.
 */

const STORED = "fc:keys";

export class Keys extends EventTarget {
  /** @param {HTMLDialogElement} dialog  its inputs hold the keys, named by what they do */
  constructor(dialog) {
    super();
    this.dialog = dialog;
    /** @type {HTMLInputElement[]} */
    this.inputs = [...dialog.querySelectorAll("input")].filter((input) => input.type === "text");
    this.switch = /** @type {HTMLInputElement} */ (dialog.querySelector("input[name=on]"));
    this.#load();
    dialog.addEventListener("input", (event) => this.#edited(/** @type {HTMLInputElement} */ (event.target)));
    dialog.querySelector("[data-reset-keys]")?.addEventListener("click", () => this.#reset());
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  get on() {
    return this.switch.checked;
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  #load() {
    try {
      const stored = JSON.parse(localStorage.getItem(STORED) ?? "{}");
      this.switch.checked = stored.on ?? true;
      for (const input of this.inputs) input.value = stored.keys?.[input.name] ?? input.defaultValue;
    } catch {
      localStorage.removeItem(STORED);
    }
    this.#hint();
  }

  /** @param {HTMLInputElement} input */
  #edited(input) {
    if (input !== this.switch) {
      const twin = this.inputs.find((other) => other !== input && other.value === input.value && rank(other) === rank(input));
      if (twin && input.value) twin.value = ""; // one key does one thing
    }
    const keys = Object.fromEntries(this.inputs.filter((i) => i.value !== i.defaultValue).map((i) => [i.name, i.value]));
    localStorage.setItem(STORED, JSON.stringify({ on: this.switch.checked, keys }));
    this.#hint();
  }

  #reset() {
    localStorage.removeItem(STORED);
    this.#load();
  }

  /** Shows the keys on the controls that they press. @param {ParentNode} [root] */
  #hint(root = document) {
    document.documentElement.classList.toggle("no-keys", !this.on);
    for (const { name, value } of this.inputs) {
      if (name.startsWith("tag:")) {
        const button = document.querySelector(`fc-toolbar [data-tag="${name.slice(4)}"]`);
        button?.setAttribute("aria-keyshortcuts", value);
        const hint = button?.querySelector("kbd");
        if (hint) hint.textContent = value;
      } else for (const hint of root.querySelectorAll(`[data-key="${name}"]`)) hint.textContent = value;
    }
  }

  /** Shows the keys in what has just been put on the page. @param {ParentNode} root */
  refresh(root) {
    this.#hint(root);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog:modal")) return;
    const target = /** @type {Element} */ (event.target);
    const typing = target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "z") {
      if (!typing && this.#tell("undo", "")) event.preventDefault();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" || event.key === "Delete" || event.key === "Enter") {
      if (event.key === "Enter" && target.closest("a, button, summary, [role=option]")) return;
      if (this.#tell(event.key.toLowerCase(), "")) event.preventDefault();
      return;
    }
    if (!this.on) return;
    if (/^[0-9]$/.test(event.key) && this.#tell("attribute", event.key)) {
      event.preventDefault();
      return;
    }
    if (event.key === " " && !target.closest("a, button, summary, [role=option]") && this.#tell("mark", "")) {
      event.preventDefault();
      return;
    }
    // A tag's key counts only while words are chosen, a relation's only while relating: each may be the same as another key.
    const pressed = this.inputs.filter((input) => input.value && input.value === event.key.toLowerCase());
    for (const input of pressed.sort((a, b) => rank(a) - rank(b))) {
      const [act, tag] = input.name.split(":");
      if (this.#tell(act, tag ?? "")) {
        event.preventDefault();
        return;
      }
    }
  }

  /** @param {string} act @param {string} value @returns {boolean} whether somebody did it */
  #tell(act, value) {
    return !this.dispatchEvent(new CustomEvent("press", { cancelable: true, detail: { act, value } }));
  }
}

/** Which keys get in each other's way: those of tags, those of relations, the others. @param {HTMLInputElement} input */
function rank(input) {
  if (input.name.startsWith("tag:")) return 0;
  return input.name.startsWith("kind:") || input.name === "reverse" ? 1 : 2;
}
