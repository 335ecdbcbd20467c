// SPDX-License-Identifier: Apache-2.0
// Point at a model: a click, or an aim moved by buttons, fills in the place; pins show what is there already.

const stage = document.querySelector("[data-annotate]");
const view = stage.querySelector("[data-view]");
const aim = stage.querySelector("[data-aim]");
const level = stage.querySelector("[data-level]");
const place = document.getElementById("place");
const said = stage.querySelector("[data-said]");
const NAMES = { position: ["x", "y", "z"], normal: ["nx", "ny", "nz"] };
const STEP = 0.02; // of the view's smaller side
const PAUSE = 1500;
const at = { x: 0.5, y: 0.5 };
let viewer = null;

function build() {
  const element = document.createElement("model-viewer");
  const settings = {
    src: level.selectedOptions[0].dataset.src,
    alt: stage.dataset.alt,
    "camera-controls": "",
    "touch-action": "pan-y",
    "interaction-prompt": "none",
    "tone-mapping": "neutral",
    "environment-image": "neutral",
    "camera-orbit": "-25deg 78deg 105%",
    "min-camera-orbit": "auto 5deg auto",
    "max-camera-orbit": "auto 175deg 200%",
    "min-field-of-view": "5deg",
    loading: "eager",
  };
  for (const [name, value] of Object.entries(settings)) element.setAttribute(name, value);
  return element;
}

const spaced = (vector) => `${vector.x} ${vector.y} ${vector.z}`;

function mark(name, text, where) {
  let pin = viewer.querySelector(`[slot="hotspot-${name}"]`);
  if (!where) return pin?.remove();
  if (!pin) {
    pin = document.createElement("span");
    pin.slot = `hotspot-${name}`;
    pin.className = "q-pin";
    pin.textContent = text;
    pin.dataset.visibilityAttribute = "visible";
    pin.setAttribute("aria-hidden", "true");
  }
  pin.dataset.position = where.position;
  pin.dataset.normal = where.normal;
  if (pin.isConnected) viewer.updateHotspot({ name: pin.slot, ...where });
  else viewer.append(pin);
}

function showPins() {
  for (const row of document.querySelectorAll("[data-row]")) {
    const found = (row.dataset.places ? JSON.parse(row.dataset.places) : {})[level.value];
    mark(row.dataset.number, row.dataset.number, found && { position: found.position.join(" "), normal: found.normal.join(" ") });
  }
}

// The surface under a point of the window becomes the chosen place.
function take(clientX, clientY) {
  const hit = viewer.positionAndNormalFromPoint(clientX, clientY);
  if (!hit) {
    said.textContent = stage.dataset.beside;
    return;
  }
  for (const [part, names] of Object.entries(NAMES)) {
    names.forEach((name, axis) => (place.elements[name].value = hit[part]["xyz"[axis]].toFixed(6)));
  }
  place.elements.role.value = level.value;
  mark("chosen", "+", { position: spaced(hit.position), normal: spaced(hit.normal) });
  said.textContent = `${stage.dataset.taken} ${NAMES.position.map((name) => place.elements[name].value).join(", ")}`;
}

function showAim() {
  aim.hidden = false;
  aim.style.left = `${at.x * 100}%`;
  aim.style.top = `${at.y * 100}%`;
}

function takeAim() {
  const box = view.getBoundingClientRect();
  take(box.left + at.x * box.width, box.top + at.y * box.height);
}

function nudge(dx, dy) {
  const box = view.getBoundingClientRect();
  const step = STEP * Math.min(box.width, box.height);
  at.x = Math.min(Math.max(at.x + (dx * step) / box.width, 0.02), 0.98);
  at.y = Math.min(Math.max(at.y + (dy * step) / box.height, 0.02), 0.98);
  showAim();
  takeAim();
}

// A click that did not turn the model.
function watchClicks() {
  let down = null;
  viewer.addEventListener("pointerdown", (event) => (down = event));
  viewer.addEventListener("pointerup", (event) => {
    const still = down && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < 5;
    if (still && event.button === 0) {
      aim.hidden = true;
      take(event.clientX, event.clientY);
    }
  });
}

async function renew() {
  try {
    const answer = await fetch(stage.dataset.state, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    for (const row of document.querySelectorAll("[data-row]")) {
      const now = told.rows[row.dataset.row];
      if (!now) continue;
      row.querySelector("[data-row-state]").innerHTML = now.html;
      row.dataset.places = now.places;
    }
    if (viewer?.loaded) showPins();
    if (!told.open) {
      document.querySelector("[data-annotating]")?.remove();
      return;
    }
  } catch {
    // the next turn may find the site again
  }
  setTimeout(renew, PAUSE);
}

async function start() {
  await import(stage.dataset.viewer);
  viewer = build();
  viewer.addEventListener("load", () => {
    stage.querySelector("[data-tools]").hidden = false;
    view.querySelector("img")?.remove();
    showPins();
  });
  viewer.addEventListener("error", () => (said.textContent = stage.dataset.failed));
  watchClicks();
  view.prepend(viewer);
  level.addEventListener("change", () => (viewer.src = level.selectedOptions[0].dataset.src));
  stage.querySelector("[data-take]").addEventListener("click", () => (showAim(), takeAim()));
  for (const button of stage.querySelectorAll("[data-nudge]")) button.addEventListener("click", () => nudge(...button.dataset.nudge.split(" ").map(Number)));
}

start();
if (stage.dataset.open) setTimeout(renew, PAUSE);
