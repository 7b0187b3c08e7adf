// What the page knows, and what of it is shown: the address keeps that, so that a link shows the same.
const page = JSON.parse(document.getElementById("report").textContent);
const findings = page.findings;
const codes = page.coverage ? page.coverage.codes : [];
const operations = page.coverage ? page.coverage.operations : [];
// Several catalogs: one table of codes would mix what different services mean by them.
const mixed = new Set(page.documents.map((one) => one.catalogs.join("\n"))).size > 1;
const probed = page.command === "probe";

const SEVERITIES = ["error", "warning", "note"];
const GROUPS = { rule: "Rule", operation: "Operation", code: "Code", document: "Document" };
const FROM = {
  schema: "declared",
  example: "example",
  live: "live answer",
  test: "test",
  traffic: "recorded traffic",
  catalog: "catalog",
  config: "configuration",
  run: "coverage of the run",
};
const START = {
  group: "rule",
  q: "",
  severity: SEVERITIES.join(),
  from: "",
  layer: "",
  operation: "",
  code: "",
  document: "",
  service: "",
  suppressed: "",
  finding: "",
};
const PICKED = { operation: "Operation", code: "Code", document: "Document", service: "Service" };
const state = { ...START };

const readHash = () => {
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(START)) state[name] = wanted.get(name) ?? START[name];
  if (!Object.hasOwn(GROUPS, state.group)) state.group = START.group;
};
const writeHash = () => {
  const kept = new URLSearchParams(Object.entries(state).filter(([name, value]) => value !== START[name]));
  const hash = kept.size ? `#${kept}` : location.pathname + location.search;
  try {
    history.replaceState(null, "", hash);
  } catch {
    /* some browsers refuse it for files */
  }
};
