// What was not checked and why, and the documents that were judged.
const unknownBox = ([why, rows]) => {
  const inner = el("ul");
  const made = el(
    "details",
    { class: "fold" },
    el("summary", null, `${why} `, el("span", { class: "soft" }, `${count(rows.length)}×`)),
    inner,
  );
  made.addEventListener("toggle", () => {
    if (inner.childNodes.length) return;
    made.append(
      some(
        rows,
        50,
        (one) =>
          el(
            "li",
            null,
            one.operation && el("span", { class: "mono strong" }, one.operation),
            one.operation && " ",
            one.status && `status ${one.status} `,
            el("span", { class: "mono soft" }, place(one.location)),
            ` ${one.rule}`,
          ),
        inner,
        "place",
      ),
    );
  });
  return made;
};

const uncheckedSection = () => {
  const reasons = new Map();
  for (const one of page.unknown) {
    if (!reasons.has(one.why)) reasons.set(one.why, []);
    reasons.get(one.why).push(one);
  }
  const away = operations.filter((one) => one.state !== "reached");
  if (!reasons.size && !away.length && !page.notes.length) return null;
  const notes =
    page.notes.length > 0 &&
    el(
      "ul",
      { class: "notes" },
      page.notes.map((note) => el("li", { class: /^\s/.test(note) ? "next mono" : null }, note.trim())),
    );
  if (!reasons.size && !away.length) return section("unchecked", "Notes of the run", notes);
  return section(
    "unchecked",
    "Not checked",
    notes,
    [...reasons].sort((a, b) => b[1].length - a[1].length).map(unknownBox),
    away.length > 0 && el("h3", null, `${plural(away.length, "operation")} not reached`),
    away.length > 0 &&
      table(
        "Operations not reached",
        ["Operation", number("Requests"), "Why"],
        el(
          "tbody",
          null,
          away.map((one) =>
            el(
              "tr",
              null,
              el("th", { scope: "row", class: "mono" }, one.operation),
              numeric(one.requests),
              el("td", null, one.why),
            ),
          ),
        ),
      ),
  );
};

const RESULTS = [number("Errors"), number("Warnings"), number("Notes")];
const results = (of) =>
  SEVERITIES.map((kind) => el("td", { class: of[kind] ? `number is-${kind}` : "number soft" }, count(of[kind])));
const alone = (page.services || []).every((one) => one.documents.length === 1);

// A run over several services: whose the findings are, and how many codes of its catalogs each declares.
const servicesSection = () => {
  const rows = page.services || [];
  if (rows.length < 2) return null;
  const held = rows.some((one) => one.codes);
  const owned = rows.some((one) => one.owner);
  const body = el("tbody");
  const row = (one) =>
    el(
      "tr",
      null,
      el(
        "th",
        { scope: "row" },
        button(one.service, () => lead({ service: one.service }), {
          class: "plain mono",
          "aria-label": `Findings of ${one.service}`,
        }),
      ),
      owned && el("td", null, one.owner),
      !alone && numeric(one.documents.length),
      numeric(one.operations),
      results(one),
      held && el("td", { class: "bar-cell" }, one.codes > 0 && line({ met: one.declared, open: one.codes - one.declared })),
      held && numeric(one.codes ? `${count(one.declared)} of ${count(one.codes)}` : "–"),
      held && el("td", { class: "number soft" }, one.coverage === null ? "–" : `${one.coverage} %`),
    );
  const more = some(rows, 100, row, body, "service");
  const heads = [
    alone ? "Document" : "Service",
    owned && "Owner",
    !alone && number("Documents"),
    number("Operations"),
    ...RESULTS,
    ...(held ? ["Declared", number("Codes"), number("Share")] : []),
  ];
  return section(
    "services",
    alone ? "Documents" : "Services",
    table("Services", heads.filter(Boolean), body, "services"),
    more,
  );
};

const documentsSection = () => {
  if (page.documents.length < 2 || (page.services && alone)) return null;
  const held = page.documents.some((one) => one.catalogs.length);
  const owned = page.documents.some((one) => one.owner);
  const counts = new Map();
  for (const one of findings) {
    if (one.suppressed !== null) continue;
    const of = counts.get(one.document) || { error: 0, warning: 0, note: 0 };
    of[one.severity] += 1;
    counts.set(one.document, of);
  }
  const body = el("tbody");
  const more = some(
    page.documents,
    100,
    (one) => {
      const of = counts.get(one.uri) || { error: 0, warning: 0, note: 0 };
      return el(
        "tr",
        null,
        el(
          "th",
          { scope: "row" },
          button(one.uri, () => lead({ document: one.uri }), { class: "plain mono", "aria-label": `Findings of ${one.uri}` }),
          one.title && el("span", { class: "soft" }, ` ${one.title}`),
        ),
        owned && el("td", null, one.owner),
        held && el("td", { class: "mono" }, one.catalogs.join(", ")),
        numeric(one.operations.length),
        numeric(one.errors),
        results(of),
      );
    },
    body,
    "document",
  );
  const heads = ["Document", owned && "Owner", held && "Catalog", number("Operations"), number("Error responses"), ...RESULTS];
  return section(
    "documents",
    page.command.startsWith("catalog") ? "Catalogs" : "Documents",
    table("What was judged", heads.filter(Boolean), body, "documents"),
    more,
  );
};
