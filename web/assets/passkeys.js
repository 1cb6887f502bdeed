// Passkeys: the browser makes them and finds them; the panel's answers say what to do.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const token = () => document.querySelector('meta[name="csrf"]').content;

async function post(address, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRF-Token": token() } });
  if (answer.status === 422) throw (await answer.json()).errors;
  if (!answer.ok) throw {};
  return answer.json();
}

/** A credential as the panel reads it: every buffer as base64url. */
function written(credential) {
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) parts[name] = text(credential.response[name]);
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts, clientExtensionResults: {} });
}

async function make(fields) {
  const options = await post("/me/passkeys/begin", fields);
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  for (const known of options.excludeCredentials) known.id = bytes(known.id);
  const credential = await navigator.credentials.create({ publicKey: options });
  return post("/me/passkeys", { name: fields.name, answer: written(credential) });
}

async function use(fields) {
  const options = await post("/login/passkey/begin", {});
  options.challenge = bytes(options.challenge);
  const credential = await navigator.credentials.get({ publicKey: { ...options, allowCredentials: [] } });
  return post("/login/passkey", { ...fields, answer: written(credential) });
}

function tell(form, errors) {
  const place = form.querySelector("[data-passkey-error]");
  // Who turned away from the device's own question knows it.
  const isCancelled = errors instanceof DOMException && errors.name === "NotAllowedError";
  place.textContent = isCancelled ? "" : errors instanceof Error ? errors.message : Object.values(errors).join(" ");
  place.hidden = !place.textContent;
}

async function run(form, deed) {
  const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrf"));
  form.setAttribute("aria-busy", "true");
  try {
    location.assign((await deed(fields)).to);
  } catch (errors) {
    tell(form, errors);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.dataset.passkey !== "new") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  run(event.target, make);
}, true);

const button = document.querySelector("[data-passkey-login]");
if (button && window.PublicKeyCredential) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const { password, login, ...rest } = Object.fromEntries(new FormData(button.form));
    void password, login;
    run(button.form, () => use(rest));
  });
}
