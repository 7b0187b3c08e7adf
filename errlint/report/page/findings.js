// The list of findings: a bar that filters, and groups whose rows are made when they are looked at.
const ROWS = 20; // of a group at first
const SMALL = 60; // findings that all stand open
const BUDGET = 25; // of more: a screen full, so that a filter answers at once
const HEADS = 150; // groups at first
const toggled = new Map();
const list = el("div", { class: "groups" });
const told = el("p", { class: "told", role: "status" });
const controls = {};

const choice = (name, title, options) => {
  const chosen = el(
    "select",
    { "aria-label": title, on: { change: () => apply({ [name]: chosen.value }) } },
    el("option", { value: "" }, title),
    options.map(([value, text]) => el("option", { value }, text)),
  );
  controls[name] = chosen;
  return options.length > 1 && chosen;
};
const box = (name, text, kind, press) => {
  const input = el("input", { type: "checkbox", on: { change: press } });
  controls[name] = input;
  return el("label", { class: "box", "data-severity": kind }, input, text);
};
const none = page.summary.judged || page.summary.outcome === "clean" ? "There are none." : "Nothing was judged.";
const distinct = (values) => [...new Set(values.filter(Boolean))].sort();

const bar = () => {
  const number = (kind) => findings.filter((one) => one.severity === kind && one.suppressed === null).length;
  const hidden = findings.filter((one) => one.suppressed !== null).length;
  const severities = () => apply({ severity: SEVERITIES.filter((one) => controls[one].checked).join() });
  controls.q = el("input", {
    type: "search",
    placeholder: "Message, path, code or rule",
    "aria-label": "Search the findings",
    autocomplete: "off",
    "aria-keyshortcuts": "/",
    spellcheck: "false",
    on: { input: () => apply({ q: controls.q.value }) },
  });
  const groups = Object.entries(GROUPS).filter(([name]) => name === "rule" || new Set(findings.flatMap(keys[name])).size > 1);
  if (!findings.length) return null;
  return el(
    "form",
    { class: "bar", role: "search", "aria-label": "Filter the findings", on: { submit: (event) => event.preventDefault() } },
    el(
      "div",
      { class: "row" },
      el("span", { class: "find" }, controls.q, el("kbd", { "aria-hidden": "true" }, "/")),
      choice(
        "from",
        "Every source",
        distinct(findings.map((one) => one.witness)).map((one) => [one, FROM[one]]),
      ),
      choice(
        "layer",
        "Every layer",
        distinct(findings.map((one) => one.layer)).map((one) => [one, one]),
      ),
    ),
    el(
      "div",
      { class: "row" },
      el(
        "fieldset",
        { class: "segments" },
        el("legend", { class: "unseen" }, "Group by"),
        groups.map(([name, title]) => {
          const radio = el("input", {
            type: "radio",
            name: "group",
            value: name,
            on: { change: () => apply({ group: name }) },
          });
          controls[`group-${name}`] = radio;
          return el("label", null, radio, el("span", null, title));
        }),
      ),
      el(
        "fieldset",
        { class: "boxes" },
        el("legend", { class: "unseen" }, "Severity"),
        SEVERITIES.filter(number).map((one) => box(one, plural(number(one), one), one, severities)),
        hidden > 0 &&
          box("suppressed", `${count(hidden)} suppressed`, "", () =>
            apply({ suppressed: controls.suppressed.checked ? "1" : "" }),
          ),
      ),
      el(
        "span",
        { class: "end" },
        told,
        (controls.reset = button("Reset", () => apply({ ...START, group: state.group }), { class: "plain" })),
        (controls.fold = button("Collapse all", () => foldAll(), { class: "plain" })),
      ),
    ),
    picked,
  );
};

const picked = el("div", { class: "row picked" });
const sync = () => {
  picked.replaceChildren(
    ...Object.keys(PICKED)
      .filter((name) => state[name])
      .map((name) =>
        button(`${PICKED[name]} ${state[name]} \u00d7`, () => apply({ [name]: "" }), {
          "aria-label": `Remove the filter: ${PICKED[name]} ${state[name]}`,
        }),
      ),
  );
  if (!findings.length) return;
  for (const name of ["q", "from", "layer"]) if (controls[name].value !== state[name]) controls[name].value = state[name];
  for (const one of SEVERITIES) if (controls[one]) controls[one].checked = state.severity.split(",").includes(one);
  if (controls.suppressed) controls.suppressed.checked = Boolean(state.suppressed);
  for (const name of Object.keys(GROUPS))
    if (controls[`group-${name}`]) controls[`group-${name}`].checked = state.group === name;
  controls.reset.hidden = ["q", "severity", "from", "layer", "suppressed", ...Object.keys(PICKED)].every(
    (name) => state[name] === START[name],
  );
};

const tally = (group) =>
  SEVERITIES.filter((one) => group[one]).map((one) =>
    el("span", { class: "tally", "data-severity": one }, plural(group[one], one)),
  );

const groupBox = (group, open, rows) => {
  const id = `group-${group.number}`;
  const rule = state.group === "rule" ? page.rules[group.key] : null;
  const body = el("div", { class: "body", id, hidden: !open });
  const fill = () => {
    if (body.childNodes.length) return;
    const inner = el("div");
    if (rule)
      body.append(
        el(
          "dl",
          { class: "rule" },
          el("dt", null, "Why"),
          el("dd", null, prose(rule.why)),
          el("dt", null, "Fix"),
          el("dd", null, prose(rule.fix)),
        ),
      );
    body.append(inner, some(group.findings, rows, article, inner, "finding"));
  };
  const flip = (wanted) => {
    head.setAttribute("aria-expanded", String(wanted));
    body.hidden = !wanted;
    if (wanted) fill();
  };
  const head = button(
    "",
    () => {
      const wanted = body.hidden;
      toggled.set(`${state.group} ${group.key}`, wanted);
      flip(wanted);
    },
    { class: "head", "aria-expanded": String(open), "aria-controls": id },
  );
  head.append(
    el(
      "span",
      { class: state.group === "rule" || state.group === "operation" || state.group === "code" ? "name mono" : "name" },
      group.title,
    ),
    rule
      ? el("span", { class: "summary" }, el("span", { class: "strong" }, group.findings[0].name), " ", prose(rule.summary))
      : el("span", { class: "summary" }),
    el("span", { class: "tallies" }, tally(group)),
  );
  if (open) fill();
  return { node: el("div", { class: "group" }, el("h3", null, head), body), flip, body, group };
};

let boxes = [];
const render = () => {
  const shown = selected();
  const groups = grouped(shown, state.group);
  let left = shown.length <= SMALL ? SMALL : BUDGET;
  boxes = [];
  list.replaceChildren();
  groups.forEach((group, number) => {
    group.number = number;
  });
  const rest = some(
    groups,
    HEADS,
    (group) => {
      const wanted = state.finding && group.findings.some((one) => one.fingerprint === state.finding);
      const open = wanted || (toggled.get(`${state.group} ${group.key}`) ?? left > 0);
      const made = groupBox(group, open, wanted ? group.findings.length : Math.min(ROWS, Math.max(left, 5)));
      if (open) left -= Math.min(group.findings.length, ROWS);
      boxes.push(made);
      return made.node;
    },
    list,
    "group",
  );
  list.append(rest);
  const total = findings.filter((one) => state.suppressed || one.suppressed === null).length;
  told.textContent = shown.length === total ? plural(total, "finding") : `${count(shown.length)} of ${count(total)} findings`;
  if (!shown.length)
    list.append(el("p", { class: "none" }, findings.length ? "No finding fits the filters." : none));
  if (!findings.length) return;
  controls.fold.textContent = boxes.some((one) => !one.body.hidden) ? "Collapse all" : "Expand all";
  controls.fold.hidden = groups.length < 2;
};
const foldAll = () => {
  const open = !boxes.some((one) => !one.body.hidden);
  for (const one of boxes) {
    toggled.set(`${state.group} ${one.group.key}`, open);
    one.flip(open);
  }
  controls.fold.textContent = open ? "Collapse all" : "Expand all";
};

const apply = (changes) => {
  Object.assign(state, { finding: "" }, changes);
  writeHash();
  sync();
  render();
};
// What others on the page lead to: the findings of an operation, a code, a document.
const lead = (filters) => {
  apply({ ...START, group: state.group, ...filters });
  document.getElementById("findings").scrollIntoView();
  list.querySelector(".head")?.focus({ preventScroll: true });
};
// A link to one finding shows it, whatever the filters were.
const showLinked = () => {
  if (!state.finding) return;
  const one = findings.find(
    (finding) => finding.fingerprint === state.finding || finding.sites.some((site) => site.fingerprint === state.finding),
  );
  if (!one) return;
  state.finding = one.fingerprint;
  if (!selected().includes(one))
    Object.assign(state, START, {
      group: state.group,
      finding: one.fingerprint,
      suppressed: one.suppressed === null ? "" : "1",
    });
  sync();
  render();
  const node = list.querySelector(`[data-fingerprint="${CSS.escape(one.fingerprint)}"]`);
  if (node) {
    node.classList.add("meant");
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
  }
};
