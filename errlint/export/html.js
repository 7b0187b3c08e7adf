"use strict";
(() => {
  const form = document.querySelector("form");
  const articles = [...document.querySelectorAll("article")];
  const texts = articles.map((one) => one.textContent.toLowerCase());
  const count = document.querySelector("#count");
  const show = () => {
    const words = form.elements.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const status = form.elements.status.value;
    const layer = form.elements.layer.value;
    let shown = 0;
    articles.forEach((one, index) => {
      const fits = words.every((word) => texts[index].includes(word))
        && (!status || one.dataset.status.split(" ").includes(status))
        && (!layer || one.dataset.layer === layer);
      one.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    for (const group of document.querySelectorAll("section")) {
      group.hidden = !group.querySelector("article:not([hidden])");
    }
    count.textContent = shown === articles.length ? "" : `${shown} of ${articles.length}`;
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => {
    const one = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (one && one.hidden) { form.reset(); show(); one.scrollIntoView(); }
  });
  addEventListener("beforeprint", () => { form.reset(); show(); });
  show();
})();
