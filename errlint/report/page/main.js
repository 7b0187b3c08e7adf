// The page: its parts in order, the way between them, the theme.
const parts = [
  section("findings", "Findings", bar(), list),
  matrixSection(),
  coverageSection(),
  seenSection(),
  servicesSection(),
  documentsSection(),
  uncheckedSection(),
].filter(Boolean);
const main = document.getElementById("main");
main.append(...parts);
document.body.append(voice);

const jump = (id) => (event) => {
  event.preventDefault();
  const part = document.getElementById(id);
  part.scrollIntoView();
  part.querySelector("h2").tabIndex = -1;
  part.querySelector("h2").focus({ preventScroll: true });
};
const numbers = {
  findings: findings.filter((one) => one.suppressed === null).length,
  services: page.services?.length,
  documents: page.documents.length,
  unchecked: page.unknown.length,
};
const dark = () =>
  document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
const themed = () => {
  theme.setAttribute("aria-pressed", String(dark()));
};
const theme = button(
  "Dark",
  () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    try {
      localStorage.setItem("errlint-theme", document.documentElement.dataset.theme);
    } catch {
      /* not kept */
    }
    themed();
  },
  { class: "theme", "aria-label": "Dark theme" },
);
try {
  const kept = localStorage.getItem("errlint-theme");
  if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
} catch {
  /* nothing is kept */
}
themed();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themed);

main.before(
  el(
    "nav",
    { class: "ways", "aria-label": "Parts of the report" },
    el(
      "ul",
      null,
      parts.map((part) =>
        el(
          "li",
          null,
          el(
            "a",
            { href: `#${part.id}`, on: { click: jump(part.id) } },
            part.querySelector("h2").textContent,
            numbers[part.id] > 0 && el("span", { class: "soft" }, ` ${count(numbers[part.id])}`),
          ),
        ),
      ),
    ),
    theme,
  ),
);

addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input:not([type=radio],[type=checkbox]), select, textarea");
  if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    controls.q.focus();
    controls.q.select();
  }
});
addEventListener("hashchange", () => {
  readHash();
  sync();
  render();
  showLinked();
});
addEventListener("beforeprint", () => {
  for (const one of boxes) one.flip(true);
});

readHash();
sync();
if (state.finding) showLinked();
else render();
