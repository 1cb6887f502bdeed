// Messages: opening one plays it, its picture shows how far it is, and playing it marks it heard.
// Without this there are the browser's own player, and a button.

const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

/** Fetch the picture once; a click in it goes to that place of the sound. */
async function draw(box) {
  const wave = box.querySelector(".wave");
  if (wave.firstChild || wave.dataset.asked) return;
  wave.dataset.asked = "true";
  const answer = await fetch(`${box.dataset.audio}/wave.svg`).catch(() => null);
  if (!answer?.ok) return;
  const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  drawn.removeAttribute("fill");
  wave.append(document.importNode(drawn, true));
  const audio = box.querySelector("audio");
  const bars = [...wave.querySelectorAll("rect")];
  const show = () => {
    const played = audio.duration ? (audio.currentTime / audio.duration) * bars.length : 0;
    bars.forEach((bar, place) => bar.classList.toggle("is-played", place < played));
  };
  audio.addEventListener("timeupdate", show);
  wave.addEventListener("click", (event) => {
    const { left, width } = wave.getBoundingClientRect();
    if (!audio.duration) return;
    audio.currentTime = ((event.clientX - left) / width) * audio.duration;
    show();
  });
}

document.addEventListener("toggle", (event) => {
  const box = event.target;
  if (!box.matches?.("details.listen")) return;
  const audio = box.querySelector("audio");
  if (!box.open) return audio.pause();
  for (const other of document.querySelectorAll("details.listen[open]")) if (other !== box) other.open = false;
  draw(box);
  // A browser that wants a click first still has its own player.
  audio.play().catch(() => {});
}, true);

document.addEventListener("playing", async (event) => {
  const box = event.target.closest?.("details.listen[data-unheard]");
  if (!box) return;
  delete box.dataset.unheard;
  const answer = await fetch(`${box.dataset.audio}/heard`, {
    method: "POST", headers: { "X-CSRF-Token": csrf() }, redirect: "manual",
  }).catch(() => null);
  if (!answer || (answer.type !== "opaqueredirect" && !answer.ok)) return void (box.dataset.unheard = "");
  const message = box.closest(".message");
  message.classList.remove("is-new");
  message.querySelector(".message-new")?.remove();
  message.querySelector('form[action$="/heard"]')?.remove();
}, true);
