// The door: passwords that can be looked at, their strength, and whose status is restored.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-look]");
  if (!button) return;
  const field = document.getElementById(button.dataset.look);
  field.type = field.type === "password" ? "text" : "password";
  button.setAttribute("aria-pressed", String(field.type === "text"));
});

for (const field of document.querySelectorAll("[data-strength]")) {
  const told = document.querySelector(`[data-strength-of="${field.id}"]`);
  let asked;
  field.addEventListener("input", () => {
    clearTimeout(asked);
    asked = setTimeout(async () => {
      if (!field.value) return void (told.textContent = "");
      const body = new FormData();
      body.set("password", field.value);
      body.set("about", field.dataset.strength);
      const token = document.querySelector('meta[name="csrf"]').content;
      const answer = await fetch("/strength", { method: "POST", body, headers: { "X-CSRF-Token": token } });
      if (answer.ok) told.textContent = await answer.text();
    }, 300);
  });
}

// "Do not change (Break)" tells the status of who logged in here last, and of nobody else.
const login = document.querySelector("form[data-login]");
if (login) {
  const { login: who, status } = login.elements;
  const keep = status.querySelector('option[value="keep"]');
  const named = keep.textContent;
  const name = () => { keep.textContent = who.value.trim() === who.dataset.last ? named : keep.dataset.plain; };
  who.addEventListener("input", name);
  (who.value ? login.elements.password : who).focus();
}

// The computer's own time zone, where none was typed yet.
for (const field of document.querySelectorAll("[data-own-zone]"))
  if (!field.value) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
