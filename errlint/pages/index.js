"use strict";
(() => {
  const form = document.querySelector("form");
  const rows = [...document.querySelectorAll("tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const count = document.querySelector("#count");
  const show = () => {
    const words = form.elements.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = !words.every((word) => texts[index].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    for (const section of document.querySelectorAll("section")) {
      section.hidden = words.length > 0 && !section.querySelector("tbody tr:not([hidden])");
    }
    count.textContent = shown === rows.length ? "" : `${shown} found.`;
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => { form.reset(); show(); });
  show();
})();
