// The matrix as a table: one stop for the keyboard, arrows move in it, Enter shows the findings of a cell.
const MOST_ROWS = 60;
const MOST_COLUMNS = 60;
const HINT = "Point at a cell, or move through them with the arrow keys. Enter shows its findings.";

const cellAt = (grid, row, column) => grid.tBodies[0].rows[row]?.cells[column + 1];
const move = (grid, from, event) => {
  const row = from.parentNode.sectionRowIndex;
  const column = from.cellIndex - 1;
  const last = { row: grid.tBodies[0].rows.length - 1, column: from.parentNode.cells.length - 2 };
  const steps = {
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    Home: [event.ctrlKey ? 0 : row, 0],
    End: [event.ctrlKey ? last.row : row, last.column],
    PageUp: [Math.max(row - 10, 0), column],
    PageDown: [Math.min(row + 10, last.row), column],
  };
  const to = steps[event.key] && cellAt(grid, ...steps[event.key]);
  if (!steps[event.key]) return false;
  if (to && to !== from && to.dataset.state) {
    from.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }
  return true;
};

const headings = (columns) => {
  const layers = [...new Set(columns.map((one) => one.layer))];
  const groups = el(
    "tr",
    null,
    el("th", { scope: "row", class: "corner" }, "Layer"),
    layers.map((layer) =>
      el(
        "th",
        { scope: "colgroup", colspan: columns.filter((one) => one.layer === layer).length, class: "layer", title: layer },
        layer,
      ),
    ),
  );
  const names = el(
    "tr",
    null,
    el("th", { scope: "col", class: "corner" }, "Operation"),
    columns.map(({ code }, at) =>
      el(
        "th",
        {
          scope: "col",
          class: at && columns[at - 1].layer !== code.layer ? "name first" : "name",
          title: [`${code.id} · ${code.statuses}`, code.name, code.message].filter(Boolean).join("\n"),
        },
        el("span", null, code.id),
      ),
    ),
  );
  return el("thead", null, layers.length > 1 && groups, names);
};

const gridRow = (row, columns) => {
  const label = row.why ? `${row.label}: ${row.why}` : row.label;
  const cells = columns.map((column, at) => {
    const cell = row.cells.get(column);
    return el("td", {
      "data-state": cellState(cell),
      tabindex: "-1",
      "aria-label": `${row.label}, ${column.code.id}: ${cellWords(cell)}`,
      class: at && columns[at - 1].layer !== column.layer ? "first" : null,
    });
  });
  return el(
    "tr",
    null,
    el(
      "th",
      { scope: "row", title: label },
      el("span", { class: "mono" }, row.label),
      row.state &&
        row.state !== "reached" &&
        el("span", { class: "chip" }, row.state === "unreached" ? "not reached" : "not probed"),
    ),
    cells,
  );
};

const grid = (rows, columns, line) => {
  const body = el(
    "tbody",
    null,
    rows.map((row) => gridRow(row, columns)),
  );
  const bands = columns.map(() => el("col"));
  const table = el(
    "table",
    { class: "matrix", role: "grid", "aria-label": "Operations and codes", "aria-readonly": "true" },
    el("colgroup", null, el("col"), bands),
    headings(columns),
    body,
  );
  let lit = null;
  // The findings of a cell; where none names its code, those of its operation.
  const about = (cell) => {
    const { code } = columns[cell.cellIndex - 1];
    const operation = rows[cell.parentNode.sectionRowIndex].label;
    const of = findings.filter((one) => facts(one).operations.includes(operation) && one.suppressed === null);
    const exact = of.filter((one) => facts(one).codes.includes(code.code || code.id));
    return exact.length
      ? { number: exact.length, words: plural(exact.length, "finding"), filters: { operation, code: code.code || code.id } }
      : { number: of.length, words: `${plural(of.length, "finding")} of the operation`, filters: { operation } };
  };
  const tell = (target) => {
    const cell =
      target.closest?.("td[data-state]") ||
      (table.contains(document.activeElement) && document.activeElement.closest("td[data-state]"));
    lit?.classList.remove("lit");
    lit = cell ? bands[cell.cellIndex - 1] : null;
    lit?.classList.add("lit");
    const code = cell && columns[cell.cellIndex - 1].code;
    const led = cell && about(cell);
    line.replaceChildren(
      ...(cell
        ? [
            el("span", { class: "mono strong" }, rows[cell.parentNode.sectionRowIndex].label),
            " · ",
            el("span", { class: "mono strong" }, code.id),
            ` ${code.statuses}: ${cellWords(rows[cell.parentNode.sectionRowIndex].cells.get(columns[cell.cellIndex - 1]))}`,
            code.message && el("span", { class: "soft" }, `  ${code.message}`),
            led.number && "  ",
            led.number && button(led.words, () => open(cell), { class: "plain" }),
          ].filter(Boolean)
        : [HINT]),
    );
  };
  const open = (cell) => {
    const led = about(cell);
    if (led.number) lead(led.filters);
  };
  table.addEventListener("mouseover", (event) => tell(event.target));
  table.addEventListener("mouseleave", () => tell(table));
  table.addEventListener("focusin", (event) => tell(event.target));
  table.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("td[data-state]");
    if (cell) open(cell);
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td[data-state]");
    if (!cell) return;
    if (event.key === "Enter") open(cell);
    else if (!move(table, cell, event)) return;
    event.preventDefault();
  });
  const first = cellAt(table, 0, 0);
  if (first) first.tabIndex = 0;
  return table;
};

const legend = (seen) =>
  el(
    "ul",
    { class: "legend", "aria-label": "Signs" },
    Object.entries(STATES)
      .filter(([name]) => seen.has(name))
      .map(([name, words]) => el("li", null, el("span", { class: "sign", "data-state": name, "aria-hidden": "true" }), words)),
  );

const withState = ({ rows, columns }, wanted) => ({
  rows: rows.filter((row) => [...row.cells.values()].some((cell) => cellState(cell) === wanted)),
  columns: columns.filter((column) => rows.some((row) => cellState(row.cells.get(column)) === wanted)),
});

const matrixSection = () => {
  const hint = (...words) => section("matrix", "Operations and codes", el("p", { class: "soft" }, ...words));
  if (mixed && codes.length)
    return hint("These documents are held against different catalogs: judged alone, each shows its own matrix.");
  const all = matrix();
  if (!codes.length && page.documents.length && (probed || page.command === "lint")) {
    return hint("No catalog was given to hold codes against. ", el("code", null, "errlint init"), " writes one.");
  }
  if (!all.columns.length || !all.rows.length) return null;
  const line = el("p", { class: "line", role: "status" }, HINT);
  const holder = el("div", { class: "scroll", tabindex: "-1" });
  const wanted = { empty: false, all: false, state: "" };
  const more = button(
    "",
    () => {
      wanted.all = true;
      draw();
    },
    { class: "more" },
  );
  const empty = el("input", {
    type: "checkbox",
    on: {
      change: () => {
        wanted.empty = empty.checked;
        draw();
      },
    },
  });
  const used = { rows: all.rows.filter((row) => row.cells.size), columns: all.columns.filter((one) => one.used) };
  if (!used.rows.length || !used.columns.length) wanted.empty = true;
  const note = el("p", { class: "soft" });
  const draw = () => {
    const { rows, columns } = wanted.state ? withState(all, wanted.state) : wanted.empty ? all : used;
    const cut = !wanted.all && (rows.length > MOST_ROWS || columns.length > MOST_COLUMNS);
    const shown = cut ? { rows: rows.slice(0, MOST_ROWS), columns: columns.slice(0, MOST_COLUMNS) } : { rows, columns };
    holder.replaceChildren(grid(shown.rows, shown.columns, line));
    more.hidden = !cut;
    more.textContent = `Show all ${plural(rows.length, "operation")} and ${plural(columns.length, "code")}`;
    note.textContent = `${count(shown.rows.length)} of ${plural(all.rows.length, "operation")}, ${count(shown.columns.length)} of ${plural(all.columns.length, "code")}`;
  };
  draw();
  const seen = new Set(all.rows.flatMap((row) => [...row.cells.values()].map(cellState)));
  const only = el(
    "select",
    {
      "aria-label": "Which operations and codes",
      on: {
        change: () => {
          wanted.state = only.value;
          empty.disabled = Boolean(only.value);
          draw();
        },
      },
    },
    el("option", { value: "" }, "All signs"),
    Object.keys(STATES)
      .filter((name) => seen.has(name))
      .map((name) => el("option", { value: name }, `Only ${STATES[name]}`)),
  );
  const rest = used.rows.length < all.rows.length || used.columns.length < all.columns.length;
  return section(
    "matrix",
    "Operations and codes",
    el(
      "div",
      { class: "row spread" },
      legend(seen),
      el(
        "div",
        { class: "row" },
        note,
        seen.size > 1 && only,
        rest && used.rows.length > 0 && el("label", { class: "box" }, empty, "Also those with nothing"),
      ),
    ),
    holder,
    line,
    more,
  );
};
