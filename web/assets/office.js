// Fields in which a person is chosen: names are offered while one types. Without this, an
// extension or a whole name is typed.

let waiting;
document.addEventListener("input", (event) => {
  const field = event.target.closest("input[data-people]");
  if (!field) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => offer(field), 250);
});

/** Fill the list below the field. */
async function offer(field) {
  const text = field.value.trim();
  if (!text) return;
  const answer = await fetch(`/find/people?search=${encodeURIComponent(text)}`).catch(() => null);
  if (!answer?.ok) return;
  const found = await answer.json();
  if (found.includes(field.value)) return;
  field.list.replaceChildren(...found.map((label) => Object.assign(document.createElement("option"), { value: label })));
}
