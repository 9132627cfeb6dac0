// @ts-check
/**
 * The source dialog: the server's form, beside the text and not over it, so that names and attributing words
 * can be taken from the article while it is open. By key that is F6 there and back.
 */
import { written } from "../anchoring/extents.js";
import { dropDraft, restoreDrafts } from "../components/drafts.js";
import { uuid7 } from "../components/uuid7.js";

const PATIENCE = 2000; // ms for which keys are kept for a dialog that is still being asked for

export class SourceDialog {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.dialog = /** @type {HTMLDialogElement} */ (desk.querySelector("#source-dialog"));
    this.id = "";
    /** What the focus goes back to on the card; nothing when it came from the text. */
    this.opener = "";
    /** @type {Element | null} */
    this.left = null; // the field that one left for the text
    desk.addEventListener("click", (event) => this.#click(event));
    this.dialog.addEventListener("change", (event) => {
      if (/** @type {HTMLInputElement} */ (event.target).name === "kind") this.#kinds()?.setAttribute("data-chosen", "");
      this.#show();
    });
    this.dialog.addEventListener("fc:choice", (event) => this.#chose(/** @type {CustomEvent} */ (event)));
    this.dialog.addEventListener("fc:unknown", (event) => this.#unknown(/** @type {CustomEvent} */ (event)));
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      this.close({ giveUp: true });
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "F6" || !this.open || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      if (this.dialog.contains(document.activeElement)) this.toText();
      else this.back();
    });
    // Words that are selected and not put anywhere are meant as the attributing ones: nothing of it is lost.
    this.dialog.addEventListener("submit", () => this.#takeSelected(), { capture: true });
    // The form comes back when something in it is wrong.
    document.addEventListener("htmx:after:swap", () => this.open && this.#ready(false));
  }

  get open() {
    return this.dialog.open;
  }

  /** Opens it for an annotation that may still be on its way. @param {string} id @param {string} name @param {string} role */
  openFor(id, name, role = "speaker") {
    if (this.open) {
      if (name) this.takeName(name);
      else this.back();
      return true;
    }
    if (!id || !this.desk.config.can_annotate) return false;
    const card = this.desk.cards.of(id);
    this.opener = "";
    if (card && card.dataset.own === undefined) this.desk.say(this.desk.words.not_yours);
    else {
      const keys = held();
      this.#open(id, `${this.desk.url("link", id)}?${new URLSearchParams({ role, name })}`, role).finally(() => this.#replay(keys()));
    }
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
    this.left = null;
    this.desk.selecting.drop(); // what was selected for the form is of no use without it
    if (!inside) return;
    const card = this.desk.cards.of(this.id);
    const opener = this.opener ? /** @type {HTMLElement | null} */ (card?.querySelector(this.opener)) : null;
    if (opener) {
      opener.focus({ preventScroll: true });
      return;
    }
    // Back to where one was working: behind the words that were linked, not at the article's beginning.
    const end = card?.dataset.extent?.split("-").at(-1);
    if (end) this.desk.caret.put(Number(end));
    this.desk.text.focus({ preventScroll: true });
  }

  /** Goes to the text to select words there; the dialog stays. */
  toText() {
    this.left = document.activeElement;
    const start = this.desk.cards.of(this.id)?.dataset.extent?.split("-")[0];
    if (start && !this.desk.selecting.extent.length) this.desk.caret.put(Number(start));
    this.desk.text.focus({ preventScroll: true });
    this.desk.say(this.desk.words.in_text);
  }

  /** Comes back from the text, to where one left. */
  back() {
    const field = /** @type {HTMLElement | null} */ (this.left?.isConnected ? this.left : this.dialog.querySelector("[role=combobox]"));
    this.left = null;
    field?.focus();
  }

  /** Esc in the text: back to the dialog, or away with it for who never left it for the text. */
  escape() {
    if (this.left) this.back();
    else this.close({ giveUp: true });
    return true;
  }

  /** @param {string} name */
  takeName(name) {
    const box = this.#box();
    this.left = null;
    box?.input?.focus();
    box?.fill(name);
  }

  /** @param {[number, number][]} extent @param {string} words */
  takeCue(extent, words) {
    const field = this.#field("cue");
    if (!field) return;
    field.value = written(extent);
    /** @type {HTMLElement} */ (this.dialog.querySelector(".cue-words")).textContent = words;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (this.left) this.back();
  }

  #box() {
    return /** @type {import("../components/combobox.js").Combobox | null} */ (this.dialog.querySelector("fc-combobox"));
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement | null} */ (this.dialog.querySelector(`[name="${name}"]`));
  }

  #role() {
    return /** @type {HTMLInputElement | null} */ (this.dialog.querySelector("[name=role]:checked"))?.value ?? "speaker";
  }

  #kinds() {
    return /** @type {HTMLElement | null} */ (this.dialog.querySelector("[data-for-new]"));
  }

  /** @param {string} id @param {string} url @param {string} role */
  async #open(id, url, role) {
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
    const asked = /** @type {HTMLInputElement | null} */ (this.dialog.querySelector(`[name=role][value="${role}"]`));
    if (role !== "speaker" && asked) asked.checked = true;
    this.desk.keys.refresh(this.dialog);
    if (!this.open) this.dialog.show();
    this.#ready(true);
  }

  #takeSelected() {
    const { selecting } = this.desk;
    if (selecting.extent.length && this.#field("cue")?.value === "") this.takeCue(selecting.extent, selecting.words);
  }

  /** What was typed while the dialog was on its way. @param {string[]} keys */
  #replay(keys) {
    const box = this.#box();
    if (!this.open || !box || document.activeElement !== box.input) return;
    for (const key of keys) {
      if (key.length === 1) box.fill((box.input?.selectionStart === 0 ? "" : box.input?.value ?? "") + key);
      else box.press(key);
    }
  }

  /** @param {boolean} fresh */
  #ready(fresh) {
    const id = /** @type {HTMLInputElement | null} */ (this.dialog.querySelector("[data-fresh-id]"));
    if (id && !id.value) id.value = uuid7(); // sent twice, it is made once
    this.#show();
    const first = this.dialog.querySelector("[data-asks]") ?? this.dialog.querySelector("[aria-invalid=true]") ?? (fresh ? this.dialog.querySelector("[role=combobox]") : null);
    /** @type {HTMLElement | null} */ (first)?.focus();
    if (first instanceof HTMLInputElement) first.select();
  }

  /** Of a new link, a known source that Enter takes is all there is to say: it is saved. A document has a place yet to
   * be named. @param {CustomEvent} event */
  #chose(event) {
    this.#show();
    if (event.target !== this.#box() || event.detail.by !== "enter") return;
    const form = this.dialog.querySelector("form");
    if (!this.#field("source")?.value) this.#askKind();
    else if (this.dialog.querySelector("[data-fresh-id]") && this.#role() !== "document") form?.requestSubmit(form.querySelector("button"));
  }

  /** Enter on a name that nobody has: first what it is. One like others goes to the server, which asks which is meant.
   * @param {CustomEvent} event */
  #unknown(event) {
    if (event.target !== this.#box() || event.detail.alike) return;
    event.preventDefault();
    this.#show();
    this.#askKind();
  }

  #askKind() {
    /** @type {HTMLElement | null | undefined} */ (this.#kinds()?.querySelector(":checked"))?.focus();
  }

  /** Shows the fields of the chosen role, and of a new source only when it is new. */
  #show() {
    const role = this.#role();
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (this.dialog.querySelectorAll("[data-for]"))) {
      part.hidden = !(part.dataset.for ?? "").split(" ").includes(role);
    }
    const kinds = this.#kinds();
    // Asked as soon as a name stands there that was not chosen: what would be made is never a surprise.
    if (kinds) kinds.hidden = Boolean(this.#field("source")?.value) || !this.#field("source_name")?.value.trim();
    if (kinds && !kinds.hasAttribute("data-chosen")) {
      const fits = role === "document" ? "document" : "person";
      const given = /** @type {HTMLInputElement | null} */ (kinds.querySelector(":checked"))?.value;
      if ((given === "document") !== (role === "document")) this.#choose(fits);
    }
    const described = /** @type {HTMLElement | null} */ (this.dialog.querySelector("[data-described]"));
    if (described) described.hidden = false;
    const clear = /** @type {HTMLElement | null} */ (this.dialog.querySelector("[data-clear-cue]"));
    if (clear) clear.hidden = !this.#field("cue")?.value;
    const hop = /** @type {HTMLElement | null} */ (this.dialog.querySelector("[data-to-text]"));
    if (hop) hop.hidden = false;
  }

  /** @param {string} kind */
  #choose(kind) {
    const radio = /** @type {HTMLInputElement | null | undefined} */ (this.#kinds()?.querySelector(`[value="${kind}"]`));
    if (radio) radio.checked = true;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("[data-source], [data-edit-link]"));
    if (link && link.tagName === "A" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const card = link.closest(".cards > li");
      const url = new URL(link.href);
      const role = url.searchParams.get("role") ?? "speaker";
      this.opener = `a[href="${CSS.escape(link.getAttribute("href") ?? "")}"]`;
      if (link.hasAttribute("data-source") && this.desk.selecting.extent.length) url.searchParams.set("name", this.desk.selecting.words);
      if (card) this.#open(this.desk.cards.idOf(card), url.pathname + url.search, role);
    }
    if (target.closest("[data-close-dialog]")) {
      event.preventDefault();
      this.close({ giveUp: true });
    }
    if (target.closest("[data-clear-cue]")) this.takeCue([], "");
    if (target.closest("[data-to-text]")) this.toText();
    if (target.closest("[data-described]")) {
      this.#choose("unnamed");
      this.#kinds()?.setAttribute("data-chosen", "");
      this.#box()?.input?.focus();
    }
  }
}

/** Keeps the keys that come until it is asked for them: one who types fast means them for what is about to open. */
function held() {
  /** @type {string[]} */
  const keys = [];
  const keep = (/** @type {KeyboardEvent} */ event) => {
    const typing = /** @type {Element} */ (event.target).closest("input:not([type=checkbox], [type=radio]), textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length > 1 && !["Enter", "Tab", "ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keys.push(event.key);
  };
  const stop = () => document.removeEventListener("keydown", keep, true);
  document.addEventListener("keydown", keep, true);
  setTimeout(stop, PATIENCE);
  return () => {
    stop();
    return keys;
  };
}
