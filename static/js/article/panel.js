// @ts-check
/** The panel of cards: beside the text where there is room, else a sheet at the bottom that a handle opens. */

export class Panel {
  /** @param {HTMLElement} panel @param {(HTMLElement | null)[]} above  what has to know how high the sheet is */
  constructor(panel, above) {
    this.panel = panel;
    this.above = above;
    this.handle = /** @type {HTMLButtonElement} */ (panel.querySelector(".panel-handle"));
    this.narrow = matchMedia("(max-width: 1100px)");
    this.handle.addEventListener("click", () => this.#set(this.handle.getAttribute("aria-expanded") !== "true"));
    this.handle.addEventListener("pointerdown", (event) => this.#drag(event));
    this.narrow.addEventListener("change", () => this.#measure());
    new ResizeObserver(() => this.#measure()).observe(panel);
  }

  /** How much of the window's bottom the panel covers, in pixels. */
  get covers() {
    return this.narrow.matches ? this.panel.getBoundingClientRect().height : 0;
  }

  open() {
    if (this.narrow.matches) this.#set(true);
  }

  close() {
    this.#set(false);
  }

  /** @param {boolean} open */
  #set(open) {
    this.handle.setAttribute("aria-expanded", String(open));
    this.panel.classList.toggle("open", open);
  }

  /** What docks above the sheet needs its height. A property that all would inherit is slow: every element on
   * the page would be styled anew. */
  #measure() {
    const height = this.narrow.matches ? `${this.covers}px` : "";
    for (const element of this.above) {
      if (element && element.style.getPropertyValue("--sheet") !== height) element.style.setProperty("--sheet", height);
    }
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const from = event.clientY;
    const done = (/** @type {PointerEvent} */ up) => {
      const moved = up.clientY - from;
      if (Math.abs(moved) > 24) {
        this.#set(moved < 0);
        this.handle.addEventListener("click", (click) => click.stopImmediatePropagation(), { capture: true, once: true });
      }
    };
    this.handle.setPointerCapture(event.pointerId);
    this.handle.addEventListener("pointerup", done, { once: true });
  }
}
