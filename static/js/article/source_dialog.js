// @ts-check
/**
 * The source dialog: the server's form, beside the text and not over it, so that names and attributing words
 * can be taken from the article while it is open.
 */
import { written } from "../anchoring/extents.js";
import { dropDraft, restoreDrafts } from "../components/drafts.js";

export class SourceDialog {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.dialog = /** @type {HTMLDialogElement} */ (desk.querySelector("#source-dialog"));
    this.id = "";
    desk.addEventListener("click", (event) => this.#click(event));
    this.dialog.addEventListener("change", (event) => {
      if (event.target instanceof HTMLSelectElement) event.target.dataset.chosen = "1";
      this.#show();
    });
    this.dialog.addEventListener("fc:choice", () => this.#show());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      this.close({ giveUp: true });
    });
    // The form comes back when something in it is wrong.
    document.addEventListener("htmx:after:swap", () => this.open && this.#ready(false));
  }

  get open() {
    return this.dialog.open;
  }

  /** Opens it for an annotation that may still be on its way. @param {string} id @param {string} name */
  openFor(id, name) {
    if (!id || !this.desk.config.can_annotate) return false;
    const card = this.desk.cards.of(id);
    if (card && card.dataset.own === undefined) this.desk.say(this.desk.words.not_yours);
    else this.#open(id, `${this.desk.url("link", id)}?${new URLSearchParams({ role: "speaker", name })}`);
    return true;
  }

  /** Closes it; what was typed goes only when the person gives it up. */
  close({ giveUp = false } = {}) {
    if (!this.open) return;
    const form = this.dialog.querySelector("form");
    if (giveUp && form) dropDraft(form, this.desk.scope);
    const inside = this.dialog.contains(document.activeElement);
    this.dialog.close();
    this.dialog.replaceChildren();
    if (!inside) return;
    // Back to where one was working: behind the words that were linked, not at the article's beginning.
    const end = this.desk.cards.of(this.id)?.dataset.extent?.split("-").at(-1);
    if (end) this.desk.caret.put(Number(end));
    this.desk.text.focus({ preventScroll: true });
  }

  /** @param {string} name */
  takeName(name) {
    const box = /** @type {import("../components/combobox.js").Combobox | null} */ (this.dialog.querySelector("fc-combobox"));
    box?.input?.focus();
    box?.fill(name);
  }

  /** @param {[number, number][]} extent @param {string} words */
  takeCue(extent, words) {
    const field = this.#field("cue");
    if (!field) return;
    field.value = written(extent);
    /** @type {HTMLElement} */ (this.dialog.querySelector(".cue-words")).textContent = words;
    /** @type {HTMLDetailsElement} */ (this.dialog.querySelector(".source-more")).open = true;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement | null} */ (this.dialog.querySelector(`[name="${name}"]`));
  }

  /** @param {string} id @param {string} url */
  async #open(id, url) {
    if (!(await this.desk.outbox.settled(id))) return;
    const html = await this.desk.changes.get(url);
    if (!html) {
      this.desk.forms.say(this.desk.words.form_lost);
      return;
    }
    this.id = id;
    this.dialog.innerHTML = html;
    /** @type {any} */ (window).htmx?.process(this.dialog);
    // A name taken from the article is meant now; without one, what was typed and not sent comes back.
    if (!this.#field("source_name")?.value) restoreDrafts(this.dialog, this.desk.scope);
    if (!this.open) this.dialog.show();
    this.#ready(true);
  }

  /** @param {boolean} fresh */
  #ready(fresh) {
    const id = /** @type {HTMLInputElement | null} */ (this.dialog.querySelector("[data-fresh-id]"));
    if (id && !id.value) id.value = crypto.randomUUID(); // sent twice, it is made once
    this.#show();
    const first = this.dialog.querySelector("[aria-invalid=true], .near button") ?? (fresh ? this.dialog.querySelector("[role=combobox]") : null);
    /** @type {HTMLElement | null} */ (first)?.focus();
    if (first instanceof HTMLInputElement) first.select();
  }

  /** Shows the fields of the chosen role, and of a new source only when it is new. */
  #show() {
    const role = /** @type {HTMLInputElement | null} */ (this.dialog.querySelector("[name=role]:checked"))?.value ?? "speaker";
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (this.dialog.querySelectorAll("[data-for]"))) {
      part.hidden = !(part.dataset.for ?? "").split(" ").includes(role);
    }
    const kind = /** @type {HTMLElement | null} */ (this.dialog.querySelector("[data-for-new]"));
    // Asked as soon as a name stands there that was not chosen: what would be made is never a surprise.
    if (kind) kind.hidden = Boolean(this.#field("source")?.value) || !this.#field("source_name")?.value.trim();
    const kinds = kind?.querySelector("select");
    if (kinds && !kinds.dataset.chosen) kinds.value = role === "document" ? "document" : kinds.value === "document" ? "person" : kinds.value;
    const clear = /** @type {HTMLElement | null} */ (this.dialog.querySelector("[data-clear-cue]"));
    if (clear) clear.hidden = !this.#field("cue")?.value;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("[data-source], [data-edit-link]"));
    if (link && link.tagName === "A" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const card = link.closest(".cards > li");
      const url = new URL(link.href);
      if (link.hasAttribute("data-source") && this.desk.selecting.extent.length) url.searchParams.set("name", this.desk.selecting.words);
      if (card) this.#open(this.desk.cards.idOf(card), url.pathname + url.search);
    }
    if (target.closest("[data-close-dialog]")) {
      event.preventDefault();
      this.close({ giveUp: true });
    }
    if (target.closest("[data-clear-cue]")) {
      this.takeCue([], "");
    }
  }
}
