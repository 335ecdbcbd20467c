// SPDX-License-Identifier: Apache-2.0
// A picture to look into: its tiles are fetched as one comes closer.

import { hint, say, stage } from "./full.js";

const look = stage.querySelector("[data-look]");
let viewer = null;

async function open() {
  if (viewer) return;
  say(stage.dataset.loading);
  const ground = stage.querySelector("[data-deep]");
  ground.hidden = false;
  await import(stage.dataset.viewer);
  viewer = self.OpenSeadragon({
    element: ground,
    tileSources: stage.dataset.tiles,
    showNavigationControl: false,
    showNavigator: false,
    drawer: "canvas",
    animationTime: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.8,
    visibilityRatio: 0.5,
    maxZoomPixelRatio: 3,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
  });
  viewer.canvas.setAttribute("role", "img");
  viewer.canvas.setAttribute("aria-label", stage.dataset.alt);
  viewer.addHandler("open", () => {
    stage.classList.add("shown");
    stage.querySelector("[data-tools]").hidden = false;
    look.hidden = true;
    hint(stage.dataset.hint);
    viewer.canvas.focus({ preventScroll: true });
  });
  viewer.addHandler("open-failed", () => {
    ground.hidden = true;
    say(stage.dataset.failed);
  });
}

if (look) {
  look.hidden = false;
  look.addEventListener("click", open);
  stage.querySelector("[data-poster]").addEventListener("click", open);
  for (const button of stage.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => viewer?.viewport.zoomBy(Number(button.dataset.zoom)).applyConstraints());
  }
  stage.querySelector("[data-home]").addEventListener("click", () => viewer?.viewport.goHome());
}
