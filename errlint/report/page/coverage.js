// What was covered: codes by layer and category, operations, and without a catalog what was seen.
const table = (title, heads, rows, kind) =>
  el(
    "div",
    { class: "scroll", tabindex: "-1" },
    el(
      "table",
      { class: `sheet ${kind || ""}`, "aria-label": title },
      el(
        "thead",
        null,
        el(
          "tr",
          null,
          heads.map((head) => el("th", { scope: "col", class: head.number ? "number" : null }, head.text ?? head)),
        ),
      ),
      rows,
    ),
  );
const number = (text) => ({ text, number: true });
const numeric = (value) => el("td", { class: "number" }, typeof value === "number" ? count(value) : value);

// A bar of parts by their numbers: met, open, beyond reach.
const line = (parts) => {
  const bar = el("span", { class: "bar-line", "aria-hidden": "true" });
  const whole = Object.values(parts).reduce((sum, part) => sum + part, 0);
  for (const [kind, length] of Object.entries(parts)) {
    if (!length) continue;
    const one = el("span", { "data-kind": kind });
    one.style.width = `${(100 * length) / whole}%`;
    bar.append(one);
  }
  return bar;
};

// How many codes of a layer or a category were seen (of a probe) or are declared.
const share = (title, rows) => {
  const met = rows.filter((one) => (probed ? one.observed : one.declared).length);
  const beyond = probed ? rows.filter((one) => !one.counted && !one.observed.length) : [];
  return el(
    "tr",
    null,
    el("th", { scope: "row" }, title),
    el(
      "td",
      { class: "bar-cell" },
      line({ met: met.length, open: rows.length - met.length - beyond.length, beyond: beyond.length }),
    ),
    el("td", { class: "number" }, `${count(met.length)} of ${count(rows.length)}`),
    el("td", { class: "number soft" }, `${Math.floor((100 * met.length) / rows.length)} %`),
    probed && el("td", { class: "number soft" }, beyond.length ? count(beyond.length) : "–"),
  );
};

const bars = (title, of) => {
  const found = new Map();
  for (const one of codes) {
    const key = of(one);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(one);
  }
  if (found.size < 2 && [...found.keys()][0] === "") return null;
  const heads = [title, probed ? "Seen" : "Declared", number("Codes"), number("Share")];
  if (probed) heads.push(number("Out of reach"));
  return table(
    `${title}: codes`,
    heads,
    el(
      "tbody",
      null,
      [...found].map(([key, rows]) => share(key || `No ${title.toLowerCase()}`, rows)),
    ),
    "bars",
  );
};

const few = (labels) => (labels.length === 0 ? "–" : labels.length === 1 ? labels[0] : plural(labels.length, "operation"));
const met = (labels) =>
  el(
    "td",
    { class: labels.length ? "number" : "number soft", title: labels.slice(0, 30).join("\n") || null },
    labels.length ? count(labels.length) : "–",
  );
const concerned = new Set(findings.flatMap((one) => facts(one).codes));
const codeRow = (one) =>
  el(
    "tr",
    null,
    el(
      "th",
      { scope: "row" },
      el("span", { class: "sign", "data-state": one.state === "observed" ? "met" : one.state, "aria-hidden": "true" }),
      concerned.has(one.code || one.id)
        ? button(one.id, () => lead({ code: one.code || one.id }), {
            class: "plain mono",
            "aria-label": `Findings about ${one.id}`,
          })
        : el("span", { class: "mono" }, one.id),
    ),
    numeric(one.statuses),
    el("td", null, one.message, " ", el("span", { class: "mono soft" }, one.name)),
    met(one.declared),
    probed && met(one.observed),
    probed && el("td", { class: "why soft" }, one.why),
  );

const codeTable = () => {
  const heads = [
    "Code",
    number("Status"),
    "Message",
    number("Declared"),
    ...(probed ? [number("Seen"), "Why it was not seen"] : []),
  ];
  const body = el("tbody");
  const more = some(codes, 100, codeRow, body, "code");
  return el(
    "details",
    { class: "fold", open: codes.length <= 60 },
    el("summary", null, `All ${plural(codes.length, "code")}`),
    table("All codes", heads, body, "codes"),
    more,
  );
};

const coverageSection = () => {
  if (!codes.length || mixed) return null;
  const met = codes.filter((one) => (probed ? one.observed : one.declared).length).length;
  const words = `${count(met)} of ${plural(codes.length, "code")} ${probed ? "seen" : "declared"}`;
  return section(
    "coverage",
    "Coverage of the catalog",
    el("p", { class: "lead" }, `${words}.`),
    el(
      "div",
      { class: "pair" },
      bars("Layer", (one) => one.layer),
      bars("Category", (one) => one.category),
    ),
    codeTable(),
    operationTable(),
  );
};

const REACHED = { reached: "", unreached: "not reached", "not-probed": "not probed" };
const astray = operations.some((one) => one.state !== "reached");
const operationRow = (one) =>
  el(
    "tr",
    null,
    el("th", { scope: "row", class: "mono" }, one.operation),
    numeric(one.requests),
    el(
      "td",
      null,
      one.statuses.map(({ status, count: times }) =>
        el("span", { class: "pairing" }, status, el("span", { class: "soft" }, ` ${count(times)}\u00d7`)),
      ),
    ),
    astray && el("td", { class: "soft" }, [REACHED[one.state], one.why].filter(Boolean).join(": ")),
  );
const operationTable = () => {
  if (!operations.length) return null;
  const body = el("tbody");
  const more = some(operations, 100, operationRow, body, "operation");
  return el(
    "details",
    { class: "fold" },
    el("summary", null, `All ${plural(operations.length, "operation")}`),
    table(
      "All operations",
      ["Operation", number("Requests"), "Answers by status", ...(astray ? ["Not reached"] : [])],
      body,
      "operations",
    ),
    more,
  );
};

// Without a catalog: what the answers looked like.
const seenSection = () => {
  const rows = page.coverage?.seen || [];
  if (!rows.length) return null;
  return section(
    "seen",
    "Errors seen",
    el("p", { class: "lead" }, "No catalog was given: this describes, and judges nothing. A catalog could begin with it."),
    table(
      "Errors seen",
      ["Status", "Code", number("Answers"), "Body", "Operations"],
      el(
        "tbody",
        null,
        rows.map((one) =>
          el(
            "tr",
            null,
            el("td", null, one.status),
            el("td", { class: "mono" }, one.code || "no code"),
            numeric(one.count),
            el("td", { class: "mono" }, one.shape, one.envelope && el("span", { class: "soft" }, ` ${one.envelope}`)),
            el("td", { title: one.operations.slice(0, 30).join("\n") }, few(one.operations)),
          ),
        ),
      ),
    ),
    operationTable(),
  );
};
