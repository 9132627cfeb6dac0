// @ts-check
/**
 * A link whose page can be read in a dialog, beside what one is doing. Without script, with a modifier key, or
 * when the server does not answer, it is a link.
 */

export class DialogLink extends HTMLElement {
  connectedCallback() {
    this.link = /** @type {HTMLAnchorElement} */ (this.querySelector("a"));
    this.dialog = /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
    this.box = /** @type {HTMLElement} */ (this.dialog.querySelector("[data-content]"));
    this.link.setAttribute("aria-haspopup", "dialog");
    this.link.addEventListener("click", (event) => this.#click(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  /** @param {MouseEvent} event */
  async #click(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    if (!(await this.#fill())) location.assign(this.link?.href ?? "");
    else if (!this.dialog?.open) this.dialog?.showModal();
  }

  /** Asks anew each time: somebody may have changed it. @returns {Promise<boolean>} whether there is something to show */
  async #fill() {
    try {
      const answer = await fetch(this.link?.href ?? "", { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected || !this.box) return false;
      this.box.innerHTML = await answer.text();
      return true;
    } catch {
      return false;
    }
  }
}
customElements.define("fc-dialog-link", DialogLink);
