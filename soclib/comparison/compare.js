// The comparison: which reports and rows of a table that Python wrote are shown, and which words in
// it are marked. This script only hides and marks; soclib/comparison/choose.py chooses the same rows.

const KIND = "compare";

// --- the table ----------------------------------------------------------------------------------

// Each row with its note below and with what the search looks at, by report.
function rowsOf(table, dimensions) {
  return dimensions.map((dimension) => {
    const row = table.querySelector(`tr[data-dimension="${dimension}"]`);
    const note = row.nextElementSibling;
    const head = [...row.querySelectorAll("th > b, th > span"), ...note.querySelectorAll("p")];
    const cells = [...row.querySelectorAll("td[data-report]")];
    return { row, note, head, cells, differs: row.dataset.differs !== "no" };
  });
}

// The label in front of a note ("Why it matters:") is not part of what the row says.
function textOf(element) {
  const parts = [...element.childNodes];
  const statements = element.matches("p") ? parts.filter((part) => part.nodeName !== "B") : parts;
  return statements.map((part) => part.textContent).join("");
}

function holds({ row, head, cells }, reports, terms) {
  const shown = [...head, ...cells.filter((cell) => reports.has(cell.dataset.report))];
  const texts = [row.dataset.keywords, ...shown.map(textOf)];
  const text = texts.map((part) => ` ${plainWords(part).join(" ")} `).join(" ; ");
  return terms.every((term) => text.includes(` ${term}`));
}

function showColumns(table, reports) {
  for (const cell of table.querySelectorAll("[data-report]")) {
    cell.hidden = !reports.has(cell.dataset.report);
  }
  for (const cell of table.querySelectorAll("[colspan]")) cell.colSpan = 1 + reports.size;
}

function showRows(rows, shown) {
  for (const entry of rows) {
    const hidden = !shown.has(entry);
    for (const element of [entry.row, entry.note]) element.hidden = hidden;
  }
  for (const { row } of rows) {
    const body = row.parentElement;
    body.hidden = !body.querySelector("tr[data-dimension]:not([hidden])");
  }
}

// --- the view -----------------------------------------------------------------------------------

async function render({ model, el }) {
  const { words, reports: reportIds, dimensions, topics, html } = model.get("sheet");
  const manager = model.widget_manager;
  const groups = ["reports", "rows", "differ", "search"];
  const [reports, rowSwitches, [differ], [search]] = await Promise.all(
    groups.map((group) => controlsOf(manager, model.get(group))),
  );
  const switches = [...reports, ...rowSwitches, differ];
  const box = node("div", { class: "soc-tablebox" });
  box.innerHTML = html;
  const table = box.querySelector("table");
  const rows = rowsOf(table, dimensions);
  const mark = marker();
  const status = node("p", { class: "soc-count", role: "status" });
  const clear = plainButton("soc-button", words.compare_clear, () => {
    setTo(search, "");
    root.querySelector(".widget-text input").focus();
  });
  const chosenCount = node("span", { class: "soc-count" });
  let paused = false;

  function setTo(control, value) {
    control.set("value", value);
    control.save_changes();
  }

  function setRows(wanted) {
    paused = true;
    rowSwitches.forEach((rowSwitch, at) => setTo(rowSwitch, wanted(at)));
    paused = false;
    refresh();
  }

  function refresh() {
    if (paused) return;
    const shownReports = new Set(reportIds.filter((_, at) => reports[at].get("value")));
    const sought = searchTerms(search.get("value"));
    const shown = rows.filter(
      (row, at) =>
        rowSwitches[at].get("value") &&
        (row.differs || !differ.get("value")) &&
        holds(row, shownReports, sought),
    );
    showColumns(table, shownReports);
    showRows(rows, new Set(shown));
    mark(shown.flatMap(({ head, cells }) => [...head, ...cells]).filter((cell) => !cell.hidden), sought);
    const count = fill(words.compare_count, { shown: shown.length, total: rows.length });
    const left = rows.filter((row) => !shown.includes(row) && holds(row, shownReports, sought));
    const elsewhere = fill(words.compare_elsewhere, { count: left.length });
    const remarks = [
      shown.length ? "" : words.compare_none,
      sought.length && left.length ? elsewhere : "",
      shownReports.size ? "" : words.compare_no_report,
    ];
    status.textContent = [count, ...remarks].filter(Boolean).join(" ");
    clear.hidden = !search.get("value");
    all.hidden = rowSwitches.every((rowSwitch) => rowSwitch.get("value"));
    const on = rowSwitches.filter((rowSwitch) => rowSwitch.get("value")).length;
    chosenCount.textContent = fill(words.compare_chosen, { shown: on, total: rows.length });
  }

  const slots = new Map();
  const slotOf = (control) => {
    slots.set(control, node("div", { class: "soc-slot" }));
    return slots.get(control);
  };
  const all = plainButton("soc-button", words.compare_all, () => setRows(() => true));
  const none = plainButton("soc-link", words.compare_no_rows, () => setRows(() => false));
  const picks = topics.map(({ title, rows: places }) => {
    const only = fill(words.compare_only, { topic: title });
    const button = plainButton("soc-link", only, () => setRows((at) => places.includes(at)));
    return fieldset(title || words.compare_choose, ...places.map((at) => slotOf(rowSwitches[at])), title ? button : null);
  });
  const summary = node("summary", {}, node("b", {}, words.compare_choose), " ", chosenCount);
  const root = node(
    "div",
    { class: "soc-panel soc-sheet", "data-view": KIND },
    node("p", { class: "soc-hint" }, words.compare_hint),
    node(
      "div",
      { class: "soc-tools" },
      fieldset(words.compare_reports, ...reports.map(slotOf)),
      slotOf(differ),
      slotOf(search),
      clear,
      all,
    ),
    node("details", { class: "soc-more" }, summary, none, ...picks),
    status,
    box,
  );
  keepKeys(root);
  el.replaceChildren(root);
  const mounted = [...slots].map(([control, slot]) =>
    mountControl(manager, control, slot, "value", control === search ? () => {} : dressSwitch),
  );
  const undress = await Promise.all(mounted);
  refresh();
  [...switches, search].forEach((control) => control.on("change:value", refresh));
  const get = () => [[...switches, search].map((control) => control.get("value"))];
  // Two views of one comparison share their controls: each moves only what was moved in it.
  takeOver(el, root, get, (values, [start]) => {
    paused = true;
    [...switches, search].forEach((control, at) => {
      if (values[at] !== start[at]) setTo(control, values[at]);
    });
    paused = false;
    refresh();
  });
  return () => {
    mark([], []);
    [...switches, search].forEach((control) => control.off("change:value", refresh));
    undress.forEach((remove) => remove());
  };
}

export default { render };
