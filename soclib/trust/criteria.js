// The criteria: which categories, states and words are shown, and in which order, of a table that
// Python wrote. Nothing is written here but what is hidden; soclib/trust/choose.py chooses the
// same rows.

const KIND = "criteria";

// --- the table ----------------------------------------------------------------------------------

// A label in front of a text ("Usual owner:") is no part of what is said.
const saidBy = (element) =>
  [...element.childNodes]
    .filter((part) => part.nodeName !== "I")
    .map((part) => part.textContent)
    .join("");

const wordsOf = (texts) => texts.map((text) => ` ${plainWords(text).join(" ")} `).join(" ; ");

// The table stands in a page once: in the stand-in, of which the widget takes a copy. A widget that
// is shown alone asks Python for it.
async function tableOf(model, el) {
  const own = el.querySelector("table");
  if (own) return own;
  for (let tries = 40; tries && !el.isConnected; tries -= 1) {
    await new Promise((done) => setTimeout(done, 25));
  }
  const output = el.closest(".jp-OutputArea-child");
  const other = output?.previousElementSibling?.querySelector(`[data-kind="${KIND}"] table`);
  return other ? other.cloneNode(true) : askedFor(model);
}

async function askedFor(model) {
  if (!model.get("table")) {
    await new Promise((done) => {
      model.on("change:table", done);
      model.send({ ask: "table" });
    });
  }
  return new DOMParser().parseFromString(model.get("table"), "text/html").querySelector("table");
}

// Each row with what the search looks at: what is seen at once, and what unfolds.
function rowsOf(table, ids) {
  return ids.map((id) => {
    const row = table.querySelector(`tr[data-criterion="${id}"]`);
    const open = [...row.querySelectorAll("th > *, summary")];
    const folded = [...row.querySelectorAll("li > p")];
    const seen = [row.dataset.keywords, ...open.map(saidBy)];
    return {
      row,
      parts: [...open, ...folded],
      state: row.dataset.state,
      seen: wordsOf(seen),
      said: wordsOf([...seen, ...folded.map(saidBy)]),
    };
  });
}

const holdsAll = (text, sought) => sought.every((term) => text.includes(` ${term}`));

// --- the view -----------------------------------------------------------------------------------

async function render({ model, el }) {
  const { words, ids, states, categories, orders } = model.get("sheet");
  const manager = model.widget_manager;
  const groups = ["categories", "states", "search", "sort"];
  const [categorySwitches, stateSwitches, [search], [sort]] = await Promise.all(
    groups.map((group) => controlsOf(manager, model.get(group))),
  );
  const switches = [...categorySwitches, ...stateSwitches];
  const controls = [...switches, search, sort];
  const table = await tableOf(model, el);
  const rows = rowsOf(table, ids);
  const mark = marker();
  const status = node("p", { class: "soc-count", role: "status" });
  const clear = plainButton("soc-button", words.trust_view_clear, () => {
    setTo(search, "");
    root.querySelector(".widget-text input").focus();
  });
  const all = plainButton("soc-button", words.trust_view_all, () => {
    change(() => switches.forEach((one) => setTo(one, true)));
    root.querySelector(".widget-toggle-button").focus();
  });
  const unfold = plainButton("soc-link", words.trust_view_unfold, () => foldAll(true));
  const fold = plainButton("soc-link", words.trust_view_fold, () => foldAll(false));
  let paused = false;

  const traitOf = (control) => (control === sort ? "index" : "value");

  function setTo(control, value) {
    control.set(traitOf(control), value);
    control.save_changes();
  }

  function change(act) {
    paused = true;
    act();
    paused = false;
    refresh();
  }

  function foldAll(open) {
    for (const { row } of rows) {
      if (!row.hidden) row.querySelector("details").open = open;
    }
  }

  function isChosen({ state }, at) {
    if (!categorySwitches[categories[at]].get("value")) return false;
    return !stateSwitches.length || stateSwitches[states.indexOf(state)].get("value");
  }

  function refresh() {
    if (paused) return;
    const sought = searchTerms(search.get("value"));
    const found = rows.filter(({ said }) => holdsAll(said, sought));
    const shown = found.filter((one) => isChosen(one, rows.indexOf(one)));
    rows.forEach((one) => {
      one.row.hidden = !shown.includes(one);
    });
    const sorted = orders[sort.get("index") ?? 0].map((at) => rows[at].row);
    const body = table.tBodies[0];
    if (sorted.some((row, at) => body.rows[at] !== row)) body.append(...sorted);
    mark(shown.flatMap(({ parts }) => parts), sought);
    status.textContent = saidOf(shown, found, sought);
    clear.hidden = !search.get("value");
    all.hidden = switches.every((one) => one.get("value"));
  }

  function saidOf(shown, found, sought) {
    const folded = shown.filter(({ seen }) => !holdsAll(seen, sought)).length;
    const left = found.length - shown.length;
    const parts = [
      fill(words.trust_view_count, { shown: shown.length, total: rows.length }),
      shown.length ? "" : words.trust_view_none,
      folded ? fill(words.trust_view_folded, { count: folded }) : "",
      sought.length && left ? fill(words.trust_view_elsewhere, { count: left }) : "",
    ];
    return parts.filter(Boolean).join(" ");
  }

  const slots = new Map();
  const slotOf = (control) => {
    slots.set(control, node("div", { class: "soc-slot" }));
    return slots.get(control);
  };
  const sortLabel = node("span", { id: uid(), class: "soc-label" }, words.trust_view_sort);
  const root = node(
    "div",
    { class: "soc-panel soc-sheet", "data-view": KIND },
    node("p", { class: "soc-hint" }, words.trust_view_hint),
    node(
      "div",
      { class: "soc-tools" },
      fieldset(words.trust_view_categories, ...categorySwitches.map(slotOf)),
      stateSwitches.length ? fieldset(words.trust_view_scope, ...stateSwitches.map(slotOf)) : null,
      node("div", { class: "soc-choice" }, sortLabel, slotOf(sort)),
      slotOf(search),
      clear,
      all,
    ),
    node("div", { class: "soc-found" }, status, unfold, fold),
    node("div", { class: "soc-tablebox" }, table),
  );
  keepKeys(root);
  el.replaceChildren(root);
  const dressOf = (control) => {
    if (control === search) return () => {};
    return control === sort ? (view, one) => dressToggle(view, one, sortLabel.id) : dressSwitch;
  };
  const mounted = [...slots].map(([control, slot]) =>
    mountControl(manager, control, slot, traitOf(control), dressOf(control)),
  );
  const undress = await Promise.all(mounted);
  refresh();
  controls.forEach((control) => control.on(`change:${traitOf(control)}`, refresh));
  const get = () => [controls.map((control) => control.get(traitOf(control)))];
  // Two views of one explorer share their controls: each moves only what was moved in it.
  takeOver(el, root, get, (values, [start]) =>
    change(() =>
      controls.forEach((control, at) => {
        if (values[at] !== start[at]) setTo(control, values[at]);
      }),
    ),
  );
  return () => {
    mark([], []);
    controls.forEach((control) => control.off(`change:${traitOf(control)}`, refresh));
    undress.forEach((remove) => remove());
  };
}

export default { render };
