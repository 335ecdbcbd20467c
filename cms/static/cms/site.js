// SPDX-License-Identifier: Apache-2.0
// Small helps on every page; everything works without them.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.querySelector(".visually-hidden");
    const before = label.textContent;
    label.textContent = button.title = button.dataset.copied;
    button.querySelector("use").setAttribute("href", button.querySelector("use").getAttribute("href").replace("#copy", "#check"));
    setTimeout(() => {
      label.textContent = before;
      button.title = "";
      button.querySelector("use").setAttribute("href", button.querySelector("use").getAttribute("href").replace("#check", "#copy"));
    }, 2500);
  });
}

// The facets are a sheet on a phone: closed until asked for.
const sheet = document.querySelector("details.facets");
if (sheet && matchMedia("(max-width: 59.99rem)").matches && !sheet.querySelector("[aria-current]")) sheet.open = false;

// A link into a closed <details> opens it.
const reveal = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const closed = target && target.closest("details");
  if (closed) closed.open = true;
};
addEventListener("hashchange", reveal);
reveal();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
