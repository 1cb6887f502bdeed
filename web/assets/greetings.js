// Greetings: recorded with the microphone, a text heard before it is stored, files not too large.

const csrfOf = (form) => form.querySelector("[name=csrf]").value;

/** A file that would not be taken is not sent at all. */
document.addEventListener("change", (event) => {
  const input = event.target.closest?.("input[type=file][data-most]");
  if (!input) return;
  const isTooLarge = input.files[0]?.size > Number(input.dataset.most);
  const text = document.getElementById("upload-file")?.dataset.tooLarge ?? "";
  input.setCustomValidity(isTooLarge ? text : "");
  if (isTooLarge) input.reportValidity();
});

const recorder = document.getElementById("recorder");
if (recorder) {
  recorder.hidden = false;
  document.querySelector(".recorder-without").hidden = true;
  const part = (selector) => recorder.querySelector(selector);
  const start = part("[data-record=start]");
  const stop = part("[data-record=stop]");
  const meter = part("meter");
  const clock = part(".recorder-time");
  const told = part(".recorder-problem");
  const done = part(".recorder-done");
  let running = null;

  const tell = (text) => { told.textContent = text; told.hidden = !text; };
  const reason = (error) => {
    const texts = recorder.dataset;
    if (["NotAllowedError", "SecurityError"].includes(error?.name)) return texts.refused;
    return ["NotFoundError", "OverconstrainedError"].includes(error?.name) ? texts.missing : texts.failed;
  };

  /** Show how loud it is, and for how long; end by itself at the limit. */
  function follow(stream, since) {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      // Loudness as ears have it: half of the way is a quarter of the amplitude.
      meter.value = Math.sqrt(Math.max(...samples.map(Math.abs)));
      const seconds = Math.floor((Date.now() - since) / 1000);
      clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds >= Number(recorder.dataset.seconds)) running?.stop();
    }, 80);
    return () => { clearInterval(timer); context.close(); meter.value = 0; };
  }

  /** What was recorded becomes the form's file, to be heard and stored. */
  function keep(parts, type) {
    const blob = new Blob(parts, { type });
    const carried = new DataTransfer();
    carried.items.add(new File([blob], "recording", { type }));
    part("input[type=file]").files = carried.files;
    const audio = part("audio");
    if (audio.src) URL.revokeObjectURL(audio.src);
    audio.src = URL.createObjectURL(blob);
    done.hidden = false;
  }

  start.addEventListener("click", async () => {
    tell("");
    if (!navigator.mediaDevices || !window.MediaRecorder) return tell(recorder.dataset.insecure);
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
      running = new MediaRecorder(stream);
    } catch (error) {
      stream?.getTracks().forEach((track) => track.stop());
      return tell(reason(error));
    }
    const parts = [];
    const unfollow = follow(stream, Date.now());
    running.addEventListener("dataavailable", (event) => parts.push(event.data));
    running.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      unfollow();
      keep(parts, running.mimeType);
      running = null;
      start.hidden = false;
      stop.hidden = true;
      start.focus();
    });
    done.hidden = true;
    start.hidden = true;
    stop.hidden = false;
    stop.focus();
    running.start(1000);
  });
  stop.addEventListener("click", () => running?.stop());
}

const speech = document.getElementById("speech");
if (speech) {
  const button = speech.querySelector("[data-speak]");
  const audio = speech.querySelector("audio");
  const told = document.getElementById("speech-text-h");
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!speech.reportValidity()) return;
    button.disabled = true;
    told.textContent = "";
    told.classList.remove("d-block");
    try {
      const answer = await fetch(speech.dataset.preview, { method: "POST", body: new FormData(speech), headers: { "X-CSRF-Token": csrfOf(speech) } });
      if (answer.ok) {
        if (audio.src) URL.revokeObjectURL(audio.src);
        audio.src = URL.createObjectURL(await answer.blob());
        audio.hidden = false;
        await audio.play().catch(() => {});
        return;
      }
      const errors = answer.status === 422 ? Object.values(await answer.json()) : [];
      throw new Error(errors[0] ?? speech.dataset.failed);
    } catch (error) {
      told.textContent = error instanceof TypeError ? speech.dataset.failed : error.message;
      told.classList.add("d-block");
    } finally {
      button.disabled = false;
    }
  });
}
