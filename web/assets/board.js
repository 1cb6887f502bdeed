// Parts that are fetched anew now and then, even when nobody says that something has changed:
// phones are only watched while a board asks for them, and "until 13:30" ends by itself.

setInterval(() => {
  if (document.hidden) return;
  for (const part of document.querySelectorAll("[data-every]")) {
    const told = Number(part.dataset.told ?? 0) + 5;
    part.dataset.told = told % Number(part.dataset.every);
    if (told >= Number(part.dataset.every)) part.dispatchEvent(new CustomEvent("again", { bubbles: true }));
  }
}, 5000);

document.addEventListener("again", async (event) => {
  const part = event.target;
  const answer = await fetch(location.href, { headers: { "Panel-Part": part.dataset.part } }).catch(() => null);
  if (answer?.status === 401) return location.reload();
  if (answer?.ok && !part.contains(document.activeElement)) part.innerHTML = await answer.text();
});
