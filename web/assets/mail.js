// The mail form: typing an address finds its server; what was typed by hand is left alone.
const form = document.querySelector("[data-mail-form]");
if (form) {
  const { address, host, port, login, encryption } = form.elements;
  const hint = form.querySelector("[data-mail-hint]");
  const byHand = new Set([host, port, login].filter((field) => field.value && field.name !== "port"));
  let asked;
  for (const field of [host, port, login]) field.addEventListener("input", () => byHand.add(field));
  const put = (field, value) => { if (!byHand.has(field)) field.value = value; };
  const imply = () => { if (["465", "587"].includes(port.value)) encryption.value = port.value === "465" ? "tls" : "starttls"; };
  port.addEventListener("input", imply);
  address.addEventListener("input", () => {
    clearTimeout(asked);
    asked = setTimeout(async () => {
      const typed = address.value.trim();
      if (!/@.+\..+/.test(typed)) return;
      const answer = await fetch(`/mail/provider?address=${encodeURIComponent(typed)}`);
      if (!answer.ok || address.value.trim() !== typed) return;
      const found = await answer.json();
      put(login, found.login ?? typed);
      hint.textContent = found.hint ?? "";
      if (!found.host) return;
      put(host, found.host);
      put(port, found.port);
      imply();
    }, 400);
  });
}
