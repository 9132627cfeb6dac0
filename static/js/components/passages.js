// @ts-check
/**
 * <fc-passage data-captured="/sources/000…/captured/">: the captured text of the document that is chosen in the
 * form, to select the quoted passage in. It is a text area that nobody can change, so it can be selected in by
 * pointer, by touch and by keys. What is selected fills the quote and, in code points, the place.
 */
import { toCodePoints, toUtf16 } from "../anchoring/offsets.js";
import { margins, snapEnd, snapStart } from "../anchoring/words.js";

const NOBODY = "00000000-0000-0000-0000-000000000000";

export class PassagePicker extends HTMLElement {
  connectedCallback() {
    this.form = /** @type {HTMLFormElement} */ (this.closest("form"));
    this.place = /** @type {HTMLInputElement} */ (this.querySelector("[name=passage]"));
    this.textId = /** @type {HTMLInputElement} */ (this.querySelector("[name=passage_text]"));
    this.box = /** @type {HTMLElement} */ (this.querySelector("[data-captured-words]"));
    this.quote = /** @type {HTMLTextAreaElement} */ (this.form.querySelector("[name=quote]"));
    this.chosen = this.#source();
    this.form.addEventListener("fc:choice", () => this.#choose());
    this.quote.addEventListener("input", () => this.#forget());
    this.addEventListener("select", () => this.#take(), true);
    this.addEventListener("click", (event) => {
      if (/** @type {Element} */ (event.target).closest("[data-find-quote]")) this.#find();
    });
    this.#show();
  }

  get words() {
    return /** @type {HTMLTextAreaElement | null} */ (this.box.querySelector("textarea"));
  }

  #source() {
    return /** @type {HTMLInputElement} */ (this.form.querySelector("[name=source]")).value;
  }

  /** Another document is chosen: its text comes, and the place in the other one goes. */
  async #choose() {
    const source = this.#source();
    if (source === this.chosen) return;
    this.chosen = source;
    this.#forget();
    let html = "";
    if (source) {
      try {
        const response = await fetch((this.dataset.captured ?? "").replace(NOBODY, source), { headers: { "HX-Request": "true" }, redirect: "manual" });
        html = response.ok ? await response.text() : "";
      } catch {
        html = ""; // without it the passage can be typed, and is looked for when it is sent
      }
    }
    if (source === this.chosen) this.box.innerHTML = html;
  }

  #forget() {
    this.place.value = "";
    this.textId.value = "";
    this.#say("");
  }

  /** Takes what is selected, grown to whole words. */
  #take() {
    const area = this.words;
    if (!area || document.activeElement !== area) return;
    const text = area.value;
    const { start: before, end: after } = margins(text.slice(area.selectionStart, area.selectionEnd));
    const [from, to] = [area.selectionStart + before, area.selectionEnd - after];
    if (from >= to) return;
    this.#put(snapStart(text, from, "", "word"), snapEnd(text, to, "", "word"));
  }

  /** @param {number} start @param {number} end  in UTF-16 units */
  #put(start, end) {
    const text = this.words?.value ?? "";
    this.quote.value = text.slice(start, end);
    this.place.value = `${toCodePoints(text, start)}-${toCodePoints(text, end)}`;
    this.textId.value = /** @type {HTMLElement} */ (this.words?.closest("[data-text]")).dataset.text ?? "";
    this.#say("placed");
    this.quote.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #find() {
    const text = this.words?.value ?? "";
    const wanted = this.quote.value.trim();
    const at = wanted ? text.indexOf(wanted) : -1;
    if (at < 0 || text.indexOf(wanted, at + 1) >= 0) {
      this.#forget();
      this.#say("missing");
      return;
    }
    this.#put(at, at + wanted.length);
    this.#show();
  }

  /** Shows the passage in the text. */
  #show() {
    const area = this.words;
    if (!area || !this.place.value || area.closest("[data-text]")?.getAttribute("data-text") !== this.textId.value) return;
    const [start, end] = this.place.value.split("-").map((offset) => toUtf16(area.value, Number(offset)));
    area.setSelectionRange(start, end);
    const line = parseFloat(getComputedStyle(area).lineHeight) || 20;
    area.scrollTop = (area.scrollHeight * start) / (area.value.length || 1) - 2 * line;
    this.#say("placed");
  }

  /** @param {"" | "placed" | "missing"} which */
  #say(which) {
    const said = /** @type {HTMLElement | null} */ (this.box.querySelector("[role=status]"));
    if (said) said.textContent = which ? (said.dataset[which] ?? "") : "";
  }
}
customElements.define("fc-passage", PassagePicker);
