// @ts-check
/**
 * Words selected in the shown text: taken as what the thing should cover, shown as a difference, or proposed as
 * something missed. It sends nothing itself.
 */
import { read, written } from "../anchoring/extents.js";
import { countCodePoints, rangeOf, wordsIn } from "../anchoring/offsets.js";
import { Caret } from "../article/caret.js";
import { Painting } from "../article/painting.js";
import { Selecting } from "../article/selecting.js";
import { difference } from "./difference.js";

/** @typedef {[number, number]} Span */

export class Words {
  /** @param {import("./desk.js").Review} desk @param {HTMLElement} text  which stays while its words are exchanged */
  constructor(desk, text) {
    this.desk = desk;
    this.text = text;
    this.painting = new Painting(text);
    this.selecting = new Selecting(text);
    this.caret = new Caret(text, /** @type {HTMLElement} */ (desk.querySelector(".caret")), this.selecting);
    this.selecting.addEventListener("change", (event) => this.#selected(/** @type {CustomEvent} */ (event).detail.final));
  }

  get any() {
    return this.selecting.extent.length > 0;
  }

  /** What the words that are taken are for: those of the annotation, or those that attribute. */
  get #field() {
    return /** @type {HTMLInputElement | null} */ (this.desk.form?.querySelector("[name=spans], [name=cue]") ?? null);
  }

  /** @param {HTMLElement} tool */
  tool(tool) {
    const { selecting } = this;
    const does = tool.dataset.do;
    if (tool.dataset.missed) this.propose(tool.dataset.missed);
    else if (does === "extent" || does === "cue") this.take();
    else if (does === "drop") selecting.drop();
    else if (does === "exact") {
      selecting.exact = !selecting.exact;
      tool.setAttribute("aria-pressed", String(selecting.exact));
      selecting.again();
    } else if (does === "add") {
      selecting.adding = !selecting.adding;
      selecting.before = selecting.extent;
      tool.setAttribute("aria-pressed", String(selecting.adding));
    }
  }

  /** @param {boolean} final */
  #selected(final) {
    const { selecting, text, painting } = this;
    const { toolbar } = this.desk;
    const extent = selecting.extent;
    // What is not shown cannot be meant.
    if (extent.some((span) => countCodePoints(wordsIn(text, span)) !== span[1] - span[0])) return selecting.drop();
    painting.pending(extent);
    if (!extent.length || !final) return toolbar?.hide();
    toolbar?.show(rangeOf(text, /** @type {Span} */ (extent.at(-1))), new Set(["change", "tags"]), false);
    this.desk.say((this.desk.dataset.selected ?? "").replace("%s", selecting.words));
  }

  /** Takes the selected words as what the annotation should cover, or as the words that attribute. */
  take() {
    const field = this.#field;
    if (!field || !this.selecting.extent.length) return;
    field.value = written(this.selecting.extent);
    this.selecting.drop();
    this.show();
    this.desk.arm("change");
  }

  leave() {
    const field = this.#field;
    if (field) field.value = field.dataset.was ?? "";
    this.show();
  }

  show() {
    const field = this.#field;
    const box = this.desk.form?.querySelector("[data-diff]");
    const { text } = this;
    if (!field || !box) return;
    const before = field.name === "spans" ? read(text.dataset.extent) : read(field.dataset.was);
    const after = field.value ? read(field.value) : before;
    box.replaceChildren(
      ...difference(before, after).flatMap(({ how, span, skipped }) => {
        const words = wordsIn(text, span);
        if (how === "same") return [skipped ? " … " : "", words];
        const part = document.createElement(how);
        part.textContent = words;
        return [skipped ? " … " : "", part];
      }),
    );
    const drop = /** @type {HTMLElement | null} */ (this.desk.form?.querySelector("[data-drop-spans]") ?? null);
    if (drop) drop.hidden = field.value === (field.dataset.was ?? "");
  }

  /** A tag's key on selected words. @param {string} key */
  missed(key) {
    if (!this.selecting.extent.length) return false;
    const button = /** @type {HTMLElement | null} */ (this.desk.querySelector(`fc-toolbar [data-tag-key="${CSS.escape(key)}"]`));
    if (!button) return false;
    this.propose(button.dataset.missed ?? "");
    return true;
  }

  /** @param {string} tag */
  propose(tag) {
    const form = /** @type {HTMLFormElement | null} */ (this.desk.querySelector("[data-missed-form]"));
    if (!form || !this.selecting.extent.length) return;
    const data = new FormData(form);
    data.set("tag", tag);
    data.set("spans", written(this.selecting.extent));
    this.desk.post(form, data);
  }
}
