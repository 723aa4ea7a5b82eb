// Keys for scoring; without this file, or turned off, the page works the same with Tab and Enter.
const form = document.getElementById("score-form");
const reason = form?.elements.namedItem("reason");
const save = form?.querySelector("button[type=submit]");
const TYPING = "textarea, select, input:not([type=radio]):not([type=checkbox])";

function choose(event) {
  const chosen = form.querySelector(`input[name=score][value="${event.key}"]`);
  if (!chosen) return;
  event.preventDefault();
  chosen.checked = true;
  reason.focus();
}

if (form) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save.click();
      return;
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (plain && /^[0-4]$/.test(event.key) && !event.target.closest(TYPING)) choose(event);
  });
  form.dataset.keys = "on";
}
