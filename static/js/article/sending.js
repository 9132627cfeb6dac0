// @ts-check
/**
 * One request to the server for one act, and what its answer means: done, try again, or refused with a reason.
 */

/** @typedef {import("./outbox.js").Act} Act */
/** @typedef {import("./outbox.js").Outcome} Outcome */
/** @typedef {{csrf: string, urls: Record<string, string>, words: Record<string, string>}} Config */

const TIMEOUT = 20000;

/**
 * @param {Act} act
 * @param {Config} config  its `csrf` is renewed when somebody signed in again in another tab
 * @param {(html: string, act: Act) => void} apply  takes what the act changed
 * @returns {Promise<Outcome>}
 */
export async function sendAct(act, config, apply) {
  let answer = await post(act, config);
  if (answer?.response.status === 403) {
    const renewed = await renewToken(config);
    if (renewed === "signed out") return { ok: false, again: true, reason: config.words.signed_out };
    if (renewed) answer = await post(act, config);
  }
  if (!answer) return { ok: false, again: true };
  const { response, body } = answer;
  if (response.ok) {
    apply(body, act);
    return { ok: true };
  }
  if (isSignedOut(response)) return { ok: false, again: true, reason: config.words.signed_out };
  if (response.status >= 500 || response.status === 429) return { ok: false, again: true };
  return { ok: false, ...refusal(body, config) };
}

/** @param {Act} act @param {Config} config */
async function post(act, config) {
  try {
    const response = await fetch(act.url, {
      method: "POST",
      body: new URLSearchParams(act.fields),
      headers: { "HX-Request": "true", Accept: "application/problem+json", "X-CSRFToken": config.csrf },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    return { response, body: await response.text() };
  } catch {
    return null; // no network, no answer in time, or an answer cut off
  }
}

/** The server sends who is not signed in to the sign-in page. @param {Response} response */
const isSignedOut = (response) => response.type === "opaqueredirect" || response.status === 401;

/** @param {Config} config @returns {Promise<boolean | "signed out">} whether there is a new token to try with */
async function renewToken(config) {
  try {
    const response = await fetch(config.urls.token, { redirect: "manual" });
    if (isSignedOut(response)) return "signed out";
    const token = response.ok ? await response.text() : "";
    if (!token || token === config.csrf) return false;
    config.csrf = token;
    return true;
  } catch {
    return false;
  }
}

/** The sentence for people in an answer that refuses, and the present revision after a conflict.
 * @param {string} body @param {Config} config @returns {{reason: string, present?: number}} */
function refusal(body, config) {
  try {
    const problem = JSON.parse(body);
    return { reason: problem.detail || config.words.refused, present: problem.revision };
  } catch {
    return { reason: config.words.refused };
  }
}
