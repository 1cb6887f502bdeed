import "./mail.js";
import "./login.js";
import "./passkeys.js";
import "./secretary.js";
// What the pages do beside being pages: parts that refresh themselves, menus that close,
// forms that are sent once, and filters that need no button. Everything works without it.

import "./office.js";
import "./status.js";
import "./board.js";
import "./people.js";
import "./messages.js";
import "./what_if.js";

import "./transfer.js";
import "./greetings.js";

const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

// --- Parts that refresh themselves ---------------------------------------------------------

const waiting = new Set();
let refreshing = false;

/** Fetch one part of this page anew, unless somebody is typing or choosing in it. */
async function refresh(element) {
  const address = element.dataset.from || location.href;
  const answer = await fetch(address, { headers: { "Panel-Part": element.dataset.part } });
  if (answer.status === 401) return location.reload();
  if (!answer.ok) return;
  const html = await answer.text();
  const active = document.activeElement;
  const inside = element.contains(active) && active !== document.body;
  if ((inside && active.matches("input, select, textarea")) || element.querySelector("details[open], dialog[open]")) {
    waiting.add(element);
    return;
  }
  const key = inside ? active.id || active.getAttribute("href") : null;
  element.innerHTML = html;
  if (key) [...element.querySelectorAll("[id], a[href]")].find((one) => one.id === key || one.getAttribute("href") === key)?.focus();
  element.dispatchEvent(new CustomEvent("refreshed", { bubbles: true }));
}

async function refreshAll() {
  if (refreshing) return;
  refreshing = true;
  try {
    while (waiting.size) {
      const parts = [...waiting];
      waiting.clear();
      await Promise.all(parts.map(refresh));
      if (parts.some((part) => waiting.has(part))) break;
    }
  } catch {
    // The network is away: the stream says so, and everything is fetched when it is back.
  } finally {
    refreshing = false;
  }
}

function changed(topics) {
  for (const element of document.querySelectorAll("[data-live]")) {
    const shown = element.dataset.live.split(" ");
    if (topics.some((topic) => shown.includes(topic))) waiting.add(element);
  }
  refreshAll();
}

const connection = () => document.getElementById("connection");

const everything = ["people", "status", "calls", "devices", "messages"];
let version = Number(document.querySelector('meta[name="live"]')?.content ?? 0);

/** Follow the stream; several tabs share one, because browsers allow few connections. */
function follow(tell) {
  let lost = false;
  const stream = new EventSource("/live");
  stream.addEventListener("now", (event) => tell({ topics: everything, version: Number(event.data) }));
  stream.addEventListener("changed", (event) => tell(JSON.parse(event.data)));
  stream.addEventListener("ended", () => { stream.close(); tell("ended"); });
  stream.addEventListener("open", () => { if (lost) tell("back"); lost = false; });
  stream.addEventListener("error", () => { lost = true; tell("lost"); });
}

/** What the stream said. A page that is as new as that has nothing to fetch. */
function hear(told) {
  if (told === "ended") return location.reload();
  if (connection()) connection().hidden = told !== "lost";
  if (told === "back") version = -1;
  if (!told.topics || told.version === version) return;
  const missed = told.version !== version + 1;
  version = told.version;
  changed(missed ? everything : told.topics);
}

if (document.querySelector("[data-live]") && window.EventSource) {
  if (navigator.locks && window.BroadcastChannel) {
    const others = new BroadcastChannel("autosecretary");
    let latest;
    others.addEventListener("message", (event) => {
      if (event.data !== "hello") hear(event.data);
      else if (latest) others.postMessage(latest);
    });
    others.postMessage("hello");
    navigator.locks.request("autosecretary-live", () => {
      follow((told) => {
        if (told.topics) latest = { topics: everything, version: told.version };
        hear(told);
        others.postMessage(told);
      });
      return new Promise(() => {});
    });
  } else follow(hear);
}
document.addEventListener("focusout", () => setTimeout(refreshAll, 300));
document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshAll(); });

// --- Menus -----------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]"))
    if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("toggle", (event) => { if (!event.target.open) refreshAll(); }, true);

// --- Forms -----------------------------------------------------------------------------------

// The second click on a button does nothing: the first is under way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  if (form.method === "post") form.dataset.sent = "true";
  form.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

// Filters are applied as they are changed; typing is waited for.
let typing;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(() => form.requestSubmit(), event.target.matches('[type="search"], [type="text"]') ? 500 : 0);
});

// Unsaved changes are not lost by a click on a link.
let dirty = false;
document.addEventListener("input", (event) => { if (event.target.closest("form[data-guard]")) dirty = true; });
document.addEventListener("submit", () => { dirty = false; });
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

// The first field that is wrong is where the keyboard goes.
document.querySelector('[aria-invalid="true"]')?.focus();

// Clocks that run: data-since holds seconds since 1970.
setInterval(() => {
  for (const clock of document.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor(Date.now() / 1000 - Number(clock.dataset.since)));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const shown = parts[0] ? parts : parts.slice(1);
    clock.textContent = shown.map((part, place) => (place ? String(part).padStart(2, "0") : part)).join(":");
  }
}, 1000);

export { csrf };
