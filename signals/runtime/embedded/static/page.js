"use strict";
// Keeps the page current: on every publication the part that shows alerts is fetched anew.
const shown = document.getElementById("alerts");
const live = document.getElementById("live");
let waiting = null;

async function refresh() {
  waiting = null;
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const before = new Set([...shown.querySelectorAll("tr")].map((row) => row.textContent));
  const focused = document.activeElement?.getAttribute("href");
  shown.innerHTML = page.getElementById("alerts").innerHTML;
  for (const row of shown.querySelectorAll("tbody tr")) {
    if (!before.has(row.textContent)) row.classList.add("new");
  }
  if (focused) shown.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

const stream = new EventSource("/alerts/stream");
stream.addEventListener("alert", (message) => {
  const alert = JSON.parse(message.data);
  live.textContent = `Live. Last: ${alert.headline} (${alert.state.replaceAll("_", " ")})`;
  waiting ??= setTimeout(refresh, 200);
});
stream.addEventListener("open", () => {
  live.classList.remove("away");
  waiting ??= setTimeout(refresh, 200);
});
stream.addEventListener("error", () => {
  live.classList.add("away");
  live.textContent = "Not connected; trying again";
});

// j and k go down and up through the alerts, as in other inboxes; Tab does the same.
document.addEventListener("keydown", (key) => {
  const step = { j: 1, k: -1 }[key.key];
  if (!step || key.ctrlKey || key.metaKey || key.altKey) return;
  const links = [...shown.querySelectorAll("tbody a")];
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
});
