// @ts-check
/**
 * The controls of the chosen card, by pointer and by key. Short acts are plain forms that are caught here and
 * go through the outbox; forms in which one types are htmx's.
 */
import { uuid7 } from "../components/uuid7.js";
import { phrase, shortened } from "./sentences.js";

export class Forms {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.undoing = Promise.resolve();
    this.note = /** @type {HTMLElement} */ (desk.querySelector("#desk-note"));
    desk.addEventListener("submit", (event) => this.#submit(event));
    desk.addEventListener("click", (event) => this.#click(event));
    desk.addEventListener("keydown", (event) => this.#field(event));
  }

  /** The control that a key presses; false when there is none to press. @param {string} act @param {string} value */
  press(act, value) {
    const { choosing, cards } = this.desk;
    const card = cards.of(choosing.id);
    if (!choosing.id) return false;
    if (card && card.dataset.own === undefined) {
      this.desk.say(this.desk.words.not_yours);
      return true;
    }
    if (act === "same") this.#same(choosing.id);
    else if (act === "withdraw" || act === "delete") this.#withdraw(choosing.id);
    else if (act === "note") this.#go("textarea[name=note]");
    else if (act === "attribute") return this.#attribute(Number(value));
    return true;
  }

  /** Not through the outbox: an undo that is sent twice would undo twice. */
  undo() {
    if (!this.desk.config.can_annotate) return false;
    this.undoing = this.undoing.then(() => this.#undo()); // one after the other, as they were asked for
    return true;
  }

  async #undo() {
    const { outbox, config, words } = this.desk;
    await outbox.run();
    if (outbox.waiting.length) return;
    const outcome = await this.desk.once(config.urls.undo, { at: this.desk.choosing.id });
    if (!outcome.ok) this.say(outcome.again ? words.undo_lost : outcome.reason);
    else this.say(this.desk.said);
    this.desk.cards.of(this.desk.choosing.id)?.scrollIntoView({ block: "nearest" });
  }

  /** Shows a sentence where the outbox speaks, for what is not kept there. @param {string} sentence @param {HTMLElement} [more] */
  say(sentence, more) {
    const p = document.createElement("p");
    p.append(sentence, " ", ...(more ? [more] : []));
    this.note.replaceChildren(p);
    if (!more) this.desk.say(sentence);
  }

  /** @param {string} message @param {string} url */
  offerUndo(message, url) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-s";
    button.textContent = this.desk.querySelector("[data-act=undo] button")?.firstChild?.textContent?.trim() ?? "";
    button.addEventListener("click", () => {
      this.note.replaceChildren();
      this.desk.choosing.clear();
      this.desk.outbox.add({ url, fields: {}, words: message });
    });
    this.say(message, button);
  }

  /** @param {string} id */
  #same(id) {
    this.desk.outbox.add({
      url: this.desk.url("same", id),
      thing: id,
      fields: { id: uuid7() },
      words: phrase(this.desk.words.same, this.#wordsOf(id)),
    });
  }

  /** @param {string} id */
  #withdraw(id) {
    this.desk.outbox.add({ url: this.desk.url("withdraw", id), thing: id, fields: {}, words: phrase(this.desk.words.withdrawn, this.#wordsOf(id)) });
  }

  /** A digit: first the attribute, then (in its group) the value; the same value again takes it off, as 0 does.
   * @param {number} number */
  #attribute(number) {
    const card = this.desk.cards.of(this.desk.choosing.id);
    const group = document.activeElement?.closest(".attribute");
    if (group && card?.contains(group)) return this.#value(group, number);
    const chosen = card?.querySelector(`.attribute[data-attribute="${number}"]`);
    const field = chosen?.querySelector("input:checked") ?? chosen?.querySelector("input");
    if (!chosen || !field) return false;
    /** @type {HTMLDetailsElement} */ (chosen.closest("details")).open = true;
    this.desk.panel.open();
    /** @type {HTMLElement} */ (field).focus();
    chosen.scrollIntoView({ block: "nearest" });
    return true;
  }

  /** @param {Element} group @param {number} number */
  #value(group, number) {
    const wanted = /** @type {HTMLInputElement | null} */ (group.querySelector(`[data-number="${number}"]`));
    const none = /** @type {HTMLInputElement | null} */ (group.querySelector('[data-number="0"]'));
    const radio = wanted?.checked ? none : wanted;
    if (radio && !radio.checked) {
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (wanted) this.leave();
    return true;
  }

  /** Leaves the attributes for where one can go on; false when one is not there. */
  leave() {
    if (!document.activeElement?.closest(".attribute")) return false;
    this.desk.text.focus({ preventScroll: true });
    return true;
  }

  /** @param {string} selector */
  async #go(selector) {
    const { choosing, outbox, cards } = this.desk;
    const id = choosing.id;
    if (!(await outbox.settled(id))) return;
    if (!cards.of(id)?.querySelector(selector)) await choosing.choose(id, { from: "card" });
    this.desk.panel.open();
    /** @type {HTMLElement | null | undefined} */ (cards.of(id)?.querySelector(selector))?.focus();
  }

  /** @param {string} id */
  #wordsOf(id) {
    return shortened(this.desk.cards.of(id)?.querySelector(".card-words")?.textContent ?? "");
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const act = form.dataset.act;
    if (!act) return;
    event.preventDefault();
    const card = form.closest(".cards > li");
    const id = card ? this.desk.cards.idOf(card) : "";
    if (act === "undo") this.undo();
    else if (act === "same") this.#same(id);
    else if (act === "withdraw") this.#withdraw(id);
    else if (act === "unlink") this.desk.outbox.add({ url: form.getAttribute("action") ?? "", thing: id, fields: {}, words: form.querySelector("button")?.ariaLabel ?? "" });
    else if (act === "move") this.#move(id, form, /** @type {HTMLButtonElement} */ (event.submitter));
    else if (act === "retag") this.#retag(id, form, /** @type {HTMLButtonElement} */ (event.submitter));
  }

  /** Along the chain of who passed it on. @param {string} id @param {HTMLFormElement} form @param {HTMLButtonElement} button */
  #move(id, form, button) {
    this.desk.outbox.add({
      url: form.getAttribute("action") ?? "",
      thing: id,
      fields: { step: button.value },
      words: phrase(this.desk.words.moved, this.#wordsOf(id)),
    });
  }

  /** @param {string} id @param {HTMLFormElement} form @param {HTMLButtonElement} button */
  #retag(id, form, button) {
    const card = this.desk.cards.of(id);
    if (!card || button.value === card.dataset.tag) return;
    this.desk.outbox.add({
      url: form.getAttribute("action") ?? "",
      thing: id,
      fields: { tag: button.value, revision: card.dataset.revision ?? "" },
      words: phrase(this.desk.words.retagged, { tag: this.desk.titleOf(button.value), words: this.#wordsOf(id) }),
      paint: { tag: button.value, extent: this.desk.cards.extentOf(id) },
    });
  }

  /** Esc and Enter in a field of the attributes: as it was, or saved; either way out of it. @param {KeyboardEvent} event */
  #field(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (!field.matches?.(".attribute > input") || (event.key !== "Escape" && event.key !== "Enter")) return;
    event.preventDefault();
    if (event.key === "Escape") field.value = field.defaultValue;
    this.leave(); // what was changed is saved as the field is left
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    const card = target.closest(".cards > li");
    if (card && target.closest("[data-reword]")) this.desk.reword(this.desk.cards.idOf(card));
    const theirs = target.closest("[data-theirs]");
    if (card && theirs) {
      event.preventDefault();
      const id = this.desk.cards.idOf(card);
      for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (card.querySelectorAll("form[data-draft]"))) form.remove();
      localStorage.removeItem(`fc:draft:${this.desk.scope}:note:${id}`);
      this.desk.changes.refresh({ key: "", url: "", fields: {}, words: "", thing: id });
    }
  }
}
