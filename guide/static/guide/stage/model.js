// SPDX-License-Identifier: Apache-2.0
// The stage: a poster that becomes a model after a tap, or when the page has nothing else to do.

import { hint, say, stage } from "./full.js";
import { Pins } from "./pins.js";
import { player } from "./player.js";

const poster = stage.querySelector("[data-poster]");
let viewer = null;
let loading = null;
let pins = null;

const levels = () => [...stage.querySelectorAll("[data-src]")];
const chosen = () => levels().find((level) => level.checked || "only" in level.dataset) ?? levels()[0];
const painted = () => stage.querySelector("[data-heat]")?.getAttribute("aria-pressed") === "true";
// Which level's surface the viewer shows; the painted model is one of them.
const role = () => (painted() ? stage.querySelector("[data-heat]").dataset.of : (chosen()?.value ?? ""));

// What a graphics card can keep compressed: with one of these a level's KTX2 form takes a fraction of the memory.
const COMPRESSED = ["WEBGL_compressed_texture_astc", "EXT_texture_compression_bptc", "WEBGL_compressed_texture_etc", "WEBGL_compressed_texture_s3tc"];
const SLOW = /2g|3g/;
const net = navigator.connection ?? {};
let compresses = null;

function lean() {
  if (net.saveData || SLOW.test(net.effectiveType ?? "")) return false;
  if (compresses === null) {
    const context = document.createElement("canvas").getContext("webgl2");
    compresses = COMPRESSED.some((name) => context?.getExtension(name));
    context?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return compresses;
}

const address = (level) => (level?.dataset.lean && lean() ? level.dataset.lean : level?.dataset.src);

function build() {
  const element = document.createElement("model-viewer");
  const { alt, ar, ios } = stage.dataset;
  const settings = {
    src: address(chosen()) ?? poster.href,
    alt,
    "camera-controls": "",
    "touch-action": "pan-y",
    "interaction-prompt": "none",
    "shadow-intensity": "0.9",
    "shadow-softness": "0.9",
    "tone-mapping": "neutral",
    "environment-image": "neutral",
    "camera-orbit": "-25deg 78deg 105%",
    "min-camera-orbit": "auto 5deg auto",
    "max-camera-orbit": "auto 175deg 200%",
    loading: "eager",
  };
  if (ar) Object.assign(settings, { ar: "", "ar-modes": "webxr scene-viewer quick-look", "ar-scale": "auto" });
  if (ios) settings["ios-src"] = ios;
  if ("cloud" in stage.dataset) Object.assign(settings, { "shadow-intensity": "0" });
  for (const [name, value] of Object.entries(settings)) element.setAttribute(name, value);
  // model-viewer shows a button of its own for AR; ours stands in the row of actions.
  const none = document.createElement("span");
  none.slot = "ar-button";
  none.hidden = true;
  element.append(none);
  return element;
}

function arrived() {
  stage.classList.add("shown");
  poster.inert = true;
  if (viewer.dataset.told) say("");
  else hint(stage.dataset.hint);
  viewer.dataset.told = "yes";
  for (const part of stage.querySelectorAll("[data-levels], [data-tools], [data-heat]")) part.hidden = false;
  pins ??= new Pins(stage, viewer);
  pins.show(placed ? "ar" : role());
  if ("moves" in stage.dataset) player(stage.querySelector("[data-player]"), viewer);
}

function failed() {
  const level = chosen();
  if (viewer && level?.dataset.lean && viewer.src === level.dataset.lean) {
    compresses = false; // it says that it can and cannot: the ordinary form is shown, of this level and of the others
    viewer.src = level.dataset.src;
    return;
  }
  stage.classList.remove("shown");
  poster.inert = false;
  say(stage.dataset.failed);
}

async function show() {
  loading ??= (async () => {
    say(stage.dataset.loading);
    // Decoders come from this site; model-viewer would fetch them from elsewhere. It reads this before it starts.
    const { draco, meshopt, basis } = stage.dataset;
    self.ModelViewerElement = { dracoDecoderLocation: draco, meshoptDecoderLocation: meshopt, ktx2TranscoderLocation: basis };
    await import(stage.dataset.viewer);
    viewer = build();
    viewer.addEventListener("load", arrived);
    viewer.addEventListener("error", failed);
    stage.prepend(viewer);
  })();
  try {
    await loading;
  } catch {
    loading = null;
    failed();
  }
  return viewer;
}

function turn(degrees) {
  const orbit = viewer.getCameraOrbit();
  viewer.cameraOrbit = `${orbit.theta + (degrees * Math.PI) / 180}rad ${orbit.phi}rad ${orbit.radius}m`;
}

function zoom(factor) {
  const orbit = viewer.getCameraOrbit();
  viewer.cameraOrbit = `${orbit.theta}rad ${orbit.phi}rad ${orbit.radius * factor}m`;
}

let placed = false; // in the room, where the model made for that is shown

async function place() {
  const element = await show();
  if (!element) return;
  if (!element.loaded) await new Promise((done) => element.addEventListener("load", done, { once: true }));
  if (element.canActivateAR) {
    placed = true;
    element.addEventListener("ar-status", (event) => event.detail.status === "not-presenting" && (placed = false));
    element.src = stage.dataset.ar;
    await element.activateAR();
  } else {
    stage.querySelector("[data-phone]").showModal();
  }
}

// The same model painted with its distance to the scan; the camera stays where it is.
function paint(button) {
  const now = !painted();
  button.setAttribute("aria-pressed", String(now));
  stage.querySelector("[data-legend]").hidden = !now;
  stage.classList.toggle("painted", now);
  say(stage.dataset.loading);
  viewer.src = now ? button.dataset.heat : address(chosen());
}

if (poster) {
  poster.dataset.ready = "";
  poster.addEventListener("click", (event) => {
    event.preventDefault();
    show();
  });
  const table = stage.querySelector("[data-table]");
  if (table) table.hidden = false;
  table?.addEventListener("click", place);
  const heat = stage.querySelector("[data-heat]");
  heat?.addEventListener("click", () => paint(heat));
  stage.querySelector("[data-levels]")?.addEventListener("change", (event) => {
    if (painted()) paint(heat);
    say(stage.dataset.loading);
    if (viewer) viewer.src = address(event.target);
  });
  for (const button of stage.querySelectorAll("[data-turn]")) button.addEventListener("click", () => turn(Number(button.dataset.turn)));
  for (const button of stage.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
  const roomy = matchMedia("(hover: hover) and (min-width: 60rem)").matches && !net.saveData && !SLOW.test(net.effectiveType ?? "");
  if (roomy) addEventListener("load", () => (self.requestIdleCallback ?? setTimeout)(show), { once: true });
}
