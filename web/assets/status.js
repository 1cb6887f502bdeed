// The status is changed without leaving the page; without this, the page is shown anew.

/** Send a form of the top bar, and show the new top bar. */
async function declare(form, button) {
  const bar = form.closest('[data-part="my_status"]');
  const typed = new FormData(form);
  if (button?.name) typed.append(button.name, button.value);
  const answer = await fetch(form.action, {
    method: "POST", body: new URLSearchParams(typed), headers: { "Panel-Part": "my_status" },
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  bar.innerHTML = await answer.text();
  bar.querySelector("summary")?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches('[data-part="my_status"] [data-status-form]')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.busy) return;
  form.dataset.busy = "true";
  declare(form, event.submitter).catch(() => {
    // What the server did not take, it explains on a page of its own.
    if (event.submitter?.name) {
      const chosen = Object.assign(document.createElement("input"), { type: "hidden", name: event.submitter.name, value: event.submitter.value });
      form.append(chosen);
    }
    form.submit();
  });
}, true);

// A time that is typed is meant: Enter in that field does not declare the first status of the list.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches('[data-status-form] input[type="time"], [data-status-form] input[type="radio"]')) event.preventDefault();
});

// Arrow keys walk through the statuses of an open menu.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const menu = event.target.closest(".my-status details[open]");
  if (!menu || event.target.matches("input")) return;
  const items = [...menu.querySelectorAll(".status-item")];
  const place = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  items.at(Math.max(0, Math.min(place, items.length - 1)))?.focus();
});
