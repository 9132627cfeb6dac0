// @ts-check
/**
 * What every page has: when a request of htmx is not answered, or answered with the sign-in page, that is said
 * at the form, and the form stays as it was filled in.
 */

document.addEventListener("htmx:error", (event) => say(event, "lost"));

document.addEventListener("htmx:before:swap", (event) => {
  const response = /** @type {CustomEvent} */ (event).detail.ctx?.response?.raw;
  if (!response?.redirected || !new URL(response.url).pathname.startsWith("/sign-in/")) return;
  event.preventDefault();
  say(event, "signedOut");
});

/** @param {Event} event @param {string} which  the sentence, kept on the body by the page that has one */
function say(event, which) {
  const source = /** @type {CustomEvent} */ (event).detail.ctx?.sourceElement;
  const box = /** @type {HTMLElement | null | undefined} */ (source?.closest("form")?.querySelector(".form-lost"));
  if (!box) return;
  box.textContent = document.body.dataset[which] ?? "";
  box.hidden = false;
}
