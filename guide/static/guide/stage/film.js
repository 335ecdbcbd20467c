// SPDX-License-Identifier: Apache-2.0
// A film in the size that the connection carries; without this the one file plays.

import { stage } from "./full.js";

const video = stage.querySelector("video");
const shots = stage.querySelector("[data-shots]");

async function climb() {
  const { ladder, viewer } = stage.dataset;
  if (!ladder) return;
  const at = video.currentTime;
  if (video.canPlayType("application/vnd.apple.mpegurl")) {
    video.src = ladder;
  } else {
    await import(viewer);
    if (!self.Hls?.isSupported()) return;
    const hls = new self.Hls({ enableWorker: false, startPosition: at });
    hls.on(self.Hls.Events.ERROR, (_name, error) => error.fatal && hls.destroy());
    hls.loadSource(ladder);
    hls.attachMedia(video);
  }
  await video.play().catch(() => {});
}

// The ladder is only fetched by who plays, and only where the connection may change.
if (navigator.connection?.saveData || /2g|3g/.test(navigator.connection?.effectiveType ?? "")) {
  video.addEventListener("play", climb, { once: true });
}

if (shots) {
  shots.hidden = false;
  shots.addEventListener("click", (event) => {
    const at = event.target.closest("[data-at]")?.dataset.at;
    if (at === undefined) return;
    video.currentTime = Number(at);
    video.focus({ preventScroll: true });
  });
  const buttons = [...shots.children];
  video.addEventListener("timeupdate", () => {
    const now = buttons.findLast((button) => Number(button.dataset.at) <= video.currentTime + 0.05);
    for (const button of buttons) button.setAttribute("aria-current", String(button === now));
  });
}
