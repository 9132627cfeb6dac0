// @ts-check
/**
 * <fc-desk>: the article's page. Joins its parts: what is chosen in the text, what the cards show, what is on
 * its way to the server. The server's fragments are the truth; this only asks for them and puts them in place.
 */
import { written } from "../anchoring/extents.js";
import { rangeOf } from "../anchoring/offsets.js";
import { keepDrafts } from "../components/drafts.js";
import { uuid7 } from "../components/uuid7.js";
import { Caret } from "./caret.js";
import { Cards } from "./cards.js";
import { Changes } from "./changes.js";
import { Choosing } from "./choosing.js";
import { Edges } from "./edges.js";
import { Filters } from "./filters.js";
import { Forms } from "./forms.js";
import { Keys } from "./keys.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";
import { OutboxStatus } from "./outbox_status.js";
import { Painting } from "./painting.js";
import { Panel } from "./panel.js";
import { Relating } from "./relating.js";
import { RelationDialog } from "./relation_dialog.js";
import { Selecting } from "./selecting.js";
import { sendAct } from "./sending.js";
import { phrase, shortened } from "./sentences.js";
import { SourceDialog } from "./source_dialog.js";

/** @typedef {import("./outbox.js").Act} Act */
/** @typedef {[number, number]} Span */

export class Desk extends HTMLElement {
  connectedCallback() {
    this.config = JSON.parse(document.getElementById("fc-config")?.textContent ?? "{}");
    this.words = this.config.words;
    this.text = /** @type {HTMLElement} */ (this.querySelector("#article-text"));
    this.toolbar = /** @type {import("./toolbar.js").Toolbar | null} */ (this.querySelector("fc-toolbar"));
    document.body.dataset.lost = this.words.form_lost;
    document.body.dataset.signedOut = this.words.signed_out;
    const scope = `${this.config.user}:${this.config.article}`;
    this.cards = new Cards(/** @type {HTMLElement} */ (this.querySelector("#cards")));
    this.marks = new Marks(this.text, this.cards);
    this.painting = new Painting(this.text);
    this.selecting = new Selecting(this.text);
    this.caret = new Caret(this.text, /** @type {HTMLElement} */ (this.querySelector(".caret")), this.selecting);
    this.keys = new Keys(/** @type {HTMLDialogElement} */ (this.querySelector("#keys-dialog")));
    this.panel = new Panel(/** @type {HTMLElement} */ (this.querySelector(".panel")), [/** @type {HTMLElement} */ (this.querySelector(".read")), this.toolbar]);
    this.filters = new Filters(this);
    this.choosing = new Choosing(this);
    this.changes = new Changes(this);
    this.outbox = new Outbox({ store: localStorage, scope, send: (act) => sendAct(act, this.config, (html, of) => this.changes.apply(html, of)) });
    new OutboxStatus(/** @type {HTMLElement} */ (this.querySelector("#outbox")), this.outbox, this.words, (act) => this.changes.refresh(act));
    this.source = new SourceDialog(this);
    this.relation = new RelationDialog(this);
    this.edges = new Edges(this, (relation) => this.relation.openFor(relation, this.choosing.id));
    this.relating = new Relating(this);
    this.forms = new Forms(this);
    keepDrafts(scope);
    this.scope = scope;
    this.rewording = "";

    this.selecting.addEventListener("change", (event) => this.#selected(/** @type {CustomEvent} */ (event).detail.final));
    this.toolbar?.addEventListener("click", (event) => this.#tool(/** @type {Element} */ (event.target)));
    this.keys.addEventListener("press", (event) => this.#press(/** @type {CustomEvent} */ (event)));
    this.outbox.addEventListener("change", () => this.#onItsWay());
    this.querySelector("[data-open-keys]")?.addEventListener("click", () => this.keys.open());
    this.#onItsWay();
    this.outbox.run();
    this.choosing.start();
    this.dataset.ready = "";
  }

  /** Says something to those who listen. @param {string} sentence */
  say(sentence) {
    const said = /** @type {HTMLElement} */ (this.querySelector("#said"));
    said.textContent = sentence;
  }

  /** What was said last. */
  get said() {
    return this.querySelector("#said")?.textContent ?? "";
  }

  /** The address of something of an annotation. @param {string} name @param {string} id */
  url(name, id) {
    return this.config.urls[name].replace("00000000-0000-0000-0000-000000000000", id);
  }

  /** Tags the chosen words: drawn at once, saved as soon as the way is free. @param {string} tag */
  tag(tag) {
    const extent = this.selecting.extent;
    if (!extent.length) return;
    const id = uuid7();
    const exact = this.selecting.words;
    this.selecting.drop();
    this.choosing.expect(id);
    this.outbox.add({
      url: this.config.urls.create,
      thing: id,
      fields: { id, tag, spans: written(extent), exact, article_version: this.config.version },
      words: this.#phrase("tagged", { tag: this.titleOf(tag), words: shortened(exact) }),
      paint: { tag, extent },
    });
  }

  /** @param {string} tag */
  titleOf(tag) {
    return this.config.tags.find((/** @type {{name: string}} */ known) => known.name === tag)?.title ?? tag;
  }

  /** Sends one act now, without keeping it. @param {string} url @param {Record<string, string>} fields */
  once(url, fields) {
    return sendAct({ key: "", url, fields, words: "" }, this.config, (html) => {
      this.choosing.clear();
      this.changes.apply(html);
    });
  }

  /** Begins to choose other words for an annotation. @param {string} id */
  reword(id) {
    this.rewording = id;
    this.panel.close();
    this.selecting.choose(this.cards.extentOf(id));
    this.text.focus({ preventScroll: true });
  }

  #useWords() {
    const id = this.rewording;
    const extent = this.selecting.extent;
    if (!id || !extent.length) return;
    const exact = this.selecting.words;
    const card = this.cards.of(id);
    this.rewording = "";
    this.selecting.drop();
    if (!card || written(extent) === card.dataset.extent) return;
    this.outbox.add({
      url: this.url("change", id),
      thing: id,
      fields: { spans: written(extent), exact, revision: card.dataset.revision ?? "" },
      words: this.#phrase("reworded", shortened(exact)),
      paint: { tag: card.dataset.tag ?? "", extent },
    });
  }

  /** @param {string} name @param {string | Record<string, string>} values */
  #phrase(name, values) {
    return phrase(this.words[name], values);
  }

  /** @param {boolean} final */
  #selected(final) {
    const extent = this.selecting.extent;
    const toolbar = this.toolbar;
    if (!toolbar) return; // who may only read selects as in any page
    this.painting.pending(extent);
    if (!extent.length) {
      toolbar.hide();
      this.rewording = "";
      this.#pressed();
      return;
    }
    this.choosing.close();
    if (!final) {
      toolbar.hidden = true;
      return;
    }
    const groups = this.rewording ? ["reword"] : this.source.open ? ["source"] : ["tags"];
    toolbar.show(rangeOf(this.text, extent[extent.length - 1]), new Set(groups), this.selecting.adding);
    this.#pressed();
    this.say(this.#phrase("selected", shortened(this.selecting.words)));
  }

  #pressed() {
    for (const [name, on] of [["exact", this.selecting.exact], ["add", this.selecting.adding]]) {
      this.toolbar?.querySelector(`[data-do=${name}]`)?.setAttribute("aria-pressed", String(on));
    }
  }

  /** @param {Element} target */
  #tool(target) {
    const button = target.closest("button");
    if (!button) return;
    if (button.dataset.tag) this.tag(button.dataset.tag);
    const act = button.dataset.do;
    if (act === "use") this.#useWords();
    if (act === "name") this.source.takeName(this.selecting.words);
    if (act === "cue") this.source.takeCue(this.selecting.extent, this.selecting.words);
    if (act === "drop" || act === "name" || act === "cue") this.selecting.drop();
    if (act === "exact") {
      this.selecting.exact = !this.selecting.exact;
      this.selecting.again();
    }
    if (act === "add") this.#add();
    this.#pressed();
  }

  /** The next words chosen join those chosen now, or no longer. */
  #add() {
    this.selecting.adding = !this.selecting.adding;
    this.selecting.before = this.selecting.adding ? this.selecting.extent : [];
    this.#selected(true);
  }

  /** @param {CustomEvent} event */
  #press(event) {
    const { act, value } = event.detail;
    if (this.#does(act, value)) event.preventDefault();
  }

  /** Does what a key asks for; false leaves the key to others. @param {string} act @param {string} value */
  #does(act, value) {
    const selected = this.selecting.extent.length > 0;
    switch (act) {
      case "tag":
        if (!selected || this.rewording || this.source.open || !this.config.can_annotate) return false;
        this.tag(value);
        return true;
      case "add":
        if (!selected || !this.config.can_annotate) return false;
        this.#add();
        return true;
      case "kind":
        return this.relating.choose(value);
      case "reverse":
        return this.relating.reverse();
      case "mark":
        return this.relating.mark();
      case "relate":
        return this.relating.arm(this.choosing.id);
      case "enter":
        if (selected && this.rewording) this.#useWords();
        else if (this.relating.on && !selected) return this.relating.make();
        else return this.choosing.atCaret();
        return true;
      case "escape":
        if (this.choosing.closeList()) return true;
        if (selected) this.selecting.drop();
        else if (this.forms.leave()) return true;
        else if (this.source.open) return this.source.escape();
        else if (this.relation.open) this.relation.close();
        else return this.relating.stop() || this.choosing.clear();
        return true;
      case "next":
        return this.choosing.step(1);
      case "previous":
        return this.choosing.step(-1);
      case "keys":
        this.keys.open();
        return true;
      case "undo":
        return this.forms.undo();
      case "source":
      case "hop":
        this.source.openFor(this.choosing.id, selected ? this.selecting.words : "", act === "hop" ? "via" : "speaker");
        if (selected && this.source.open) this.selecting.drop();
        return this.choosing.id !== "";
      case "cue":
        if (!selected || !this.source.open) return false;
        this.source.takeCue(this.selecting.extent, this.selecting.words);
        this.selecting.drop();
        return true;
      case "same":
      case "withdraw":
      case "delete":
      case "note":
        return this.forms.press(act, value);
      case "attribute":
        return this.relating.value(Number(value)) || this.forms.press(act, value);
    }
    const control = /** @type {any} */ (this.cards.of(this.choosing.id)?.querySelector(`[data-press="${act}"]`)); // in the card
    control?.focus();
    control?.click();
    return Boolean(control);
  }

  #onItsWay() {
    const items = this.outbox.waiting.flatMap((act) => (act.paint ? [act.paint] : []));
    this.painting.saving(items);
  }
}
customElements.define("fc-desk", Desk);
