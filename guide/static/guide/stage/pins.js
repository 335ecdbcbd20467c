// SPDX-License-Identifier: Apache-2.0
// Numbered pins on the model, and the list beside it: choosing one chooses the other.

const list = document.querySelector("[data-notes]");
const rows = list ? [...list.querySelectorAll("[data-places]")] : [];
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// Look at a place from where its surface looks; angles in radians, as model-viewer's orbit counts them.
export function facing(normal) {
  const [x, y, z] = normal.split(" ").map(Number);
  const length = Math.hypot(x, y, z) || 1;
  return { theta: Math.atan2(x, z), phi: Math.acos(Math.min(Math.max(y / length, -1), 1)) };
}

export class Pins {
  constructor(stage, viewer) {
    this.viewer = viewer;
    this.stage = stage;
    this.card = stage.querySelector("[data-note-card]");
    this.chosen = null;
    this.pins = new Map(rows.map((row) => [row.dataset.noteRow, this.#pin(row)]));
    this.home = viewer.getAttribute("camera-orbit");
    for (const row of rows) row.querySelector("[data-show-note]").hidden = false;
    list?.addEventListener("click", (event) => {
      const button = event.target.closest("[data-show-note]");
      if (button) this.choose(button.dataset.showNote === this.chosen ? null : button.dataset.showNote, { scroll: true });
    });
    this.card?.addEventListener("click", (event) => {
      const step = event.target.closest("[data-step]");
      if (step) this.#step(Number(step.dataset.step));
      if (event.target.closest("[data-close]")) this.choose(null);
    });
    stage.addEventListener("keydown", (event) => event.key === "Escape" && this.chosen && this.choose(null));
  }

  #pin(row) {
    const pin = document.createElement("button");
    pin.type = "button";
    pin.className = "pin";
    pin.slot = `hotspot-${row.dataset.noteRow}`;
    pin.dataset.visibilityAttribute = "visible";
    pin.setAttribute("aria-pressed", "false");
    const number = document.createElement("span");
    number.textContent = row.dataset.noteRow;
    const name = document.createElement("span");
    name.className = "visually-hidden";
    name.lang = row.querySelector("h3").lang;
    name.textContent = ` ${row.querySelector("h3").textContent}`;
    pin.append(number, name);
    pin.addEventListener("click", () => this.choose(row.dataset.noteRow === this.chosen ? null : row.dataset.noteRow));
    return { row, pin, places: JSON.parse(row.dataset.places) };
  }

  // Hang every pin on the level's own surface; one that is lost there is taken off, and its row says so.
  show(role) {
    for (const { row, pin, places } of this.pins.values()) {
      const place = places[role];
      row.querySelector("[data-not-here]").hidden = Boolean(place);
      row.querySelector("[data-show-note]").hidden = !place;
      if (!place) {
        pin.remove();
        continue;
      }
      pin.dataset.position = place.position;
      pin.dataset.normal = place.normal;
      if (pin.isConnected) this.viewer.updateHotspot({ name: pin.slot, position: place.position, normal: place.normal });
      else this.viewer.append(pin);
    }
    this.role = role;
    if (this.chosen && !this.pins.get(this.chosen).places[role]) this.choose(null);
  }

  choose(number, { scroll = false } = {}) {
    this.chosen = number;
    for (const [name, { row, pin }] of this.pins) {
      const on = name === number;
      pin.setAttribute("aria-pressed", String(on));
      row.querySelector("[data-show-note]").setAttribute("aria-pressed", String(on));
      row.toggleAttribute("data-chosen", on);
    }
    const found = number && this.pins.get(number);
    this.#tell(found);
    this.#look(found?.places[this.role]);
    if (scroll && found) this.stage.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  }

  #look(place) {
    const { viewer } = this;
    if (place) {
      const { theta, phi } = facing(place.normal);
      viewer.cameraTarget = place.position.split(" ").map((part) => `${part}m`).join(" ");
      viewer.cameraOrbit = `${theta}rad ${phi}rad 60%`;
    } else {
      viewer.cameraTarget = "auto auto auto";
      viewer.cameraOrbit = this.home;
    }
    if (calm.matches) viewer.jumpCameraToGoal();
  }

  #tell(found) {
    if (!this.card) return;
    this.card.hidden = !found;
    if (!found) return;
    const heading = found.row.querySelector("h3");
    const title = this.card.querySelector("[data-note-title]");
    title.textContent = `${found.row.dataset.noteRow} ${heading.textContent}`;
    title.lang = heading.lang;
    const body = this.card.querySelector("[data-note-body]");
    body.replaceChildren(...[...(found.row.querySelector(".note-body")?.childNodes ?? [])].map((one) => one.cloneNode(true)));
    body.lang = heading.lang;
  }

  #step(by) {
    const here = [...this.pins].filter(([, one]) => one.places[this.role]).map(([name]) => name);
    this.choose(here[(here.indexOf(this.chosen) + by + here.length) % here.length]);
  }
}
