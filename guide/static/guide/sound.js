// SPDX-License-Identifier: Apache-2.0
// A recording's waveform shows where it plays, and takes one there; its captions stand under it.

for (const figure of document.querySelectorAll("[data-sound]")) {
  const audio = figure.querySelector("audio");
  const [seek, head, spoken] = ["seek", "head", "spoken"].map((name) => figure.querySelector(`[data-${name}]`));
  const length = () => audio.duration || Number(seek?.max) || 1;

  if (seek) {
    seek.hidden = head.hidden = false;
    const place = () => {
      head.style.insetInlineStart = `${(100 * audio.currentTime) / length()}%`;
      seek.value = audio.currentTime;
    };
    place();
    seek.addEventListener("input", () => {
      const at = Number(seek.value);
      if (audio.readyState > 0) audio.currentTime = at;
      else {
        audio.addEventListener("loadedmetadata", () => (audio.currentTime = at), { once: true });
        audio.load();
      }
    });
    audio.addEventListener("timeupdate", place);
  }

  const track = audio.textTracks[0];
  if (track && spoken) {
    track.mode = "hidden";
    track.addEventListener("cuechange", () => {
      const cue = track.activeCues?.[0];
      spoken.hidden = !cue;
      spoken.textContent = cue ? cue.text : "";
    });
  }
}
