// Long work is watched: the answer to a form with data-progress tells how far it is.

async function watch(form, told) {
  const texts = JSON.parse(told.dataset.texts);
  const bar = told.querySelector("progress");
  const text = told.querySelector("span");
  told.hidden = false;
  text.textContent = texts.send;
  bar.removeAttribute("value");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "Panel-Progress": "1" } });
  if (!answer.headers.get("Content-Type")?.startsWith("application/x-ndjson")) return form.submit();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let left = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (left + part.value).split("\n");
    left = lines.pop();
    for (const line of lines.map((one) => JSON.parse(one))) {
      if (line.to) return location.assign(line.to);
      if (line.failed) return form.submit();
      bar.max = line.all;
      bar.value = line.done;
      text.textContent = texts[line.what].replace("{done}", line.done).replace("{all}", line.all);
    }
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-progress]"))
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    watch(form, form.querySelector(".progress-told")).catch(() => location.reload());
  });
