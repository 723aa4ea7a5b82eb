// Keeps an answer while it is typed; without this file the form's buttons do the same.
const PAUSE = 2_000; // after the last key
const APART = 10_000; // between two saves, so that neither server nor audit trail is flooded
const PATIENCE = 15_000;
const MOST_KEPT_ALIVE = 20_000; // characters; browsers finish only small requests of a left page

const form = document.querySelector("form[data-autosave]");
const said = document.getElementById("saved");
const text = form?.elements.namedItem("text");
const edition = form?.elements.namedItem("edition");
let kept = text?.defaultValue; // what the server holds, as far as is known
let doubtful = null; // what was sent without an answer: it may have arrived
let signedOut = false; // the form itself would be refused, and its words be gone from the page
let stopped = false; // a colleague's words stand there; only the person may go on
let last = 0;
let waiting;
let running = null;

const words = (value) => value.trim().split(/\s+/).join(" ");

function say(sentence) {
  if (said.textContent !== sentence) said.textContent = sentence;
}

function later() {
  clearTimeout(waiting);
  if (stopped || text.value === kept) return;
  waiting = setTimeout(save, Math.max(PAUSE, last + APART - Date.now()));
}

function post(value) {
  const body = new FormData(form);
  for (const name of ["comment", "once", "then"]) body.delete(name);
  return fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(body),
    headers: { Accept: "application/json" },
    credentials: "same-origin",
    redirect: "manual",
    keepalive: value.length < MOST_KEPT_ALIVE,
    signal: AbortSignal.timeout?.(PATIENCE),
  });
}

// Signed in again in another window: that session's token stands on the page as it is now.
// False where the page is not shown, because nobody is signed in.
async function renew() {
  const page = await (await fetch(form.action, { credentials: "same-origin" })).text();
  const fresh = new DOMParser().parseFromString(page, "text/html");
  const token = fresh.querySelector("form[data-autosave] [name=csrf_token]");
  if (token) form.elements.namedItem("csrf_token").value = token.value;
  return token !== null;
}

async function send(value) {
  last = Date.now();
  signedOut = false;
  try {
    let response = await post(value);
    const refused = response.status === 400 || response.type === "opaqueredirect";
    signedOut = refused && !(await renew());
    if (signedOut) {
      say(form.dataset.signedOut);
      return;
    }
    if (refused) response = await post(value);
    take(value, response.status, await response.json());
  } catch {
    // No network, or no answer in time.
    doubtful = value;
    say(form.dataset.failed);
  }
}

function take(value, status, answer) {
  if (status === 200) {
    [kept, doubtful] = [value, null];
    edition.value = answer.edition;
  } else if (status === 409 && doubtful !== null && words(answer.theirs) === words(doubtful)) {
    // No colleague: an earlier save of this page had arrived after all.
    [kept, doubtful] = [doubtful, null];
    edition.value = answer.edition;
    return;
  } else if (status === 409) {
    stopped = true;
  }
  say(answer.said);
}

function save() {
  clearTimeout(waiting);
  if (running || stopped || text.value === kept) return running;
  running = send(text.value).finally(() => {
    running = null;
    if (doubtful === null && !signedOut) later();
  });
  return running;
}

async function settle(event) {
  clearTimeout(waiting);
  if (running || doubtful !== null || signedOut) {
    // One after the other, so that this page's own save is not taken for a colleague's.
    event.preventDefault();
    await running;
    if (doubtful !== null || signedOut) await send(text.value);
    if (signedOut) return;
    doubtful = null;
    form.requestSubmit(event.submitter);
  }
  stopped = true;
}

if (form && said) {
  form.addEventListener("input", (event) => {
    if (event.target === text) later();
  });
  form.addEventListener("submit", settle);
  window.addEventListener("online", later);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
}
