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

async function send(value) {
  last = Date.now();
  const body = new FormData(form);
  for (const name of ["comment", "once", "then"]) body.delete(name);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error",
      keepalive: value.length < MOST_KEPT_ALIVE,
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    take(value, response.status, await response.json());
  } catch {
    // Signed out, no network, or no answer in time.
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
    if (doubtful === null) later();
  });
  return running;
}

async function settle(event) {
  clearTimeout(waiting);
  if (running || doubtful !== null) {
    // One after the other, so that this page's own save is not taken for a colleague's.
    event.preventDefault();
    await running;
    if (doubtful !== null) await save();
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
