// SPDX-License-Identifier: Apache-2.0
// Pages to turn: by button, arrow key, swipe or number; two side by side where there is room; their words beside them.

import { say, stage } from "./full.js";

const leaf = stage.querySelector("[data-leaf]");
const turner = stage.querySelector("[data-turner]");
const [field, words, closer] = ["page", "words", "closer"].map((name) => turner.querySelector(`[data-${name}]`));
const { base } = stage.dataset;
let pages = [];
let at = 0;

// A book lies open: its first page stands alone on the right, then two by two.
const wide = () => matchMedia("(min-width: 60rem)").matches && pages.length > 2 && closer.getAttribute("aria-pressed") !== "true";
const spread = () => (wide() && at > 0 ? [at - ((at + 1) % 2), at + (at % 2)].filter((one) => one < pages.length) : [at]);

function picture(number) {
  const page = pages[number];
  const image = new Image(page.width, page.height);
  image.src = base + page.image;
  image.alt = `${field.previousElementSibling?.textContent ?? ""} ${number + 1}`.trim();
  image.decoding = "async";
  return image;
}

async function spoken(number) {
  const page = pages[number];
  const text = document.createElement("div");
  text.className = "leaf-words";
  text.textContent = page.text ? await (await fetch(base + page.text)).text() : "";
  return text;
}

async function show() {
  const now = spread();
  field.value = at + 1;
  leaf.setAttribute("aria-label", now.map((one) => one + 1).join("–"));
  const reading = words.getAttribute("aria-pressed") === "true";
  const parts = await Promise.all(now.flatMap((one) => (reading && pages[one].text ? [picture(one), spoken(one)] : [picture(one)])));
  leaf.replaceChildren(...parts);
  const next = Math.max(...now) + 1;
  if (next < pages.length) new Image().src = base + pages[next].image;
  for (const button of turner.querySelectorAll("[data-turn]")) {
    button.disabled = Number(button.dataset.turn) < 0 ? Math.min(...now) === 0 : next >= pages.length;
  }
}

function go(number) {
  at = Math.min(Math.max(number, 0), pages.length - 1);
  show();
}

const turn = (step) => go(step < 0 ? Math.min(...spread()) - 1 : Math.max(...spread()) + 1);

function press(button) {
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  stage.classList.toggle("closer", closer.getAttribute("aria-pressed") === "true");
  show();
}

function listen() {
  for (const button of turner.querySelectorAll("[data-turn]")) button.addEventListener("click", () => turn(Number(button.dataset.turn)));
  for (const button of [words, closer]) button.addEventListener("click", () => press(button));
  field.addEventListener("change", () => go(Number(field.value) - 1));
  const keys = { ArrowLeft: () => turn(-1), ArrowRight: () => turn(1), Home: () => go(0), End: () => go(pages.length - 1) };
  leaf.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  let from = null;
  leaf.addEventListener("pointerdown", (event) => {
    from = event.pointerType === "mouse" ? null : event.clientX;
  });
  leaf.addEventListener("pointerup", (event) => {
    if (from !== null && !stage.classList.contains("closer") && Math.abs(event.clientX - from) > 40) turn(event.clientX < from ? 1 : -1);
    from = null;
  });
  matchMedia("(min-width: 60rem)").addEventListener("change", show);
}

say(stage.dataset.loading);
try {
  ({ pages } = await (await fetch(stage.dataset.index)).json());
  words.hidden = !pages.some((page) => page.text);
  listen();
  await show();
  stage.querySelector("[data-poster]").hidden = true;
  leaf.hidden = turner.hidden = false;
  stage.classList.add("shown");
  say("");
} catch {
  say(stage.dataset.failed);
}
