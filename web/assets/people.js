// The list of employees: columns that are dragged or moved without a reload; phones in an order.

document.documentElement.classList.add("with-script");

/** Move an item of a list one place, and keep the keyboard on its button. */
function move(item, way, button) {
  const beside = way === "up" ? item.previousElementSibling : item.nextElementSibling;
  if (!beside) return;
  way === "up" ? beside.before(item) : beside.after(item);
  button.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-columns] button[name=move], [data-phones] button[name=act]");
  if (!button) return;
  const [way] = button.value.split(":");
  if (way !== "up" && way !== "down") return;
  event.preventDefault();
  const item = button.closest("li");
  move(item, way, button);
  item.closest("form")?.dispatchEvent(new Event("input", { bubbles: true }));
});

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-columns] li") ?? null;
  if (dragged) { dragged.dataset.dragged = ""; event.dataTransfer.effectAllowed = "move"; }
});
document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest?.("[data-columns] li");
  if (!over || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  if (over === dragged) return;
  const box = over.getBoundingClientRect();
  event.clientY > box.top + box.height / 2 ? over.after(dragged) : over.before(dragged);
});
document.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
document.addEventListener("dragend", () => { if (dragged) delete dragged.dataset.dragged; dragged = null; });
