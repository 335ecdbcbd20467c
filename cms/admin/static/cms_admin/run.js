// SPDX-License-Identifier: Apache-2.0
// Keep the page of an open run fresh: ask for its state, put the new part in place, stop when it has ended.
const place = document.querySelector("[data-run-address]");
const PAUSE = 1500;
const LONGEST_PAUSE = 15000;

async function refresh(pause) {
  let wait = pause;
  try {
    const answer = await fetch(place.dataset.runAddress, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    if (told.html !== place.dataset.shown) {
      place.innerHTML = told.html;
      place.dataset.shown = told.html;
    }
    place.dataset.run = told.state;
    if (!told.open) return;
    wait = PAUSE;
  } catch {
    wait = Math.min(pause * 2, LONGEST_PAUSE);
  }
  setTimeout(refresh, wait, wait);
}

if (place) setTimeout(refresh, PAUSE, PAUSE);
