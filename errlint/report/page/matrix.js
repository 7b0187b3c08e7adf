// The matrix of operations and codes as data: what is declared where, and what was seen.
const STATES = {
  both: "declared and seen",
  declared: probed ? "declared, not seen" : "declared",
  free: "seen, declared with any code",
  observed: "seen, not declared",
  outside: "seen outside of the document's operations",
  neither: "neither declared nor seen",
};
const identity = (one) => `${one.layer}\n${one.id}`;

const matrix = () => {
  const columns = new Map();
  const rows = new Map();
  const row = (label) => {
    if (!rows.has(label)) rows.set(label, { label, cells: new Map(), state: "", why: "", requests: 0 });
    return rows.get(label);
  };
  for (const one of page.documents) one.operations.forEach(row);
  for (const one of operations) Object.assign(row(one.operation), { state: one.state, why: one.why, requests: one.requests });
  const cell = (label, column) => {
    const { cells } = row(label);
    if (!cells.has(column)) cells.set(column, { declared: false, observed: 0, free: false, outside: label === OUTSIDE });
    column.used = true;
    return cells.get(column);
  };
  for (const code of codes) {
    if (!columns.has(identity(code))) columns.set(identity(code), { code, layer: code.layer, used: false });
    const column = columns.get(identity(code));
    for (const label of code.declared) cell(label, column).declared = true;
    for (const label of code.observed) cell(label, column).observed ||= 1;
  }
  for (const one of operations) {
    for (const code of one.codes) {
      const column = columns.get(identity(code));
      if (column && (code.declared || code.observed)) {
        const at = cell(one.operation, column);
        at.observed = Math.max(at.observed, code.observed);
        at.free = code.free;
        at.counted = true;
      }
    }
  }
  const layers = [...new Set([...columns.values()].map((one) => one.layer))];
  return {
    columns: layers.flatMap((layer) => [...columns.values()].filter((one) => one.layer === layer)),
    rows: [...rows.values()],
  };
};

const OUTSIDE = "outside the document's operations";
const cellState = (cell) => {
  if (!cell) return "neither";
  if (cell.declared) return cell.observed ? "both" : "declared";
  if (!cell.observed) return "neither";
  return cell.outside ? "outside" : cell.free ? "free" : "observed";
};
const cellWords = (cell) => {
  const words = STATES[cellState(cell)];
  return cell && cell.observed && cell.counted ? `${words} (${plural(cell.observed, "answer")})` : words;
};
