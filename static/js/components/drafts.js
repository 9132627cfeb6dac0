// @ts-check
/**
 * What somebody types into a form with `data-draft` is kept in this browser until the server has it, so a
 * reload, a failed request or another person's change does not lose it.
 */

const PREFIX = "fc:draft:";
const SKIPPED = new Set(["csrfmiddlewaretoken", "revision", "id"]);

/** @param {string} scope  whose drafts: nobody else's are shown */
export function keepDrafts(scope) {
  document.addEventListener("input", (event) => save(event, scope));
  document.addEventListener("change", (event) => save(event, scope));
}

/** @param {Event} event @param {string} scope */
function save(event, scope) {
  const form = /** @type {Element} */ (event.target).closest("form");
  if (!form?.dataset.draft) return;
  const fields = [...new FormData(form)].filter(([name]) => !SKIPPED.has(name));
  try {
    localStorage.setItem(nameOf(form, scope), JSON.stringify(fields));
  } catch {
    // Storage is full or forbidden: the form itself still holds what was typed.
  }
}

/** Fills the forms under an element with what was typed and not sent. @param {ParentNode} root @param {string} scope */
export function restoreDrafts(root, scope) {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (root.querySelectorAll("form[data-draft]"))) {
    let fields;
    try {
      fields = JSON.parse(localStorage.getItem(nameOf(form, scope)) ?? "null");
    } catch {
      fields = null;
    }
    for (const [name, value] of fields ?? []) {
      for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(`[name="${CSS.escape(name)}"]`))) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
        else field.value = value;
      }
    }
  }
}

/** @param {HTMLFormElement} form @param {string} scope */
export function dropDraft(form, scope) {
  if (form.dataset.draft) localStorage.removeItem(nameOf(form, scope));
}

/** @param {HTMLFormElement} form @param {string} scope */
const nameOf = (form, scope) => `${PREFIX}${scope}:${form.dataset.draft}`;
