// The panel: real ipywidgets toggles in the page's own layout, answered by decide.js.
// It works without a kernel: answers live in the toggles' models, and every click is decided here.

const KIND = "panel";
const ANSWERS = ["yes", "no", "unknown"];
const MARGIN = 24; // pixels kept free above a question that is scrolled to

// --- toggles ------------------------------------------------------------------------------------

const answerOf = (toggle) => ANSWERS[toggle.get("index")] ?? "";

function setAnswer(toggle, answer) {
  const place = ANSWERS.indexOf(answer);
  toggle.set("index", place < 0 ? null : place);
  toggle.save_changes();
}

// --- the page -----------------------------------------------------------------------------------

function focusRow({ slot }) {
  const checked = slot.querySelector("[aria-checked='true']");
  (checked ?? slot.querySelector("button"))?.focus();
}

function questionRow(index) {
  const labelId = uid();
  const label = node("p", { id: labelId, class: "soc-question" });
  const slot = node("div", { class: "soc-slot" });
  const meta = node("p", { class: "soc-meta" });
  const help = node("details", { class: "soc-help" });
  const line = node("div", { class: "soc-line" }, slot, meta, help);
  const row = node("div", { class: "soc-row" }, label, line);
  return { index, labelId, label, slot, meta, help, element: row };
}

function writeHelp(row, words, asked) {
  const parts = ["counts", "does_not_count", "who_knows", "find_out"].flatMap((key) => [
    node("dt", {}, words[key]),
    node("dd", {}, asked[key]),
  ]);
  const summary = node("summary", { "aria-label": `${words.help}: ${asked.question}` }, words.help);
  row.help.replaceChildren(summary, node("dl", {}, ...parts));
}

function assumptionText(words, assumed) {
  if (!assumed) return words.nothing_assumed;
  return fill(words.assumed_is, { answer: words[`answer_${assumed}`] });
}

function writeMeta(row, words, criterion, answer, isNext, clear) {
  const state = `${row.label.textContent}|${answer}|${isNext}`;
  if (row.state === state) return;
  row.state = state;
  row.element.classList.toggle("soc-is-next", isNext);
  const parts = [];
  if (isNext) parts.push(node("span", { class: "soc-tag" }, words.next_question));
  if (answer) {
    const asked = `${words.clear_answer}: ${row.label.textContent}`;
    const button = node("button", { type: "button", class: "soc-link", "aria-label": asked });
    button.append(words.clear_answer);
    button.addEventListener("click", clear);
    parts.push(button);
  } else if (criterion.assumed || !isNext) {
    const style = criterion.assumed ? "soc-assumed" : "soc-muted";
    parts.push(node("span", { class: style }, assumptionText(words, criterion.assumed)));
  }
  row.meta.replaceChildren(...parts);
}

function buildPage(tables) {
  const rows = tables.criteria.map((_, index) => questionRow(index));
  const groups = tables.groups.map((group) => {
    const members = rows.filter((row) => tables.criteria[row.index].group_id === group.group_id);
    const count = node("span", { class: "soc-count" });
    const heading = node("h4", {}, group.title, count);
    const box = node("section", { class: "soc-group" }, heading);
    box.append(...members.map((row) => row.element));
    return { ...group, members, count, box };
  });
  const [quick, ...others] = groups;
  const summary = node("summary");
  const more = node("details", { class: "soc-more" }, summary, ...others.map(({ box }) => box));
  return { rows, groups, quick, summary, more };
}

// --- the verdict --------------------------------------------------------------------------------

function asButton(span) {
  const button = node("button", { type: "button", class: span.className, "data-jump": span.dataset.jump });
  button.append(...span.childNodes);
  span.replaceWith(button);
}

function drawPart(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  template.content.querySelectorAll("span.soc-jump").forEach(asButton);
  return template.content.firstElementChild ?? document.createTextNode("");
}

const foldsOf = (part) => (part instanceof Element ? [...part.querySelectorAll("details")] : []);

// Only the parts of a verdict that a click changes are drawn again.
function showVerdict(box, plain, tables, drawn) {
  if (drawn.voice !== plain.voice) {
    const label = tables.wording[plain.voice].verdict;
    const section = node("section", { class: "soc-verdict", "aria-label": label });
    Object.assign(drawn, { voice: plain.voice, section, parts: [], nodes: [] });
    box.replaceChildren(section);
  }
  verdictParts(plain, tables).forEach((html, at) => {
    if (html === drawn.parts[at]) return;
    const fresh = drawPart(html);
    const old = drawn.nodes[at];
    if (old) {
      const opened = foldsOf(old).map((details) => details.open);
      foldsOf(fresh).forEach((details, place) => {
        details.open = opened[place] ?? false;
      });
      old.replaceWith(fresh);
    } else {
      drawn.section.append(fresh);
    }
    drawn.parts[at] = html;
    drawn.nodes[at] = fresh;
  });
}

function download(plain) {
  const record = { format: "soc-decision/1", ...plain };
  const blob = new Blob([JSON.stringify(record, null, 2)], { type: "application/json" });
  const link = node("a", { href: URL.createObjectURL(blob), download: "soc-decision.json" });
  link.click();
  URL.revokeObjectURL(link.href);
}

// --- the view -----------------------------------------------------------------------------------

async function render({ model, el }) {
  const tables = model.get("tables");
  const manager = model.widget_manager;
  const toggles = await controlsOf(manager, model.get("toggles"));
  const page = buildPage(tables);
  const title = node("h3", { class: "soc-title" });
  const hint = node("p", { class: "soc-hint" });
  const live = node("p", { class: "soc-hidden", role: "status" });
  const verdict = node("div", { class: "soc-answer" });
  const tools = node("div", { class: "soc-tools" });
  const wordsNow = () => tables.wording[model.get("voice")];
  const drawn = {};
  let shown = null;
  let paused = false;

  const setVoice = (voice) => {
    model.set("voice", voice);
    model.save_changes();
  };
  const first = wordsNow();
  const voices = radioPair(
    first.voice_label,
    [["vendor", first.voice_vendor], ["buyer", first.voice_buyer]],
    setVoice,
  );

  function answersNow() {
    const pairs = tables.criteria.map(({ criterion_id }, i) => [criterion_id, answerOf(toggles[i])]);
    return Object.fromEntries(pairs.filter(([, answer]) => answer));
  }

  function setAll(answers, voice) {
    paused = true;
    tables.criteria.forEach((criterion, i) => setAnswer(toggles[i], answers[criterion.criterion_id]));
    if (voice && voice !== model.get("voice")) setVoice(voice);
    paused = false;
    refresh();
  }

  function writeWords() {
    const voice = model.get("voice");
    const words = wordsNow();
    title.textContent = words.panel_title;
    hint.textContent = words.panel_hint;
    voices.show(voice);
    for (const row of page.rows) {
      const asked = tables.criteria[row.index].questions[voice];
      row.element.hidden = !asked;
      if (!asked) continue;
      row.label.textContent = asked.question;
      writeHelp(row, words, asked);
    }
    writeTools(words);
  }

  function writeTools(words) {
    const pick = node("select", { "aria-label": words.examples });
    pick.append(node("option", { value: "" }, words.choose_example));
    for (const { example_id, title: name } of tables.examples) {
      pick.append(node("option", { value: example_id }, name));
    }
    const story = node("p", { class: "soc-story" });
    pick.addEventListener("change", () => {
      const example = tables.examples.find((e) => e.example_id === pick.value);
      if (!example) return;
      setAll(example.answers, example.voice);
      tools.querySelector("select").value = example.example_id;
      tools.querySelector(".soc-story").textContent = example.story;
      tools.querySelector("select").focus();
    });
    const button = (text, act) => {
      const made = node("button", { type: "button", class: "soc-button" }, text);
      made.addEventListener("click", act);
      return made;
    };
    const reset = button(words.reset, () => {
      setAll({}, null);
      pick.value = "";
      story.textContent = "";
    });
    const save = button(words.save_record, () => download(shown));
    tools.replaceChildren(pick, reset, save, story);
  }

  function writeCounts(words, plain) {
    for (const group of page.groups) {
      const open = group.members.filter((row) => !row.element.hidden);
      const done = open.filter((row) => answerOf(toggles[row.index])).length;
      group.count.textContent = fill(words.answered_of, { answered: done, total: open.length });
    }
    const quickIds = page.quick.group_id;
    const rest = plain.switches.filter((item) => item.group_id !== quickIds);
    const assumed = rest.filter((item) => !item.answer && item.assumed).length;
    const count = fill(words.more_count, { total: rest.length, assumed });
    page.summary.replaceChildren(node("b", {}, words.more), node("span", { class: "soc-count" }, count));
  }

  function refresh() {
    if (paused) return;
    const words = wordsNow();
    shown = decide(tables, answersNow(), model.get("voice"));
    for (const row of page.rows) {
      if (row.element.hidden) continue;
      const criterion = tables.criteria[row.index];
      const toggle = toggles[row.index];
      const isNext = shown.next?.criterion_id === criterion.criterion_id;
      const clear = () => {
        setAnswer(toggle, "");
        focusRow(row);
      };
      writeMeta(row, words, criterion, answerOf(toggle), isNext, clear);
    }
    writeCounts(words, shown);
    showVerdict(verdict, shown, tables, drawn);
    live.textContent = shown.headline;
  }

  function jumpTo(criterionId) {
    const row = page.rows.find((r) => tables.criteria[r.index].criterion_id === criterionId);
    if (page.more.contains(row.element)) page.more.open = true;
    row.element.style.scrollMarginTop = `${MARGIN}px`;
    row.element.scrollIntoView({ block: "nearest" });
    focusRow(row);
  }

  const onVoice = () => {
    writeWords();
    refresh();
  };

  const head = node("header", { class: "soc-head" }, node("div", {}, title, hint), voices.group);
  const questions = node("div", { class: "soc-questions" }, page.quick.box, page.more);
  const columns = node("div", { class: "soc-columns" }, questions, verdict);
  const root = node("div", { class: "soc-panel", "data-view": KIND }, head, tools, columns, live);
  keepKeys(root);
  verdict.addEventListener("click", (event) => {
    const jump = event.target.closest("[data-jump]");
    if (jump) jumpTo(jump.dataset.jump);
  });
  el.replaceChildren(root);
  const undress = await Promise.all(
    page.rows.map((row) =>
      mountControl(manager, toggles[row.index], row.slot, "index", (view, toggle) =>
        dressToggle(view, toggle, row.labelId),
      ),
    ),
  );
  writeWords();
  refresh();
  toggles.forEach((toggle) => toggle.on("change:index", refresh));
  model.on("change:voice", onVoice);
  takeOver(el, root, () => [answersNow(), model.get("voice")], setAll);
  return () => {
    toggles.forEach((toggle) => toggle.off("change:index", refresh));
    model.off("change:voice", onVoice);
    undress.forEach((remove) => remove());
  };
}

export default { render };
