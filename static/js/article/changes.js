// @ts-check
/**
 * Puts the server's answers in place: blocks of the text redrawn, cards made, changed or gone. What somebody
 * is doing meanwhile (selecting, typing) goes on.
 */
import { placeOf, pointOf } from "../anchoring/offsets.js";
import { dropDraft, restoreDrafts } from "../components/drafts.js";

export class Changes {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    document.addEventListener("htmx:after:request", (event) => this.#answered(/** @type {CustomEvent} */ (event)));
  }

  /** @param {string} url */
  async get(url) {
    try {
      const response = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "manual" });
      return response.ok ? await response.text() : "";
    } catch {
      return "";
    }
  }

  /** Takes an answer. Of one's own act, what it made is chosen, unless the person has gone on to something else.
   * @param {string} html @param {import("./outbox.js").Act} [act] */
  apply(html, act) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const changes = /** @type {HTMLElement | null} */ (template.content.querySelector("fc-changes"));
    if (!changes) return;
    const { cards, marks } = this.desk;
    const missing = new Set();
    const selection = this.#selection();
    for (const element of /** @type {HTMLElement[]} */ ([...changes.children])) {
      if (element.matches("p, h1")) for (const id of marks.replace(element)) missing.add(id);
      else if (element.matches("fc-gone")) this.#gone(element.dataset.id ?? "");
      else if (element.matches("li")) this.#put(element, act);
    }
    if (selection && !document.activeElement?.matches("input, textarea")) this.#select(selection);
    for (const id of [...missing]) if (cards.of(id)) missing.delete(id);
    if (missing.size) this.#fetch([...missing]);
    marks.choose(this.desk.choosing.id);
    this.desk.filters.refresh();
    this.desk.painting.refresh();
    this.desk.relating.refresh();
    this.desk.edges.draw();
    this.desk.caret.draw();
    if (changes.dataset.message) this.#say(changes.dataset.message, changes.dataset.undo ?? "");
  }

  /** Shows again how something stands, after one's own wish for it was given up. @param {import("./outbox.js").Act} act */
  async refresh(act) {
    const card = act.thing ? this.desk.cards.of(act.thing) : null;
    if (!card) return;
    const query = new URLSearchParams({ id: act.thing ?? "", spans: card.dataset.extent ?? "" });
    const html = await this.get(`${this.desk.config.urls.fresh}?${query}`);
    this.apply(html);
    const now = this.desk.cards.of(act.thing ?? "")?.dataset.extent;
    if (now && now !== card.dataset.extent) this.apply(await this.get(`${this.desk.config.urls.fresh}?${new URLSearchParams({ spans: now })}`));
    if (act.thing === this.desk.choosing.id) {
      this.desk.choosing.id = "";
      this.desk.choosing.choose(act.thing, { from: "card" });
    }
  }

  /** What arrived with controls of its own begins to work. @param {HTMLElement} element */
  enliven(element) {
    /** @type {any} */ (window).htmx?.process(element);
    restoreDrafts(element, this.desk.scope);
    this.desk.keys.refresh(element);
  }

  /** @param {HTMLElement} card @param {import("./outbox.js").Act} [act] */
  #put(card, act) {
    const { cards, marks, choosing } = this.desk;
    const id = cards.idOf(card);
    const open = card.classList.contains("on");
    if (open && id !== choosing.id) {
      if (act || choosing.id) {
        // The person has chosen another one meanwhile: this one stays short.
        card.classList.remove("on");
        card.querySelector(":scope > .more")?.remove();
        card.querySelector("[data-choose]")?.removeAttribute("aria-current");
      } else choosing.id = id;
    }
    if (open && id === choosing.id && act) choosing.asked++; // a card asked for before this answer is older than it
    const old = cards.of(id);
    const focus = old?.contains(document.activeElement) ? focusPath(/** @type {Element} */ (document.activeElement)) : null;
    if (!open && old?.classList.contains("on") && id === choosing.id) {
      const more = old.querySelector(":scope > .more");
      card.classList.add("on");
      if (more) card.append(more);
    }
    cards.put(card, marks.numberOf(id));
    if (card.classList.contains("on")) this.enliven(card);
    if (focus) /** @type {HTMLElement | null} */ (card.querySelector(focus))?.focus({ preventScroll: true });
    if (open && act && id === choosing.id) card.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} id */
  #gone(id) {
    const { cards, choosing } = this.desk;
    const card = cards.of(id);
    if (!card) return;
    const focused = card.contains(document.activeElement);
    const next = focused ? (cards.beside(id, 1) ?? cards.beside(id, -1)) : null;
    card.remove();
    if (choosing.id === id) choosing.clear();
    if (focused) (/** @type {HTMLElement | null} */ (next?.querySelector("[data-choose]")) ?? this.desk.text).focus({ preventScroll: true });
  }

  /** Colleagues' annotations that a redrawn block shows and that have no card here yet. @param {string[]} ids */
  async #fetch(ids) {
    const query = new URLSearchParams(ids.map((id) => ["id", id]));
    this.apply(await this.get(`${this.desk.config.urls.fresh}?${query}`));
  }

  /** A form of htmx was answered: success brings changes, anything else is drawn where the form was.
   * @param {CustomEvent} event */
  #answered(event) {
    const { ctx } = event.detail;
    if (!ctx?.response || ctx.response.status >= 300 || !ctx.text?.startsWith("<fc-changes")) return;
    const form = ctx.sourceElement?.closest("form");
    if (form) dropDraft(form, this.desk.scope);
    for (const one of [this.desk.source, this.desk.relation]) if (form && one.dialog.contains(form)) one.close();
    this.apply(ctx.text);
  }

  #selection() {
    const selection = getSelection();
    const { text } = this.desk;
    if (!selection?.rangeCount || !selection.anchorNode || !selection.focusNode) return null;
    if (!text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return null;
    return [placeOf(text, selection.anchorNode, selection.anchorOffset), placeOf(text, selection.focusNode, selection.focusOffset)];
  }

  /** @param {number[]} places */
  #select([anchor, focus]) {
    const { text } = this.desk;
    const selection = getSelection();
    const now = this.#selection();
    if (now && now[0] === anchor && now[1] === focus) return;
    selection?.setBaseAndExtent(...pointOf(text, anchor, anchor > focus), ...pointOf(text, focus, focus >= anchor));
  }

  /** @param {string} message @param {string} undo */
  #say(message, undo) {
    this.desk.say(message);
    if (undo) this.desk.forms.offerUndo(message, undo);
    else this.desk.forms.note.replaceChildren();
  }
}

/** A selector that finds the same control in the card that comes. @param {Element} element */
function focusPath(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const name = element.getAttribute("name");
  const value = element.getAttribute("value");
  if (name) return `[name="${CSS.escape(name)}"]${value ? `[value="${CSS.escape(value)}"]` : ""}`;
  const act = element.closest("form")?.dataset.act;
  if (act) return `form[data-act="${act}"] button`;
  if (element.hasAttribute("data-source")) return "[data-source]";
  return "[data-choose]";
}
