// @ts-check
/** The dialog of one relation: the server's form, opened from an edge or from a card's list. */

export class RelationDialog {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.dialog = /** @type {HTMLDialogElement} */ (desk.querySelector("#relation-dialog"));
    /** @type {HTMLElement | null} */
    this.back = null;
    desk.addEventListener("click", (event) => this.#click(event));
    this.dialog.addEventListener("change", () => this.#show());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      this.close();
    });
    document.addEventListener("htmx:after:swap", () => this.open && this.#show());
  }

  get open() {
    return this.dialog.open;
  }

  /** @param {string} relation @param {string} at  the annotation from whose card it is opened */
  async openFor(relation, at) {
    const html = await this.desk.changes.get(`${this.desk.url("relation", relation)}?${new URLSearchParams({ at })}`);
    if (!html) {
      this.desk.forms.say(this.desk.words.not_loaded);
      return;
    }
    this.back = /** @type {HTMLElement | null} */ (document.activeElement);
    this.desk.source.close();
    this.dialog.innerHTML = html;
    /** @type {any} */ (window).htmx?.process(this.dialog);
    if (!this.open) this.dialog.show();
    this.#show();
    /** @type {HTMLElement | null} */ (this.dialog.querySelector("input[type=radio]:checked, [data-close-dialog]"))?.focus();
  }

  close() {
    if (!this.open) return;
    const inside = this.dialog.contains(document.activeElement);
    this.dialog.close();
    this.dialog.replaceChildren();
    if (inside) (this.back?.isConnected ? this.back : this.desk.text).focus({ preventScroll: true });
  }

  /** Only the fields of the chosen kind. */
  #show() {
    const kind = /** @type {HTMLInputElement | null} */ (this.dialog.querySelector("[name=kind]:checked"))?.value.split(":")[0] ?? "";
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (this.dialog.querySelectorAll("[data-kinds]"))) {
      part.hidden = !(part.dataset.kinds ?? "").split(" ").includes(kind);
    }
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("[data-open-relation]"));
    const card = link?.closest(".cards > li");
    if (link && card && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const id = /** @type {HTMLElement | null} */ (link.closest("[data-relation]"))?.dataset.relation ?? "";
      this.openFor(id, this.desk.cards.idOf(card));
    }
    if (target.closest("[data-close-dialog]") && this.dialog.contains(target)) {
      event.preventDefault();
      this.close();
    }
  }
}
