// @ts-check
/**
 * The toolbar at the chosen words: a button for each tag, and how the words are chosen. It is placed once for
 * a line and stays inside the window; on a narrow screen it lies above the panel (by the stylesheet).
 */

const GAP = 8;
const TOP = 60; // the page's own bar

export class Toolbar extends HTMLElement {
  connectedCallback() {
    this.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the words selected
    this.addEventListener("keydown", (event) => this.#key(event));
    // While a further piece is being chosen, the toolbar lets the pointer through to the words under it.
    const aside = (/** @type {boolean} */ on) => this.classList.toggle("aside", on);
    document.addEventListener("keydown", (event) => (event.key === "Control" || event.key === "Meta") && aside(true));
    document.addEventListener("keyup", (event) => (event.key === "Control" || event.key === "Meta") && aside(false));
    addEventListener("blur", () => aside(false));
  }

  get buttons() {
    return /** @type {HTMLButtonElement[]} */ ([...this.querySelectorAll("button")]).filter((button) => button.offsetParent);
  }

  /** @param {Range} range  the last chosen piece @param {Set<string>} groups  which groups of buttons to show
   * @param {boolean} above  leave the words that follow free */
  show(range, groups, above) {
    for (const group of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-group]"))) {
      group.hidden = !groups.has(group.dataset.group ?? "");
    }
    this.hidden = false;
    if (!this.contains(document.activeElement)) this.#roam(this.buttons[0]);
    this.#place(range, above);
  }

  hide() {
    if (this.contains(document.activeElement)) /** @type {HTMLElement | null} */ (document.querySelector("#article-text"))?.focus({ preventScroll: true });
    this.hidden = true;
  }

  /** @param {Range} range @param {boolean} preferAbove */
  #place(range, preferAbove) {
    const frame = /** @type {HTMLElement} */ (this.offsetParent ?? document.body).getBoundingClientRect();
    const rects = [...range.getClientRects()].filter((rect) => rect.width);
    if (!rects.length) return;
    const last = rects[rects.length - 1];
    const line = rects.filter((rect) => Math.abs(rect.bottom - last.bottom) < last.height / 2);
    const left = Math.min(...line.map((rect) => rect.left));
    const { width, height } = this.getBoundingClientRect();
    const below = last.bottom + GAP;
    const above = Math.min(...rects.map((rect) => rect.top)) - GAP - height;
    const goesBelow = preferAbove ? above < TOP : below + height < innerHeight - GAP;
    const top = goesBelow || above < TOP ? below : above;
    // A dialog beside the text lies over the toolbar.
    const side = document.querySelector(".side-dialog[open]")?.getBoundingClientRect();
    const right = side && side.top <= TOP ? side.left : document.documentElement.clientWidth;
    const x = Math.max(GAP, Math.min(left, right - width - GAP));
    this.style.left = `${x - frame.left}px`;
    this.style.top = `${Math.min(top, innerHeight - height - GAP) - frame.top}px`;
  }

  /** @param {HTMLElement | undefined} to */
  #roam(to) {
    for (const button of this.buttons) button.tabIndex = button === to ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const buttons = this.buttons;
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    let next = step ? buttons[(at + step + buttons.length) % buttons.length] : undefined;
    if (event.key === "Home") next = buttons[0];
    if (event.key === "End") next = buttons.at(-1);
    if (!next) return;
    event.preventDefault();
    this.#roam(next);
    next.focus();
  }
}
customElements.define("fc-toolbar", Toolbar);
