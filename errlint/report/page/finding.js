// One finding: what is wrong, where, the line it stands in, and how to see it again.
const SITES = 3;
const LIVE = new Set(["live", "test", "traffic"]);

const copied = async (button, source) => {
  const text = source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // not allowed here: what is marked can still be copied by hand
    getSelection().selectAllChildren(source);
    return;
  }
  button.textContent = "Copied";
  say("Copied");
  setTimeout(() => {
    button.textContent = "Copy";
  }, 1500);
};

const command = (text) => {
  const source = el("code", { tabindex: "0", "aria-label": "Command that shows it again", role: "group" }, text);
  const copy = button("Copy", () => copied(copy, source), { class: "copy", "aria-label": "Copy the command" });
  return el("div", { class: "command" }, source, copy);
};

const excerpt = (finding) =>
  finding.excerpt &&
  !LIVE.has(finding.witness) &&
  el(
    "pre",
    { class: "excerpt", tabindex: "0", "aria-label": `Line ${finding.location.line}`, role: "group" },
    el("span", { class: "number" }, String(finding.location.line)),
    el("code", null, finding.excerpt[0], el("mark", null, finding.excerpt[1] || " "), finding.excerpt[2]),
  );

const where = (finding) => {
  const live = LIVE.has(finding.witness);
  const { operations: asked } = facts(finding);
  const parts = [];
  const add = (text, kind) => text && parts.push(el("span", { class: kind }, text));
  if (asked.length === 1) add(asked[0], "mono strong");
  else if (asked.length) add(plural(asked.length, "operation"));
  add(place(finding.location), live ? "mono soft" : "mono");
  add(finding.code, "mono chip");
  add(finding.status && `status ${finding.status}`);
  add(finding.layer && `layer ${finding.layer}`);
  add(FROM[finding.witness]);
  add(finding.count > Math.max(finding.sites.length, 1) && `${count(finding.count)} ${live ? "answers" : "times"}`);
  add(finding.reproduced && `reproduced ${finding.reproduced}`);
  add(finding.request_id && `request id ${finding.request_id}`, "mono");
  add(finding.breaking === true && "breaks clients", "chip bad");
  add(finding.breaking === false && "compatible", "chip");
  add(finding.fixable && "fixable", "chip");
  return el("p", { class: "where" }, parts);
};

const siteLine = (site) =>
  el(
    "li",
    null,
    site.operation && el("span", { class: "mono strong" }, site.operation),
    site.operation && " ",
    site.code && el("span", { class: "mono chip" }, site.code),
    site.code && " ",
    el("span", { class: "mono soft" }, place(site.location)),
  );

const sites = (finding) => {
  if (finding.sites.length < 2) return null;
  const list = el("ul");
  const box = el("details", { class: "sites" }, el("summary", null, plural(finding.sites.length, "place")), list);
  if (finding.sites.length <= SITES) box.open = true;
  const fill = () => {
    if (!list.childNodes.length) box.append(some(finding.sites, 200, siteLine, list, "place"));
  };
  if (box.open) fill();
  else box.addEventListener("toggle", fill);
  return box;
};

const related = (finding) =>
  finding.related.length > 0 &&
  el(
    "ul",
    { class: "related" },
    finding.related.map((one) => el("li", null, "see ", el("span", { class: "mono" }, place(one.location)), `: ${one.text}`)),
  );

// The user's own page about a rule, as a config names it.
const address = (link) => (/^https?:\/\//.test(link) ? el("a", { href: link, rel: "noreferrer noopener" }, link) : link);

const article = (finding) => {
  const rule = page.rules[finding.rule];
  const ruled = state.group !== "rule";
  const own = finding.help && (ruled || !rule || finding.help !== rule.fix) ? finding.help : "";
  return el(
    "article",
    {
      class: "finding",
      "data-severity": finding.severity,
      "data-fingerprint": finding.fingerprint,
      "data-suppressed": finding.suppressed !== null,
      tabindex: "-1",
      "aria-label": `${finding.severity} ${finding.rule}`,
    },
    el("span", { class: "severity" }, finding.severity),
    el("p", { class: "message" }, finding.message),
    el(
      "a",
      { class: "link", href: `#finding=${finding.fingerprint}`, "aria-label": `Link to finding ${finding.fingerprint}` },
      "#",
    ),
    ruled && el("p", { class: "ruled" }, el("span", { class: "mono strong" }, finding.rule), ` ${finding.name}`),
    where(finding),
    excerpt(finding),
    sites(finding),
    related(finding),
    own && el("p", { class: "fix" }, el("b", null, "Fix"), " ", prose(own)),
    finding.link && el("p", { class: "fix" }, el("b", null, "See"), " ", address(finding.link)),
    finding.reproduce && command(finding.reproduce),
    finding.again && el("p", { class: "again soft" }, "Again: ", el("code", null, `errlint probe --only ${finding.again}`)),
    finding.suppressed !== null && el("p", { class: "reason" }, `Suppressed: ${finding.suppressed || "no reason given"}`),
  );
};
