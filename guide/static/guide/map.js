// SPDX-License-Identifier: Apache-2.0
// "Near me": asks only after the button, computes here, sends nothing.

const box = document.querySelector("[data-near]");
const list = document.querySelector("[data-regions]");
const map = document.querySelector("[data-map]");

function metres(lat1, lon1, lat2, lon2) {
  const rad = Math.PI / 180;
  const half = Math.sin(((lat2 - lat1) * rad) / 2) ** 2 + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * 6371008.8 * Math.asin(Math.min(1, Math.sqrt(half)));
}

function words(distance) {
  if (distance < 1000) return `${Math.round(distance / 10) * 10} m`;
  return distance < 10000 ? `${(distance / 1000).toFixed(1)} km` : `${Math.round(distance / 1000).toLocaleString()} km`;
}

function sort({ coords }) {
  const items = [...list.children].map((item) => {
    const distance = metres(coords.latitude, coords.longitude, Number(item.dataset.latitude), Number(item.dataset.longitude));
    item.querySelector("[data-distance]").textContent = words(distance);
    return { item, distance };
  });
  items.sort((a, b) => a.distance - b.distance);
  list.append(...items.map(({ item }) => item));
  box.querySelector("[role=status]").textContent = box.dataset.done;
  mark(coords);
}

// The same projection as guide/atlas.py; a position outside the drawing is not drawn.
function mark({ latitude, longitude }) {
  const { west, north, squeeze, scale } = map.dataset;
  const x = (longitude - west) * squeeze * scale;
  const y = (north - latitude) * scale;
  const { width, height } = map.viewBox.baseVal;
  map.querySelector(".here")?.remove();
  if (x < 0 || y < 0 || x > width || y > height) return;
  const here = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  here.setAttribute("class", "here");
  here.setAttribute("cx", x);
  here.setAttribute("cy", y);
  here.setAttribute("r", 9);
  map.append(here);
}

if (box && navigator.geolocation) {
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => {
    const status = box.querySelector("[role=status]");
    status.textContent = box.dataset.asking;
    navigator.geolocation.getCurrentPosition(sort, () => { status.textContent = box.dataset.denied; }, { maximumAge: 60000, timeout: 15000 });
  });
}
