// @ts-check
/** Says how the outbox stands: saving, waiting to try again, or what could not be saved, with what can be done. */

export class OutboxStatus {
  /**
   * @param {HTMLElement} box @param {import("./outbox.js").Outbox} outbox
   * @param {Record<string, string>} words @param {(act: import("./outbox.js").Act) => void} giveUp
   */
  constructor(box, outbox, words, giveUp) {
    this.box = box;
    this.outbox = outbox;
    this.words = words;
    this.giveUp = giveUp;
    this.shown = "";
    outbox.addEventListener("change", () => this.draw());
    this.draw();
  }

  draw() {
    const { state, reason, waiting, refused } = this.outbox;
    const now = JSON.stringify([state, reason, waiting.length, refused.map((act) => [act.key, act.refused])]);
    if (now === this.shown) return; // a live region is only to speak when something is new
    this.shown = now;
    this.box.dataset.state = state;
    this.box.replaceChildren();
    if (state === "saving") this.box.append(line(this.words.saving));
    if (state === "waiting") {
      const text = [this.words.waiting, waiting.length > 1 ? `(${waiting.length})` : "", reason && `– ${reason}`].filter(Boolean).join(" ");
      this.box.append(line(text, button(this.words.retry, () => this.outbox.run())));
    }
    for (const act of refused) this.box.append(this.#refused(act));
  }

  /** @param {import("./outbox.js").Act} act */
  #refused(act) {
    const stale = act.present !== undefined;
    const item = document.createElement("div");
    item.className = "outbox-refused";
    const what = document.createElement("p");
    const strong = document.createElement("b");
    strong.textContent = `${this.words.could_not}: ${act.words}`;
    what.append(strong);
    const why = document.createElement("p");
    why.textContent = act.refused ?? "";
    const buttons = document.createElement("div");
    buttons.className = "btn-row";
    buttons.append(
      button(stale ? this.words.mine : this.words.retry, () => this.outbox.retry(act.key)),
      button(stale ? this.words.theirs : this.words.discard, () => {
        this.outbox.discard(act.key);
        this.giveUp(act);
      }),
    );
    item.append(what, why, buttons);
    return item;
  }
}

/** @param {string} text @param {...HTMLElement} more */
function line(text, ...more) {
  const p = document.createElement("p");
  p.append(text, " ", ...more);
  return p;
}

/** @param {string} text @param {() => void} press */
function button(text, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-s";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}
