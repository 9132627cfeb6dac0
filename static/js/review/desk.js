// @ts-check
/**
 * <fc-review>: the review page. The server draws the queue, the thing in its place and the decision; this sends a
 * decision, puts what comes back in place, and turns selected words into a proposal. Everything but selecting works
 * without it.
 */
import { ReviewKeys } from "./keys.js";
import { Words } from "./words.js";

const KEPT = ["#article-text", ".caret", "fc-toolbar"]; // they have listeners: their contents are exchanged

export class Review extends HTMLElement {
  connectedCallback() {
    this.keys = new ReviewKeys(/** @type {HTMLDialogElement} */ (this.querySelector("#keys-dialog")));
    /** @type {Map<string, Element>} */
    this.kept = new Map();
    /** @type {Words | null} */
    this.words = null;
    this.armed = "";
    this.busy = false;
    this.keys.addEventListener("press", (event) => {
      const { act, value } = /** @type {CustomEvent} */ (event).detail;
      if (this.#press(act, value)) event.preventDefault();
    });
    this.addEventListener("submit", (event) => this.#submit(/** @type {SubmitEvent} */ (event)));
    this.addEventListener("click", (event) => this.#click(/** @type {MouseEvent} */ (event)));
    this.addEventListener("input", (event) => this.#remember(/** @type {Element} */ (event.target)));
    this.#drawn();
    this.dataset.ready = "";
  }

  get root() {
    return /** @type {HTMLElement} */ (this.querySelector("#review"));
  }

  get form() {
    return /** @type {HTMLFormElement | null} */ (this.querySelector("[data-decision]"));
  }

  get text() {
    return /** @type {HTMLElement | null} */ (this.querySelector("#article-text"));
  }

  get toolbar() {
    return /** @type {import("../article/toolbar.js").Toolbar | null} */ (this.querySelector("fc-toolbar"));
  }

  get note() {
    return /** @type {HTMLTextAreaElement | null} */ (this.form?.querySelector("[name=note]") ?? null);
  }

  /** Says something to those who listen. @param {string} sentence */
  say(sentence) {
    const said = this.querySelector("#said");
    if (said) said.textContent = sentence;
  }

  // -- what a key does --------------------------------------------------------------------------

  /** @param {string} act @param {string} value @returns {boolean} whether somebody did it */
  #press(act, value) {
    if (act === "tag") return this.words?.missed(value) ?? false;
    if (act === "escape") return this.#escape();
    if (act === "keys") this.keys.open();
    else if (act === "text") this.text?.focus();
    else if (act === "next" || act === "previous" || act === "back") this.#step(act);
    else if (!this.form) return false; // own work has no keys
    else if (act === "note") this.note?.focus();
    else if (act === "reason") return this.#reason(value);
    else if (act === "send") return this.#sendArmed();
    else this.#decide(act);
    return true;
  }

  /** @param {string} decision  begins a decision that needs more, or sends it */
  #decide(decision) {
    if (!this.#button(decision)) return;
    if (decision === "change" && this.words?.any) return this.words.take();
    const chosen = this.form?.querySelector("[name=reason]:checked");
    const needs = {
      approve: false,
      whole: false,
      reject: this.armed !== "reject" && !chosen,
      change: this.armed !== "change",
      ask: !this.note?.value.trim(),
    }[decision];
    if (needs) this.arm(decision);
    else this.#send(decision);
  }

  /** The button of a decision; says why there is none to press. @param {string} decision */
  #button(decision) {
    const button = /** @type {HTMLButtonElement | null} */ (this.form?.querySelector(`button:not([hidden])[value="${decision}"]`) ?? null);
    if (!button) return null;
    if (!button.disabled) return button;
    this.say(this.querySelector("#not-approve")?.textContent ?? "");
    return null;
  }

  /** Begins a decision that waits for more. @param {string} decision */
  arm(decision) {
    this.armed = decision;
    for (const button of this.form?.querySelectorAll(".act") ?? []) {
      button.setAttribute("aria-pressed", String(button.getAttribute("value") === decision));
    }
    const button = this.#button(decision);
    if (decision === "ask") {
      this.note?.focus();
      this.say(this.dataset.ask ?? "");
      return;
    }
    if (decision === "change") {
      const change = /** @type {HTMLDetailsElement | null} */ (this.form?.querySelector("details.change") ?? null);
      if (change) change.open = true;
      /** @type {HTMLElement | null | undefined} */ (change?.querySelector("summary"))?.focus();
    }
    this.form?.querySelector(decision === "change" ? ".change" : ".why")?.scrollIntoView({ block: "nearest", behavior: "instant" });
    const name = button?.firstChild?.textContent?.trim() ?? "";
    this.say((this.dataset.armed ?? "").replace("%s", name));
  }

  #disarm() {
    this.armed = "";
    for (const button of this.form?.querySelectorAll(".act") ?? []) button.removeAttribute("aria-pressed");
  }

  /** @param {string} number */
  #reason(number) {
    const reason = /** @type {HTMLInputElement | null} */ (this.form?.querySelector(`[name=reason][data-number="${number}"]`) ?? null);
    if (!reason) return false;
    reason.checked = true;
    if (this.armed === "reject") this.#send("reject");
    else this.say(reason.parentElement?.textContent?.trim() ?? "");
    return true;
  }

  #sendArmed() {
    if (!this.armed) return false;
    this.#send(this.armed);
    return true;
  }

  #escape() {
    if (this.words?.any) {
      this.words.selecting.drop();
      return true;
    }
    if (this.contains(document.activeElement)) /** @type {HTMLElement} */ (document.activeElement).blur();
    const reason = /** @type {HTMLInputElement | null} */ (this.form?.querySelector("[name=reason]:checked") ?? null);
    if (!this.armed && !reason) return false;
    if (reason) reason.checked = false;
    this.#disarm();
    this.say(this.dataset.dropped ?? "");
    return true;
  }

  /** @param {string} which */
  #step(which) {
    const link = /** @type {HTMLAnchorElement | null} */ (this.querySelector(`[data-step="${which}"]`));
    if (link) this.#go(link.href);
    else this.say(this.dataset.last ?? "");
  }

  // -- pointer and plain controls -----------------------------------------------------------------

  /** @param {MouseEvent} event */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-open-keys]")) return this.keys.open();
    if (target.closest("[data-drop-spans]")) return this.words?.leave();
    const tool = /** @type {HTMLElement | null} */ (target.closest("fc-toolbar button"));
    if (tool) return this.words?.tool(tool);
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-go], a[data-step], .queue-more a"));
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.#go(link.href);
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.matches("[data-filters], [data-find]")) {
      event.preventDefault();
      const query = [...new FormData(form)].filter(([, value]) => value).map(([name, value]) => [name, String(value)]);
      this.#go(`${form.action}?${new URLSearchParams(query)}`);
    } else if (form.matches("[data-act]")) {
      event.preventDefault();
      this.post(form, new FormData(form));
    } else if (form === this.form) {
      event.preventDefault();
      const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
      if (button && !button.hidden) this.#decide(button.value);
      else this.#sendArmed(); // Enter in a field sends only what was begun
    } else if (form.matches("[data-missed-form]")) event.preventDefault();
  }

  // -- to the server and back -----------------------------------------------------------------------

  /** @param {string} decision */
  #send(decision) {
    const { form } = this;
    if (!form) return;
    const data = new FormData(form);
    data.set("decision", decision);
    this.post(form, data);
  }

  /** Sends a form of the page. @param {HTMLFormElement} form @param {FormData} data */
  post(form, data) {
    return this.#ask(form.action, { method: "POST", body: new URLSearchParams(/** @type {any} */ ([...data])) });
  }

  /** @param {string} address */
  #go(address) {
    return this.#ask(address, {});
  }

  /** Never two at once: what would be decided on second was not seen yet. @param {string} address @param {RequestInit} options */
  async #ask(address, options) {
    if (this.busy) return;
    this.busy = true;
    const at = this.root.dataset.at;
    const decided = address === this.form?.action;
    try {
      const response = await fetch(address, { ...options, headers: { "HX-Request": "true" }, redirect: "manual", credentials: "same-origin" });
      if (response.type === "opaqueredirect") return this.#lost(this.dataset.signedOut ?? "");
      const html = await response.text();
      if (response.ok && options.method === "POST" && decided) this.#forget(at);
      if (!this.#apply(html)) this.#refused(html);
    } catch {
      this.#lost(this.dataset.lost ?? "");
    } finally {
      this.busy = false;
    }
  }

  /** Something was refused as a whole (gone, not found): said above the page, which stays. @param {string} html */
  #refused(html) {
    const notices = document.querySelector("#notices");
    if (notices) notices.innerHTML = html;
  }

  /** @param {string} sentence */
  #lost(sentence) {
    const box = /** @type {HTMLElement | null} */ (this.querySelector(".form-lost"));
    if (box) {
      box.textContent = sentence;
      box.hidden = false;
    } else this.#refused("");
    this.say(sentence);
  }

  /** Puts a fragment of the server in place. @param {string} html */
  #apply(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const fresh = /** @type {HTMLElement | null} */ (template.content.querySelector("#review"));
    if (!fresh) return false;
    this.words?.selecting.drop();
    for (const name of KEPT) {
      const part = fresh.querySelector(name);
      const old = this.kept.get(name);
      if (part && old) exchange(old, part);
    }
    this.root.replaceWith(fresh);
    document.querySelector("#notices")?.replaceChildren();
    this.#drawn();
    const { address, scheme, said } = fresh.dataset;
    if (address) history.replaceState(null, "", address);
    const link = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[href*="/scheme.css"]'));
    if (scheme && link && link.getAttribute("href") !== scheme) link.href = scheme;
    else if (scheme && !link) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: scheme }));
    const alert = this.querySelector(".decide [role=alert]:not([hidden])");
    const head = /** @type {HTMLElement | null} */ (this.querySelector(".thing-title") ?? this.querySelector(".empty h2"));
    head?.setAttribute("tabindex", "-1");
    head?.focus({ preventScroll: true });
    this.say(alert ? (alert.textContent ?? "").trim() : `${said ?? ""} ${(this.querySelector(".decide .end-words") ?? head)?.textContent ?? ""}`.trim());
    this.#reveal();
    return true;
  }

  /** What has just been drawn gets its keys, its selecting, and what was typed for it before. */
  #drawn() {
    this.#disarm();
    const { text } = this;
    for (const name of KEPT) {
      const part = this.querySelector(name);
      if (part && !this.kept.has(name)) this.kept.set(name, part);
    }
    if (text && !this.words) this.words = new Words(this, text);
    this.keys.hint();
    this.words?.show();
    const bar = document.querySelector(".bar [data-waiting]");
    const here = this.querySelector(".queue [data-waiting]");
    if (bar && here && !here.hasAttribute("data-filtered")) bar.textContent = here.getAttribute("data-waiting");
    const typed = sessionStorage.getItem(this.#draft(this.root.dataset.at));
    if (typed && this.note && !this.note.value) this.note.value = typed;
  }

  #reveal() {
    const mark = this.querySelector("#article-text mark.on");
    if (!mark) return;
    const { top, bottom } = mark.getBoundingClientRect();
    if (top < 60 || bottom > innerHeight * 0.8) mark.scrollIntoView({ block: "center", behavior: "instant" });
  }

  // -- what is typed stays until it is sent -----------------------------------------------------------

  /** @param {Element} field */
  #remember(field) {
    if (field === this.note) sessionStorage.setItem(this.#draft(this.root.dataset.at), this.note?.value ?? "");
  }

  /** @param {string | undefined} at */
  #forget(at) {
    sessionStorage.removeItem(this.#draft(at));
  }

  /** @param {string | undefined} at */
  #draft(at) {
    return `fc:review:${this.dataset.user}:${at ?? ""}`;
  }
}

/** Gives an element that stays the contents and attributes of a new one, and puts it in its place.
 * @param {Element} old @param {Element} fresh */
function exchange(old, fresh) {
  for (const name of old.getAttributeNames()) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const name of fresh.getAttributeNames()) old.setAttribute(name, fresh.getAttribute(name) ?? "");
  old.replaceChildren(...fresh.childNodes);
  fresh.replaceWith(old);
}

customElements.define("fc-review", Review);
