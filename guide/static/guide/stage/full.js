// SPDX-License-Identifier: Apache-2.0
// What every stage does alike: fill the screen, and say a word.

export const stage = document.querySelector("[data-stage]");

export function say(words) {
  const status = stage.querySelector("[data-status]");
  if (status) status.textContent = words ?? "";
}

// A hint that goes by itself.
export function hint(words) {
  say(words);
  const status = stage.querySelector("[data-status]");
  setTimeout(() => status?.textContent === words && say(""), 6000);
}

const full = stage.querySelector("[data-full]");
if (full && document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()));
}
