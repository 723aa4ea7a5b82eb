// The map of areas follows its boxes, and a tile ticks its box; without this file it leads to it.
const map = document.getElementById("areas-map");
const form = map?.closest("form");

function stepOf(box) {
  if (box.checked) return 4;
  const whole = form.elements.namedItem("national")?.checked;
  const region = document.getElementById(`region-${box.dataset.region}`);
  return whole || region?.checked ? 2 : 0;
}

function paint(link) {
  const box = document.getElementById(link.hash.slice(1));
  const step = stepOf(box);
  link.parentElement.setAttribute("class", `app-tile app-on-step-${step}`);
  link.querySelector(".app-tile__box").setAttribute("class", `app-tile__box app-step-${step}`);
  link.querySelector(".app-tile__value").textContent = step ? "✓" : "";
  const words = map.getAttribute(`data-step-${step}`);
  link.setAttribute("aria-label", `${link.dataset.name}: ${words}`);
}

if (map && form) {
  const links = [...map.querySelectorAll("a[data-name]")];
  for (const link of links) {
    link.hash = link.getAttribute("href");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const box = document.getElementById(link.hash.slice(1));
      box.closest("details").open = true;
      box.click();
    });
  }
  form.addEventListener("input", () => links.forEach(paint));
}
