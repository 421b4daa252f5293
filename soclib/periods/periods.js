// How a report period fits a fiscal year, in the browser: the same values, the same HTML and the same
// picture as soclib/periods/card.py and timelines.py make, by what fitting.py and measuring.py compute.
// `tables` is what period_tables() in browser.py returns, `choice` a CalendarChoice.
// Days are whole numbers, counted from 1 January 1970 in UTC.

const TWELVE = 12;
const REVIEWED_REPORT = "soc2"; // read against the year that a reviewer looks back on
const NEEDED_DAYS = {
  type_1: ["end", "fiscal_year_end"],
  type_2: ["start", "end", "fiscal_year_end"],
};
const DAY_FIELDS = ["start", "end", "fiscal_year_start", "fiscal_year_end", "previous_end", "today"];
const RELATION_NOTES = ["contiguous", "break", "overlapping"];
const STAGE_NOTES = ["future", "future_date", "running", "ended"];

// --- days and calendar months, as soclib/dates.py counts them ------------------------------------

const DAY_LENGTH = 86_400_000; // milliseconds
const dayNumber = (year, month, day) => Date.UTC(year, month - 1, day) / DAY_LENGTH;

function dayParts(number) {
  const date = new Date(number * DAY_LENGTH);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const daysInMonth = (year, month) => dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);
const monthNumber = ({ year, month }) => year * TWELVE + month - 1;

function isoDay(number) {
  const { year, month, day } = dayParts(number);
  return [String(year).padStart(4, "0"), ...[month, day].map((n) => String(n).padStart(2, "0"))].join("-");
}

function addMonths(number, months) {
  const parts = dayParts(number);
  const moved = monthNumber(parts) + months;
  const [year, month] = [Math.floor(moved / TWELVE), moved - Math.floor(moved / TWELVE) * TWELVE + 1];
  return dayNumber(year, month, Math.min(parts.day, daysInMonth(year, month)));
}

function fullMonths(start, stop) {
  if (stop <= start) return 0;
  const months = monthNumber(dayParts(stop)) - monthNumber(dayParts(start));
  return addMonths(start, months) <= stop ? months : months - 1;
}

function begunMonths(start, stop) {
  const months = fullMonths(start, stop);
  return months + (stop > start && addMonths(start, months) < stop ? 1 : 0);
}

function yearStart(yearEnd) {
  const { year, month, day } = dayParts(yearEnd + 1);
  // A year before a 29 February there is no such day: this is 1 March.
  return dayNumber(year - 1, month, day);
}

// --- the texts of the fields ---------------------------------------------------------------------

const ODD_LETTER = /[^ -~]|['\\]/gu;

function fieldTexts(choice) {
  const unread = choice.type_id === "type_1" ? ["start"] : [];
  return Object.fromEntries(
    DAY_FIELDS.map((name) => [name, unread.includes(name) ? "" : choice[name].replace(ODD_LETTER, "?")]),
  );
}

function fieldNames(by) {
  const own = by.typeId === "type_1" ? { end: "as_of" } : {};
  if (by.yearName === "review") {
    Object.assign(own, { fiscal_year_start: "review_start", fiscal_year_end: "review_end" });
  }
  return Object.fromEntries(DAY_FIELDS.map((name) => [name, by.word(`fit_field_${own[name] ?? name}`)]));
}

// A day, or what is wrong with its text.
function readDay(by, text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) {
    return { wrong: "this is no date; write it as 2026-12-31" };
  }
  const [year, month, day] = text.split("-").map(Number);
  const [first, last] = by.tables.years;
  if (year < first || year > last) return { wrong: `the year ${year} is out of range; use ${first} to ${last}` };
  if (month < 1 || month > TWELVE) {
    return { wrong: `there is no such day; months run from 01 to 12, not ${text.slice(5, 7)}` };
  }
  const longest = daysInMonth(year, month);
  if (day < 1 || day > longest) {
    return { wrong: `there is no such day; ${by.tables.months[month - 1]} ${year} has ${longest} days` };
  }
  return { number: dayNumber(year, month, day) };
}

const quotedText = (text) => `'${text}'`.slice(0, 40);

function spanFault(first, last, longest, firstName) {
  if (first === null || last === null) return "";
  if (first > last) return `it lies before ${firstName} ${isoDay(first)}; swap the two, or mend one`;
  if (last < addMonths(first, longest)) return "";
  return `it makes more than ${longest} months from ${firstName} ${isoDay(first)}; mend one`;
}

// The days by field, and each fault with its field.
function checkedDays(by, texts, names) {
  const days = {};
  const faults = [];
  for (const name of DAY_FIELDS) {
    const { number = null, wrong = "" } = texts[name] ? readDay(by, texts[name]) : {};
    days[name] = number;
    if (wrong) faults.push([name, `${names[name]} ${quotedText(texts[name])}: ${wrong}`]);
  }
  for (const [first, last] of [["start", "end"], ["fiscal_year_start", "fiscal_year_end"]]) {
    const wrong = spanFault(days[first], days[last], by.limit("longest_period"), names[first]);
    if (wrong) faults.push([last, `${names[last]} ${quotedText(texts[last])}: ${wrong}`]);
  }
  const { previous_end: before, end } = days;
  if (before !== null && end !== null && before >= end) {
    const remedy = `it lies on or after ${names.end} ${isoDay(end)}; swap the reports`;
    faults.push(["previous_end", `${names.previous_end} ${isoDay(before)}: ${remedy}`]);
  }
  return { days, faults };
}

// --- words ---------------------------------------------------------------------------------------

// The rules in force, as in rules.py: one report's table of readings, the limits, and a voice.
function periodBasis(tables, choice, voice) {
  const words = tables.wording[voice];
  const said = words.month_names.split(";");
  const numbers = Array.from({ length: TWELVE }, (_, at) => `/${String(at + 1).padStart(2, "0")}/`);
  const names = said.length === TWELVE ? said : numbers;
  const word = (id, parts = {}) => fill(words[id], parts);
  return {
    tables,
    voice,
    word,
    names,
    report: choice.report,
    typeId: choice.type_id,
    yearName: choice.report === REVIEWED_REPORT ? "review" : "fiscal",
    limit: (id) => tables.thresholds[id].value,
    days: (count) => word(count === 1 ? "one_day" : "many_days", { count }),
    day(number) {
      const { year, month, day } = dayParts(number);
      return `${day} ${names[month - 1]} ${year}`;
    },
    note(note_id, parts = {}) {
      const found = tables.notes[note_id][choice.report] ?? tables.notes[note_id][""];
      const { source_ids, evidence } = found;
      return { note_id, text: fill(found.text[voice], parts), source_ids, evidence };
    },
  };
}

const UNIT_WORDS = {
  days: ["fit_one_day", "fit_many_days"],
  months: ["fit_one_month", "fit_many_months"],
};

function amountOf(by, count, unit) {
  const [one, many] = UNIT_WORDS[unit];
  const number = count >= 0 ? count : by.word("fit_minus", { count: -count });
  return by.word(Math.abs(count) === 1 ? one : many, { count: number });
}

// --- how a period meets a year -------------------------------------------------------------------

const wholeMonths = (first, last, slack) => fullMonths(first, last + 1 + slack);

function ofTwelve(months, days, yearFirst, yearEnd, slack) {
  if (days === yearEnd - yearFirst + 1) return TWELVE;
  if (!months) return 0;
  const year = Math.max(wholeMonths(yearFirst, yearEnd, slack), 1);
  return Math.min(Math.floor((TWELVE * months) / year), TWELVE);
}

function gapMonths(end, yearEnd, slack) {
  if (end > yearEnd) return -wholeMonths(yearEnd + 1, end, slack);
  return begunMonths(end + 1, yearEnd + 1 - slack);
}

function measured(start, end, yearFirst, yearEnd, slack) {
  const first = Math.max(start ?? yearEnd + 1, yearFirst);
  const last = Math.min(end, yearEnd);
  const overlapDays = Math.max(last - first + 1, 0);
  const yearDays = yearEnd - yearFirst + 1;
  const overlapMonths = overlapDays ? wholeMonths(first, last, slack) : 0;
  return {
    overlapDays,
    yearDays,
    overlapMonths,
    overlapOfTwelve: ofTwelve(overlapMonths, overlapDays, yearFirst, yearEnd, slack),
    gapDays: yearEnd - end,
    gapMonths: gapMonths(end, yearEnd, slack),
    beforeDays: start === null ? yearDays : Math.max(Math.min(first - yearFirst, yearDays), 0),
  };
}

function readingRule(by, { overlapOfTwelve: overlap, gapMonths: gap }) {
  const { limit } = by;
  return by.tables.rules.find(
    (rule) =>
      rule.report_id === by.report &&
      (!rule.overlap_at_least || overlap >= limit(rule.overlap_at_least)) &&
      (!rule.overlap_below || overlap < limit(rule.overlap_below)) &&
      (!rule.gap_above || gap > limit(rule.gap_above)) &&
      (!rule.gap_at_most || gap <= limit(rule.gap_at_most)),
  );
}

function bridgeOf(by, start, found) {
  if (start === null) return unspanned(by.note("bridge_as_of"));
  if (!found.overlapDays) return unspanned(by.note("bridge_no_overlap"));
  if (found.gapDays <= 0) return { ...unspanned(by.note("bridge_none")), spans: true };
  const limit = by.limit("bridge_longest");
  const spans = found.gapMonths <= limit;
  const note = by.note(spans ? "bridge_yes" : "bridge_too_long", { gap: by.days(found.gapDays), limit });
  const { source_ids } = by.tables.thresholds.bridge_longest;
  return { spans, reason: note.text, rule_id: "bridge_longest", source_ids };
}

const unspanned = ({ note_id, text, source_ids }) => ({
  spans: false,
  reason: text,
  rule_id: note_id,
  source_ids,
});

function relationNotes(by, { start, previous_end: before }) {
  if (start === null || before === null) return [];
  const between = start - before - 1;
  const name = between === 0 ? "contiguous" : between > 0 ? "break" : "overlapping";
  return [by.note(name, { days: by.days(Math.abs(between)) })];
}

function stageOf(by, { start, end, today }) {
  if (today === null) return { stage: "", told: [] };
  if (today < (start ?? end)) {
    return { stage: "future", told: [by.note(start === null ? "future_date" : "future")] };
  }
  if (today <= end && start !== null) return { stage: "running", told: [by.note("running")] };
  const ready = by.day(deliveredOn(by, start, end));
  return { stage: "ended", told: start === null ? [] : [by.note("ended", { ready })] };
}

const lagOf = (start) => (start === null ? "type_1_lag" : "reporting_lag");
const deliveredOn = (by, start, end) => end + by.limit(lagOf(start));

function plainNotes(by, { start, end }, found) {
  if (start === null) return [by.note("as_of", { end: by.day(end) })];
  const notes = [];
  if (found.overlapDays === found.yearDays) notes.push(by.note("whole_year"));
  if (found.overlapDays && found.beforeDays) {
    notes.push(by.note("starts_inside", { days: by.days(found.beforeDays) }));
  }
  if (found.gapDays < 0) notes.push(by.note("ends_after", { days: by.days(-found.gapDays) }));
  const shortest = by.tables.thresholds[`${by.report}_shortest_period`]?.value ?? 0;
  if (wholeMonths(start, end, by.limit("calendar_slack")) < shortest) {
    notes.push(by.note("short_period", { limit: shortest }));
  }
  return notes;
}

// --- numbers, limits and sources -----------------------------------------------------------------

const numberLine = (by, number_id, value, unit, parts) => ({
  number_id,
  label: by.word(`fit_${number_id}`, parts),
  value,
  text: amountOf(by, value, unit),
});

function shareLine(by, { overlapDays, yearDays }, year) {
  const tenths = Math.floor((2000 * overlapDays + yearDays) / (2 * yearDays)); // halves are rounded up
  const share = `${Math.floor(tenths / 10)}.${tenths % 10}`;
  const text = by.word("fit_percent", { share });
  const label = by.word("fit_overlap_percent", { year });
  return { number_id: "overlap_percent", label, value: tenths / 10, text };
}

function numberLines(by, found) {
  const year = by.word(`fit_year_${by.yearName}`);
  const ends = { from: by.word(`fit_from_${by.typeId}`), goal: by.word(`fit_goal_${by.yearName}`) };
  const side = found.gapDays < 0 ? "past" : "gap";
  const twelve = found.overlapOfTwelve;
  return [
    numberLine(by, "overlap_days", found.overlapDays, "days", { year }),
    shareLine(by, found, year),
    numberLine(by, "overlap_months", found.overlapMonths, "months", { year }),
    ...(twelve === found.overlapMonths
      ? []
      : [numberLine(by, "overlap_of_twelve", twelve, "months", { year })]),
    numberLine(by, `${side}_days`, Math.abs(found.gapDays), "days", ends),
    numberLine(by, `${side}_months`, Math.abs(found.gapMonths), "months", ends),
  ];
}

function limitLines(by, start, rule, bridge, notes) {
  const roles = ["overlap_at_least", "overlap_below", "gap_above", "gap_at_most"];
  const used = roles.filter((role) => rule[role]).map((role) => [role, rule[role]]);
  if (by.tables.thresholds[bridge.rule_id]) used.push(["bridge", bridge.rule_id]);
  if (notes.some(({ note_id }) => note_id === "short_period")) {
    used.push(["shortest", `${by.report}_shortest_period`]);
  }
  used.push(["slack", "calendar_slack"], ["lag", lagOf(start)]);
  return used.map(([role, threshold_id]) => limitLine(by, role, by.tables.thresholds[threshold_id]));
}

function limitLine(by, role, { threshold_id, value, unit, basis, meaning, evidence }) {
  const sure = { basis: by.word(`fit_basis_${basis}`), certainty: by.word(`certainty_${evidence}`) };
  return {
    threshold_id,
    label: by.word(`fit_limit_${role}`),
    value,
    unit,
    text: amountOf(by, value, unit),
    basis,
    basis_text: by.word("fit_basis_sure", sure),
    meaning,
  };
}

const sourceRecords = (by, ids) => [...new Set(ids)].map((id) => by.tables.sources[id]);

// --- the picture ---------------------------------------------------------------------------------

const PICTURES = { svg: 840, narrow_svg: 480 };
const [FONT, LINE, BAR, LEFT, STACKED, ABOVE, PAD, AXIS, DOT] = [14, 18, 20, 190, 640, 26, 10, 44, 8];
const [WIDE_LETTER, NARROW_LETTER] = [1.05, 0.58];
const [BLUE, ORANGE] = ["#0072B2", "#D55E00"];
const AXIS_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 600];
const NOT_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const WIDE_LETTERS = new RegExp(
  "[\\u1100-\\u115f\\u231a-\\u23ff\\u25fd-\\u27bf\\u2b1b-\\u2b55\\u2e80-\\ua4cf\\ua960-\\ua97f" +
    "\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe10-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6" +
    "\\u{16fe0}-\\u{1b2ff}\\u{1d300}-\\u{1d37f}\\u{1f000}-\\u{3ffff}]",
  "gu",
);

const drawable = (text) => text.replace(NOT_XML, "\ufffd");
const escapedXml = (text) => escaped(drawable(text));

// FNV-1a over UTF-8.
function shortHash(text) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(drawable(text))) {
    value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  }
  return value.toString(16).padStart(8, "0");
}

// One decimal at most, halves rounded up.
function shortNumber(value) {
  const tenths = Math.floor(value * 10 + 0.5);
  const [whole, tenth] = [Math.floor(tenths / 10), tenths - Math.floor(tenths / 10) * 10];
  return tenth ? `${whole}.${tenth}` : String(whole);
}

function textWidth(text) {
  const wide = (text.match(WIDE_LETTERS) ?? []).length;
  return FONT * (WIDE_LETTER * wide + NARROW_LETTER * ([...text].length - wide));
}

function cutText(text, room) {
  if (textWidth(text) <= room) return text;
  const letters = [...text];
  while (letters.length && textWidth(`${letters.join("")}…`) > room) letters.pop();
  return `${letters.join("").replace(/ +$/, "")}…`;
}

function placeOf({ first, stop, left, right }, day) {
  return left + ((day - first) / (stop - first)) * (right - left);
}

const monthStart = (day) => day - dayParts(day).day + 1;

function pictureScale(items, today, width) {
  const days = today === null ? [] : [today];
  const first = monthStart(Math.min(...items.map((item) => item.start), ...days));
  const last = Math.max(...items.map((item) => item.end), ...days);
  const left = width < STACKED ? PAD : LEFT;
  return { first, stop: addMonths(monthStart(last), 1), left, right: width - PAD };
}

function axisMarks(by, scale) {
  const months = monthNumber(dayParts(scale.stop)) - monthNumber(dayParts(scale.first));
  const lengths = by.names.map((name) => [...name].length);
  const longest = by.names[lengths.indexOf(Math.max(...lengths))];
  const room = textWidth(`${longest} 0000`) + PAD;
  const each = (scale.right - scale.left) / months;
  const step = AXIS_STEPS.find((one) => one * each >= room) ?? AXIS_STEPS[AXIS_STEPS.length - 1];
  return Array.from({ length: months }, (_, n) => addMonths(scale.first, n))
    .filter((day) => monthNumber(dayParts(day)) % step === 0)
    .map((day) => {
      const { year, month } = dayParts(day);
      return [placeOf(scale, day), `${by.names[month - 1]} ${year}`];
    });
}

function pictureText(scale, at, y, words, weight = "") {
  let x = at;
  let bold = weight ? ` font-weight="${weight}"` : "";
  if (x + textWidth(words) > scale.right) {
    x = scale.right;
    bold = `${bold} text-anchor="end"`;
  }
  return `<text x="${shortNumber(x)}" y="${shortNumber(y)}"${bold}>${escapedXml(words)}</text>`;
}

function axisTexts({ by, scale, today, marks }) {
  const parts = [];
  let taken = 0;
  for (const [x, words] of marks) {
    if (Math.min(x, scale.right - textWidth(words)) < taken) continue;
    parts.push(pictureText(scale, x, AXIS - 12, words));
    taken = x + textWidth(words);
  }
  if (today !== null) {
    const words = `${by.word("timeline_today")}: ${by.day(today)}`;
    parts.push(pictureText(scale, placeOf(scale, today), FONT, words));
  }
  return parts;
}

function gridLines({ scale, today, marks }, y) {
  const path = marks.map(([x]) => `M${shortNumber(x)} ${y - 4}v${BAR + 4}`).join("");
  const lines = [`<path d="${path}" stroke="currentColor" stroke-opacity="0.3"/>`];
  if (today !== null) {
    lines.push(
      `<path d="M${shortNumber(placeOf(scale, today))} ${y - 4}v${BAR + 4}" ` +
        'stroke="currentColor" stroke-width="3" stroke-dasharray="3 3"/>',
    );
  }
  return lines;
}

function laneName(scale, lane, y) {
  const name = (line, place, room) =>
    pictureText(scale, PAD, y + 15 + place * LINE, cutText(line, room), "600");
  if (scale.left < LEFT) return [name(lane, 0, scale.right - PAD)];
  const room = LEFT - 2 * PAD;
  const words = lane.split(" ");
  let first = "";
  const longer = () => `${first} ${words[0]}`.replace(/^ +| +$/g, "");
  while (words.length && textWidth(longer()) <= room) {
    first = longer();
    words.shift();
  }
  const lines = first ? [first, words.join(" ")] : [lane];
  return lines.map((line, place) => name(line, place, room));
}

const LOOKS = {
  fiscal_year: 'fill="none" stroke="currentColor"',
  review_year: 'fill="none" stroke="currentColor"',
  type_2: `rx="3" fill="${BLUE}" stroke="currentColor"`,
  gap: `fill="none" stroke="${ORANGE}"`,
  bridge: `rx="${BAR / 2}" fill="none" stroke="${BLUE}"`,
};

function diamond(x, y) {
  const half = BAR / 2;
  return (
    `<path d="M${shortNumber(x)} ${y}l${half} ${half}l-${half} ${half}l-${half} -${half}z" ` +
    `fill="${BLUE}" stroke="currentColor" stroke-width="1.5"/>`
  );
}

function texture(kind, x, y, width) {
  if (kind === "gap") {
    const line = `M${shortNumber(x)} ${y + BAR / 2}h${shortNumber(width)}`;
    return `<path d="${line}" stroke="${ORANGE}" stroke-width="${BAR}" stroke-dasharray="2 6"/>`;
  }
  if (kind !== "bridge" || width < BAR) return "";
  const rows = [7, 13].map((row) => `M${shortNumber(x + DOT)} ${y + row}h${shortNumber(width - 2 * DOT)}`);
  const look = `fill="none" stroke="${BLUE}" stroke-linecap="round" stroke-width="3"`;
  return `<path d="${rows.join("")}" ${look} stroke-dasharray="0 8"/>`;
}

function barShape({ scale }, { kind, start, end }, y) {
  const x = placeOf(scale, start);
  if (kind === "type_1") return diamond(x, y);
  const width = Math.max(placeOf(scale, end + 1) - x, 2);
  return (
    `<rect x="${shortNumber(x)}" y="${y}" width="${shortNumber(width)}" height="${BAR}" ` +
    `${LOOKS[kind]} stroke-width="1.5"/>${texture(kind, x, y, width)}`
  );
}

// As few bands as there must be, so that no bars overlap within one.
function bandsOf(items) {
  const bands = [];
  for (const item of [...items].sort((a, b) => a.start - b.start)) {
    const free = bands.find((band) => band[band.length - 1].end < item.start);
    if (free) free.push(item);
    else bands.push([item]);
  }
  return bands;
}

function bandCaptions({ scale }, band, top) {
  const ends = []; // of the last caption on each line
  const parts = band.map((item) => {
    const words = cutText(item.said, scale.right - scale.left);
    const x = Math.min(placeOf(scale, item.start), scale.right - textWidth(words));
    const free = ends.findIndex((end) => end + PAD <= x);
    const line = free < 0 ? ends.length : free;
    ends[line] = x + textWidth(words);
    return pictureText(scale, placeOf(scale, item.start), top + (line + 1) * LINE - 4, words);
  });
  return { parts, lines: ends.length };
}

function laneBars(canvas, items, top) {
  const parts = [];
  let y = top;
  for (const band of bandsOf(items)) {
    const captions = bandCaptions(canvas, band, y + BAR);
    parts.push(...band.map((item) => barShape(canvas, item, y)), ...gridLines(canvas, y), ...captions.parts);
    y += BAR + captions.lines * LINE + 8;
  }
  return { parts, height: y - top };
}

function pictureRows(canvas, items) {
  const parts = [];
  const above = canvas.scale.left < LEFT ? ABOVE : 0;
  let y = AXIS;
  for (const lane of new Set(items.map((item) => item.lane))) {
    const bars = laneBars(canvas, items.filter((item) => item.lane === lane), y + above);
    parts.push(...laneName(canvas.scale, lane, y), ...bars.parts);
    y += Math.max(above + bars.height, 2 * LINE) + PAD;
  }
  return { parts, height: y };
}

function picture(by, items, lines, today, width) {
  const name = by.word("timeline_title");
  const said = lines.join("\n");
  const mark = shortHash(`${name}\n${said}\n${width}`);
  const scale = pictureScale(items, today, width);
  const canvas = { by, scale, today, marks: axisMarks(by, scale) };
  const { parts, height } = pictureRows(canvas, items);
  const head =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="100%" ` +
    `role="img" aria-labelledby="${mark}-title ${mark}-desc" font-size="${FONT}" ` +
    'font-family="system-ui, sans-serif" fill="currentColor" ' +
    'style="max-width: 1400px; height: auto; color: inherit">';
  const title = `<title id="${mark}-title">${escapedXml(name)}</title>`;
  const desc = `<desc id="${mark}-desc">${escapedXml(said)}</desc>`;
  return [head, title, desc, ...axisTexts(canvas), ...parts, "</svg>"].join("\n");
}

// --- the timeline --------------------------------------------------------------------------------

function timelineItem(by, kind, lane, start, end) {
  const what = by.word(`timeline_${kind}`);
  const days = kind === "type_1" ? "" : by.days(end - start + 1);
  const said = by.word("timeline_span", { start: by.day(start), end: by.day(end), days });
  return { kind, lane, start, end, what, days, said: `${what}: ${days ? said : by.day(start)}` };
}

function timelineItems(by, { start, end, year }, bridge) {
  const [yearFirst, yearEnd] = year;
  const kind = by.yearName === "review" ? "review_year" : "fiscal_year";
  const report = `${by.tables.reports[by.report]} ${by.word(`first_${by.typeId}`)}, ${by.day(end)}`;
  const items = [timelineItem(by, by.typeId, report, start ?? end, end)];
  const left = Math.max(end + 1, yearFirst);
  if (start !== null && left <= yearEnd) {
    items.push(timelineItem(by, "gap", report, left, yearEnd));
    if (bridge.spans) items.push(timelineItem(by, "bridge", report, left, yearEnd));
  }
  const lane = by.word(`timeline_lane_${kind}`, { end: by.day(yearEnd) });
  return [...items, timelineItem(by, kind, lane, yearFirst, yearEnd)];
}

function plainTimeline(by, days, bridge) {
  const items = timelineItems(by, days, bridge);
  const rows = items.map((item) => [
    item.what,
    item.lane,
    by.day(item.start),
    by.day(item.end),
    item.days,
  ]);
  const lines = items.map(({ lane, said }) => (lane ? `${lane}: ${said}` : said));
  if (days.today !== null) {
    const [what, day] = [by.word("timeline_today"), by.day(days.today)];
    rows.push([what, "", day, day, ""]);
    lines.push(`${what}: ${day}`);
  }
  const pictures = Object.entries(PICTURES).map(([name, width]) => [
    name,
    picture(by, items, lines, days.today, width),
  ]);
  return { title: by.word("timeline_title"), rows, lines, ...Object.fromEntries(pictures) };
}

// --- the card as plain values --------------------------------------------------------------------

function plainHead(by, missing, names) {
  const called = missing.map((name) => names[name]);
  const last = called.pop() ?? "";
  const dates = called.length ? `${called.join(", ")} ${by.word("and")} ${last}` : last;
  return {
    voice: by.voice,
    version: by.tables.version,
    report: by.report,
    type_id: by.typeId,
    title: by.word("fit_title"),
    ready: !missing.length,
    hint: missing.length ? by.word("fit_hint", { dates }) : "",
    missing,
    faults_title: by.word("fit_faults"),
    faults: [],
    wrong: [],
  };
}

function headlineOf(by, { start, end }, rule) {
  const type = by.word(`first_${by.typeId}`);
  const reading = by.tables.readings[rule.reading_id].label;
  const parts = { report: by.tables.reports[by.report], type, reading };
  if (start === null) return by.word("fit_headline_type_1", { ...parts, end: by.day(end) });
  return by.word("fit_headline", { ...parts, because: rule.because[by.voice] });
}

function plainReading(by, { reading_id }) {
  const { label, mark, meaning } = by.tables.readings[reading_id];
  return { reading_id, label, mark, meaning: meaning[by.voice] };
}

function plainBridge(by, { spans, reason, rule_id, source_ids }) {
  const answer = rule_id === "bridge_none" ? "fit_bridge_not_needed" : spans ? "answer_yes" : "answer_no";
  const records = sourceRecords(by, source_ids);
  const publishers = [...new Set(records.map(({ publisher }) => publisher))].join("; ");
  return {
    label: by.word("fit_bridge"),
    bridgeable: spans,
    answer: by.word(answer),
    reason,
    rule_id,
    rests_on: by.word("fit_rests_on", { publishers }),
    sources: records,
  };
}

function plainContinuity(by, [note]) {
  return note ? { state: note.note_id, label: by.word("fit_continuity"), text: note.text } : null;
}

function plainStage(by, { today }, { stage, told }) {
  if (today === null) return null;
  const text = told[0]?.text || by.word("fit_stage_passed");
  return { state: stage, label: by.word("fit_stage", { day: by.day(today) }), text };
}

function plainNote(by, { note_id, text, evidence }) {
  const certainty = evidence === "confirmed" ? "" : by.word(`certainty_${evidence}`);
  return { note_id, text, evidence_id: evidence, certainty };
}

function plainReady(by, { start, end }) {
  const ready = deliveredOn(by, start, end);
  return {
    day: isoDay(ready),
    label: by.word("fit_ready_on"),
    text: by.word("fit_from_day", { day: by.day(ready) }),
  };
}

function plainGrounds(by, rule, bridge, notes, limits) {
  const ids = [
    ...[rule, bridge, ...notes].flatMap(({ source_ids }) => source_ids),
    ...limits.flatMap(({ threshold_id }) => by.tables.thresholds[threshold_id].source_ids),
  ];
  const records = sourceRecords(by, ids);
  const certainty = by.word(`certainty_${rule.evidence}`);
  return {
    limits_title: by.word("fit_limits", { count: limits.length }),
    limits,
    limits_are: by.word("fit_limits_are"),
    rule_id: rule.reading_rule_id,
    evidence: { evidence_id: rule.evidence, text: certainty },
    rests_on: by.word("fit_rule", { rule: rule.reading_rule_id, certainty }),
    sources_title: `${by.word("sources")} (${records.length})`,
    sources: records,
    fine: `${by.word("not_advice")} ${by.tables.version}.`,
  };
}

function plainFit(by, days) {
  const { start, end, year } = days;
  const found = measured(start, end, ...year, by.limit("calendar_slack"));
  const rule = readingRule(by, found);
  const bridge = bridgeOf(by, start, found);
  const relation = relationNotes(by, days);
  const stage = stageOf(by, days);
  const notes = [...plainNotes(by, days, found), ...relation, ...stage.told];
  const ownLines = [...RELATION_NOTES, ...STAGE_NOTES];
  const limits = limitLines(by, start, rule, bridge, notes);
  return {
    headline: headlineOf(by, days, rule),
    reading: plainReading(by, rule),
    numbers_title: by.word("fit_numbers"),
    numbers: numberLines(by, found),
    bridge: plainBridge(by, bridge),
    continuity: plainContinuity(by, relation),
    stage: plainStage(by, days, stage),
    ready_on: plainReady(by, days),
    notes_title: by.word("fit_notes"),
    notes: notes.filter(({ note_id }) => !ownLines.includes(note_id)).map((note) => plainNote(by, note)),
    timeline: plainTimeline(by, days, bridge),
    ...plainGrounds(by, rule, bridge, notes, limits),
  };
}

export function fitPlain(tables, choice, voice) {
  const by = periodBasis(tables, choice, voice);
  const texts = fieldTexts(choice);
  const names = fieldNames(by);
  const missing = NEEDED_DAYS[choice.type_id].filter((name) => !texts[name]);
  const head = plainHead(by, missing, names);
  if (missing.length) return head;
  const { days, faults } = checkedDays(by, texts, names);
  if (faults.length) {
    const [wrong, sentences] = [0, 1].map((at) => faults.map((fault) => fault[at]));
    return { ...head, faults: sentences, wrong };
  }
  const year = [days.fiscal_year_start ?? yearStart(days.fiscal_year_end), days.fiscal_year_end];
  return { ...head, ...plainFit(by, { ...days, year }) };
}

// --- the card as HTML ----------------------------------------------------------------------------

// A table of `cells` that are HTML under `heads` that are text; the first cell of a row is its header.
function sheetTable(caption, heads, rows, look) {
  const head = heads.map((text) => `<th scope="col" role="columnheader">${escaped(text)}</th>`).join("");
  const body = rows.map(([first, ...cells]) => {
    const rest = cells.map(
      (cell, at) => `<td role="cell" data-label="${escaped(heads[at + 1])}">${cell}</td>`,
    );
    return `<tr role="row"><th scope="row" role="rowheader">${first}</th>${rest.join("")}</tr>`;
  });
  return (
    `<table class="soc-table ${look}" role="table"><caption>${escaped(caption)}</caption>` +
    `<thead role="rowgroup"><tr role="row">${head}</tr></thead>` +
    `<tbody role="rowgroup">${body.join("")}</tbody></table>`
  );
}

function readingHtml({ headline, reading }) {
  return (
    `<header class="soc-reads-${reading.reading_id}"><h4>${escaped(headline)}</h4>` +
    `<p><span class="soc-status"><span aria-hidden="true">${escaped(reading.mark)}</span> ` +
    `${escaped(reading.label)}</span> ${escaped(reading.meaning)}</p></header>`
  );
}

function numbersHtml({ numbers_title, numbers }, words) {
  const rows = numbers.map(({ label, text }) => [escaped(label), escaped(text)]);
  return sheetTable(numbers_title, [words.fit_measure, words.fit_value], rows, "soc-numbers");
}

function linesHtml({ bridge, continuity, stage, ready_on }) {
  const letter =
    `<b>${escaped(bridge.answer)}.</b> ${escaped(bridge.reason)} ` +
    `<span class="soc-muted">${escaped(bridge.rests_on)}</span>`;
  const lines = [continuity, stage, ready_on].filter((line) => line);
  const rest = lines.map(({ label, text }) => `<dt>${escaped(label)}</dt><dd>${escaped(text)}</dd>`);
  return `<dl class="soc-why"><dt>${escaped(bridge.label)}</dt><dd>${letter}</dd>${rest.join("")}</dl>`;
}

function notesHtml({ notes_title, notes }) {
  if (!notes.length) return "";
  const items = notes.map(({ text, certainty }) => {
    const tail = certainty ? ` <span class="soc-muted">(${escaped(certainty)})</span>` : "";
    return `<li>${escaped(text)}${tail}</li>`;
  });
  return `<div class="soc-notes"><h5>${escaped(notes_title)}</h5><ul>${items.join("")}</ul></div>`;
}

function timelineHtml({ title, rows, svg, narrow_svg }, words) {
  const heads = ["what", "lane", "start", "end", "days"].map((column) => words[`timeline_col_${column}`]);
  const table = sheetTable(title, heads, rows.map((row) => row.map(escaped)), "soc-spans");
  return (
    `<figure class="soc-figure"><figcaption>${escaped(title)}</figcaption>` +
    `<div class="soc-wide">${svg}</div>` +
    `<div class="soc-narrow">${narrow_svg}</div>` +
    `<details><summary>${escaped(words.fit_timeline)}</summary>${table}</details></figure>`
  );
}

function limitsHtml({ limits_title, limits_are, limits }, words) {
  const heads = [words.fit_limit, words.fit_value, words.fit_basis, words.fit_limit_meaning];
  const rows = limits.map(({ label, text, basis_text, meaning }) =>
    [label, text, basis_text, meaning].map(escaped),
  );
  const table = sheetTable(limits_are, heads, rows, "soc-limits");
  return `<details><summary>${escaped(limits_title)}</summary>${table}</details>`;
}

function sourceListHtml({ sources_title, sources }) {
  const items = sources.map(({ title, publisher, url, as_of }) => {
    const name = url
      ? `<a href="${escaped(url)}" target="_blank" rel="noopener">${escaped(title)}</a>`
      : escaped(title);
    return `<li>${name} (${escaped(publisher)}, ${as_of})</li>`;
  });
  return (
    `<details class="soc-sources"><summary>${escaped(sources_title)}</summary>` +
    `<ul>${items.join("")}</ul></details>`
  );
}

function insideHtml(plain, words) {
  if (!plain.ready) return `<p class="soc-hint">${escaped(plain.hint)}</p>`;
  if (plain.faults.length) {
    const items = plain.faults.map((sentence) => `<li>${escaped(sentence)}</li>`).join("");
    return `<h4>${escaped(plain.faults_title)}</h4><ul class="soc-faults">${items}</ul>`;
  }
  return [
    readingHtml(plain),
    timelineHtml(plain.timeline, words),
    numbersHtml(plain, words),
    linesHtml(plain),
    notesHtml(plain),
    limitsHtml(plain, words),
    sourceListHtml(plain),
    `<p class="soc-fine">${escaped(plain.rests_on)} ${escaped(plain.fine)}</p>`,
  ].join("");
}

export function fitHtml(plain, tables) {
  const inside = insideHtml(plain, tables.wording[plain.voice]);
  return `<section class="soc-fit" aria-label="${escaped(plain.title)}">${inside}</section>`;
}
