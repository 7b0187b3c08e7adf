// Which findings are shown, and how they are grouped. Nothing here touches the page.
const known = new Map();
const facts = (finding) => {
  let found = known.get(finding);
  if (!found) {
    const asked = [finding.operation, ...finding.operations, ...finding.sites.map((site) => site.operation)];
    const named = [finding.code, ...finding.sites.map((site) => site.code)];
    found = { operations: [...new Set(asked.filter(Boolean))], codes: [...new Set(named.filter(Boolean))], text: "" };
    known.set(finding, found);
  }
  return found;
};
const text = (finding) => {
  const found = facts(finding);
  found.text ||= [
    finding.rule,
    finding.name,
    finding.message,
    place(finding.location),
    finding.document,
    finding.layer,
    finding.status,
    finding.fingerprint,
    ...found.codes,
    ...found.operations,
  ]
    .join("\n")
    .toLowerCase();
  return found.text;
};

const served = (name) => (page.services || []).find((one) => one.service === name)?.documents || [];
const selected = () => {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  const severities = new Set(state.severity.split(","));
  return findings.filter(
    (one) =>
      severities.has(one.severity) &&
      (state.suppressed || one.suppressed === null) &&
      (!state.from || one.witness === state.from) &&
      (!state.layer || one.layer === state.layer) &&
      (!state.operation || facts(one).operations.includes(state.operation)) &&
      (!state.code || facts(one).codes.includes(state.code)) &&
      (!state.service || served(state.service).includes(one.document)) &&
      (!state.document || one.document === state.document) &&
      (!words.length || words.every((word) => text(one).includes(word))),
  );
};

const NONE = { operation: "Not of one operation", code: "Not of one code", document: "Not of a document" };
const keys = {
  rule: (one) => [one.rule],
  operation: (one) => (facts(one).operations.length ? facts(one).operations : [""]),
  code: (one) => (facts(one).codes.length ? facts(one).codes : [""]),
  document: (one) => [one.document],
};

// Groups, the worst first; a finding of several operations stands in the group of each.
const grouped = (shown, by) => {
  const found = new Map();
  for (const one of shown) {
    for (const key of keys[by](one)) {
      if (!found.has(key)) found.set(key, { key, title: key || NONE[by], findings: [], error: 0, warning: 0, note: 0 });
      const group = found.get(key);
      group.findings.push(one);
      group[one.severity] += 1;
    }
  }
  const worst = (group) => SEVERITIES.findIndex((one) => group[one]);
  return [...found.values()].sort(
    (a, b) =>
      Number(!a.key) - Number(!b.key) ||
      worst(a) - worst(b) ||
      b[SEVERITIES[worst(b)]] - a[SEVERITIES[worst(a)]] ||
      (a.key < b.key ? -1 : 1),
  );
};
