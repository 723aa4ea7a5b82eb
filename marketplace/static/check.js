// Judges a page of a draft while it is typed; without this file its button does the same.
const form = document.getElementById("page-form");
const place = document.getElementById("live-check");
const said = document.getElementById("live-check-said");
const address = form?.dataset.check;
const PAUSE = 700;
let waiting;
let running;

async function judge() {
  running?.abort();
  running = new AbortController();
  try {
    const response = await fetch(address, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "text/x-fragment" },
      credentials: "same-origin",
      redirect: "error",
      signal: running.signal,
    });
    if (!response.ok) return;
    place.innerHTML = await response.text();
    said.textContent = place.querySelector("[data-said]")?.textContent ?? "";
  } catch {
    // Signed out, overtaken by the next key, or no network: what was found before stays.
  }
}

if (address && place) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(judge, PAUSE);
  });
}
