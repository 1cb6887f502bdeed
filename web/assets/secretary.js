// The editor of rules: the server makes every change, this makes it pleasant. Every button of the
// form works without this script too.
//
// A submit button with `data-into="ID"` (and a formaction) sends the form, asks for the block
// `result` of the answer (header Panel-Part), and puts it into the element with that id.

const form = () => document.querySelector("form[data-secretary]");
const state = () => document.getElementById("draft-state");
let leaving = false;
let typed = 0;

async function send(button, part, address) {
  const body = new FormData(form(), button?.name ? button : undefined);
  const answer = await fetch(address ?? form().action, { method: "POST", body, headers: { "Panel-Part": part } });
  if (answer.status === 401 || answer.status === 403) { leaving = true; location.reload(); throw new Error("logged out"); }
  if (answer.status !== 422 && !answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

/** Where the keyboard goes after a button has done its work. */
function focusAfter(deed, id) {
  const editor = document.getElementById("editor");
  const wrong = editor.querySelector('[aria-invalid="true"]');
  const [what] = deed.split(":");
  if (wrong && what !== "up" && what !== "down") return wrong.focus();
  const form = editor.querySelector("[data-rule-form]");
  if ((what === "add" || what === "open" || what === "copy") && form) {
    const first = form.querySelector('input[name="name"]');
    first.focus();
    if (what === "add") first.select();
    return first.closest(".rule").scrollIntoView({ block: "nearest" });
  }
  if (deed === "hours+") return [...editor.querySelectorAll("[data-hours] select")].at(-1)?.focus();
  if (deed.endsWith("_people+")) return [...editor.querySelectorAll(`[name="${deed.slice(0, -1)}"]`)].at(-1)?.focus();
  const same = id && document.getElementById(id);
  if (same && !same.disabled) return same.focus();
  const rule = id && document.getElementById(`rule-${id.replace(/^\w+-/, "")}`);
  (rule?.querySelector("button:not([disabled])") ?? editor.querySelector("[value='undo']") ?? editor.querySelector(".rule-template"))?.focus();
}

async function run(button, deed = button.value) {
  const open = document.querySelector("[name=editing]")?.value;
  const id = deed === "close" && open ? `open-${open}` : button?.id;
  form().setAttribute("aria-busy", "true");
  try {
    document.getElementById("editor").innerHTML = await send(button, "editor");
    hide();
    focusAfter(deed, id);
  } catch (error) {
    if (!leaving) document.getElementById("connection").hidden = false;
  } finally {
    form()?.removeAttribute("aria-busy");
  }
}

async function show(button) {
  const place = document.getElementById(button.dataset.into);
  button.setAttribute("aria-busy", "true");
  place.setAttribute("aria-busy", "true");
  try {
    place.innerHTML = await send(button, "result", button.formAction);
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  } catch {
    document.getElementById("connection").hidden = false;
  } finally {
    button.removeAttribute("aria-busy");
    place.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  const button = event.submitter;
  if (button?.dataset.into) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return void show(button);
  }
  if (!button || button.value === "save" || button.name !== "do") { leaving = true; return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  run(button);
}, true);

// While one types: the sentence and the marks, without touching the fields.
let waiting;
document.addEventListener("input", (event) => {
  if (!event.target.closest?.("[data-rule-form], .rule-meanwhile")) return;
  typed += 1;
  hide();
  clearTimeout(waiting);
  waiting = setTimeout(look, 400);
});

async function look() {
  const now = typed;
  let html;
  try { html = await send(null, "editor"); } catch { return; }
  if (now !== typed || !form()) return;
  const made = new DOMParser().parseFromString(html, "text/html");
  for (const place of document.querySelectorAll("#editor [data-look], #draft-state, #save-bar, #general-marks")) {
    const fresh = made.getElementById(place.id);
    if (!fresh || place.innerHTML === fresh.innerHTML || place.contains(document.activeElement)) continue;
    place.innerHTML = fresh.innerHTML;
    if (fresh.dataset.changed) place.dataset.changed = fresh.dataset.changed;
  }
}

/** What does not belong to the chosen destination, or to the chosen days, is out of the way. */
function hide() {
  for (const group of document.querySelectorAll("[data-kind], [data-hours]")) {
    const chosen = group.querySelector("select")?.value;
    for (const part of group.querySelectorAll("[data-for]"))
      part.toggleAttribute("data-hide", !part.dataset.for.split(" ").includes(chosen));
  }
}

// Order by mouse and finger-free: the grip is dragged; by keyboard: Alt and an arrow.
let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-grip]")?.closest("[data-rule]") ?? null;
  if (dragged) { dragged.dataset.dragged = ""; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setDragImage(dragged, 10, 10); }
});
document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest?.("[data-rule]");
  if (!over || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  if (over === dragged) return;
  const box = over.getBoundingClientRect();
  event.clientY > box.top + box.height / 2 ? over.after(dragged) : over.before(dragged);
});
document.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
document.addEventListener("dragend", () => {
  if (!dragged) return;
  delete dragged.dataset.dragged;
  const place = [...dragged.parentElement.children].indexOf(dragged);
  press(`move:${dragged.dataset.rule}:${place}`);
  dragged = null;
});

/** Do a deed for which there is no button. */
function press(deed, id) {
  const button = Object.assign(document.createElement("button"), { name: "do", value: deed, id: id ?? "", hidden: true });
  form().append(button);
  run(button, deed).finally(() => button.remove());
}

document.addEventListener("keydown", (event) => {
  const rule = event.altKey && event.target.closest?.("[data-rules] [data-rule]");
  if (!rule || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const way = event.key === "ArrowUp" ? "up" : "down";
  const button = document.getElementById(`${way}-${rule.dataset.rule}`);
  if (button && !button.disabled) button.click();
});

addEventListener("beforeunload", (event) => {
  if (!leaving && state()?.dataset.changed === "true") event.preventDefault();
});
document.addEventListener("click", (event) => { if (event.target.closest?.("[data-discard]")) leaving = true; });
addEventListener("pageshow", () => { leaving = false; });
if (form()) hide();
