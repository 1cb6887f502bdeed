// What if: what a run of the week means is told below the picture, and arrow keys walk through.

function tell(run) {
  const told = run.closest("figure")?.querySelector("[data-week-told]");
  if (told) told.textContent = run.getAttribute("aria-label");
}

for (const kind of ["pointerover", "focusin"])
  document.addEventListener(kind, (event) => {
    const run = event.target.closest?.("[data-week] .run");
    if (run) tell(run);
  });

// Enter in the fields of "what if" shows the way, whatever else the form around them does.
document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.(".what-if-fields input");
  if (!field || event.key !== "Enter") return;
  event.preventDefault();
  field.form.querySelector(".what-if-buttons button").click();
});

document.addEventListener("keydown", (event) => {
  const run = event.target.closest?.("[data-week] .run");
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!run || !by) return;
  const runs = [...run.parentElement.querySelectorAll(".run")];
  const next = runs[runs.indexOf(run) + by];
  if (!next) return;
  event.preventDefault();
  run.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
});
