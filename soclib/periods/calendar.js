// The calendar: real ipywidgets date controls, and how a report period fits, answered by periods.js.

const KIND = "calendar";
const REPORTS = ["soc1", "soc2"];
const TYPES = ["type_2", "type_1"];
const DAYS = ["start", "end", "fiscal_year_end", "fiscal_year_start", "previous_end"];

const isoOf = (day) => (day && !Number.isNaN(day.valueOf()) ? day.toISOString().slice(0, 10) : "");
const dayOf = (iso) => (iso ? new Date(`${iso}T00:00:00Z`) : null);

// The day on the reader's own clock.
function todayHere() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function set(control, trait, value) {
  control.set(trait, value);
  control.save_changes();
}

async function render({ model, el }) {
  const tables = model.get("tables");
  const manager = model.widget_manager;
  const groups = ["report", "type", "days"];
  const [[report], [type], days] = await Promise.all(
    groups.map((group) => controlsOf(manager, model.get(group))),
  );
  const wordsNow = () => tables.wording[model.get("voice")];
  const words = wordsNow();
  const title = node("h3", { class: "soc-title" });
  const hint = node("p", { class: "soc-hint" });
  const live = node("p", { class: "soc-hidden", role: "status" });
  const answer = node("div", { class: "soc-answer" });
  const lesson = node("p", { class: "soc-story" });
  let paused = false;

  function choice() {
    const pairs = DAYS.map((name, at) => [name, isoOf(days[at].get("value"))]);
    return {
      report: REPORTS[report.get("index")],
      type_id: TYPES[type.get("index")],
      ...Object.fromEntries(pairs),
      today: model.get("today") || todayHere(),
    };
  }

  function setAll(values, voice) {
    paused = true;
    set(report, "index", REPORTS.indexOf(values.report));
    set(type, "index", TYPES.indexOf(values.type_id));
    DAYS.forEach((name, at) => set(days[at], "value", dayOf(values[name])));
    if (voice && voice !== model.get("voice")) setVoice(voice);
    paused = false;
    refresh();
  }

  function setVoice(voice) {
    model.set("voice", voice);
    model.save_changes();
  }

  const voices = radioPair(
    words.voice_label,
    [["vendor", words.voice_vendor], ["buyer", words.voice_buyer]],
    setVoice,
  );
  const pick = node("select", { "aria-label": words.calendar_cases });
  pick.append(node("option", { value: "" }, words.calendar_choose_case));
  for (const one of tables.worked) {
    pick.append(node("option", { value: one.case_id }, `${one.case_id}. ${one.title}`));
  }
  pick.addEventListener("change", () => {
    const one = tables.worked.find(({ case_id }) => case_id === pick.value);
    if (!one) return;
    setAll(one.choice);
    lesson.textContent = one.lesson;
  });

  const slots = new Map();
  const slotOf = (control) => {
    slots.set(control, node("div", { class: "soc-slot" }));
    return slots.get(control);
  };
  const toggleRow = (control, text) => {
    const label = node("span", { id: uid(), class: "soc-label" }, text);
    return [label, node("div", { class: "soc-choice" }, label, slotOf(control))];
  };
  const [reportLabel, reportRow] = toggleRow(report, words.calendar_report);
  const [typeLabel, typeRow] = toggleRow(type, words.calendar_type);
  const daySlots = days.map(slotOf);
  const head = node("header", { class: "soc-head" }, node("div", {}, title, hint), voices.group);
  const root = node(
    "div",
    { class: "soc-panel soc-sheet", "data-view": KIND },
    head,
    node("div", { class: "soc-tools" }, pick, lesson),
    node("div", { class: "soc-choices" }, reportRow, typeRow),
    node("div", { class: "soc-dates" }, ...daySlots),
    live,
    answer,
  );

  function refresh() {
    if (paused) return;
    const now = wordsNow();
    title.textContent = now.calendar_title;
    hint.textContent = now.calendar_hint;
    voices.show(model.get("voice"));
    const chosen = choice();
    daySlots[DAYS.indexOf("start")].hidden = chosen.type_id === "type_1";
    const plain = fitPlain(tables, chosen, model.get("voice"));
    const open = [...answer.querySelectorAll("details")].map((details) => details.open);
    answer.innerHTML = fitHtml(plain, tables);
    answer.querySelectorAll("details").forEach((details, at) => {
      details.open = open[at] ?? false;
    });
    live.textContent = plain.ready ? plain.headline : [...plain.faults, plain.hint].join(" ");
  }

  // A browser says nothing when the last part of a date is deleted, and half a date is none.
  root.addEventListener("focusout", ({ target }) => {
    const control = days[daySlots.findIndex((slot) => slot.contains(target))];
    const day = target.validity?.badInput ? null : (target.valueAsDate ?? null);
    if (control && isoOf(day) !== isoOf(control.get("value"))) set(control, "value", day);
  });
  keepKeys(root);
  el.replaceChildren(root);
  const labelOf = new Map([[report, reportLabel], [type, typeLabel]]);
  const undress = await Promise.all(
    [...slots].map(([control, slot]) =>
      labelOf.has(control)
        ? mountControl(manager, control, slot, "index", (view, toggle) =>
            dressToggle(view, toggle, labelOf.get(control).id),
          )
        : mountControl(manager, control, slot, "value", () => {}),
    ),
  );
  refresh();
  const listened = [[report, "index"], [type, "index"], ...days.map((day) => [day, "value"])];
  listened.forEach(([control, trait]) => control.on(`change:${trait}`, refresh));
  model.on("change:voice", refresh);
  takeOver(el, root, () => [choice(), model.get("voice")], setAll);
  return () => {
    listened.forEach(([control, trait]) => control.off(`change:${trait}`, refresh));
    model.off("change:voice", refresh);
    undress.forEach((remove) => remove());
  };
}

export default { render };
