// SPDX-License-Identifier: Apache-2.0
// A dance on the stage: play, stop, go to any moment, slow down.

export async function player(bar, viewer) {
  if (!bar.hidden) return;
  const [play, seek, time, speed] = ["play", "seek", "time", "speed"].map((name) => bar.querySelector(`[data-${name}]`));
  const show = () => {
    time.value = `${viewer.currentTime.toFixed(1)} s`;
    if (document.activeElement !== seek || !viewer.paused) seek.value = viewer.currentTime;
  };
  const run = () => {
    show();
    if (!viewer.paused) requestAnimationFrame(run);
  };
  const toggle = (playing) => {
    play.setAttribute("aria-pressed", String(playing));
    const sign = play.querySelector("use");
    sign.setAttribute("href", sign.getAttribute("href").replace(/#\w+/, playing ? "#pause" : "#play"));
    playing ? viewer.play() : viewer.pause();
    if (playing) requestAnimationFrame(run);
  };
  seek.max = viewer.duration || seek.max;
  viewer.animationName = viewer.availableAnimations[0];
  viewer.pause();
  viewer.currentTime = 0;
  await viewer.updateFraming(); // of the figure where it stands, not of its bones before they are placed
  play.addEventListener("click", () => toggle(viewer.paused));
  seek.addEventListener("input", () => {
    toggle(false);
    viewer.currentTime = Number(seek.value);
    show();
  });
  speed.addEventListener("change", () => {
    viewer.timeScale = Number(speed.value);
  });
  bar.hidden = false;
  // Who asked for less movement starts it by hand.
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) toggle(true);
}
