// The decision in the browser: the rules of logic.py, explain.py and describe.py beside it,
// evaluated with Math.min and Math.max over -1 (no), 0 (unknown), +1 (yes).
// `tables` is what browser_tables() of browser.py returns. Tests compare every field with Python.

const NUMBER = { yes: 1, no: -1, unknown: 0 };
const STATE = { "1": "yes", "0": "open", "-1": "no" };
const WORD = { "1": "yes", "0": "unknown", "-1": "no" };
const TIE = 1e-9;
const MOST_FLIPS = 3;

const ruleValue = (rule, values) =>
  rule.cells.reduce((least, [index, sign]) => Math.min(least, sign * values[index]), 1);

const outcomeValue = (outcome, values) =>
  outcome.rules.reduce((most, rule) => Math.max(most, ruleValue(rule, values)), -1);

const brokenCells = (rule, values) =>
  rule.cells.filter(([index, sign]) => sign * values[index] === -1).map(([index]) => index);

const unknownCells = (rule, values) =>
  rule.cells.filter(([index]) => values[index] === 0).map(([index]) => index);

export function standing(tables, report, values) {
  const outcome = (id) => tables.outcomes[id];
  const subject = outcomeValue(outcome(report.subject), values);
  const demand = outcomeValue(outcome(report.demand), values);
  const contradicted = report.contradictions.some((id) => outcomeValue(outcome(id), values) === 1);
  // A contradiction puts the subject in doubt; `subject` keeps what the rules say.
  const cell = report.square[contradicted ? "unknown" : WORD[subject]][WORD[demand]];
  return { subject, demand, cell, contradicted, status: cell.status_id };
}

// --- one case ---------------------------------------------------------------------------------

export function makeCase(tables, answers, voice) {
  const shape = { tables, voice, answers, words: tables.wording[voice] };
  const sets = { given: [], unsure: [], assumed: [], askable: [] };
  const values = tables.criteria.map((criterion, index) => {
    const given = answers[criterion.criterion_id];
    if (!criterion.questions[voice]) return NUMBER[criterion.when_not_asked] ?? 0;
    if (given) {
      sets.given.push(index);
      if (given === "unknown") sets.unsure.push(index);
      return NUMBER[given];
    }
    sets[criterion.assumed ? "assumed" : "askable"].push(index);
    return NUMBER[criterion.assumed] ?? 0;
  });
  return { ...shape, ...sets, values };
}

const sentence = (clause) => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;

const asked = (one, indices) =>
  [...new Set(indices)]
    .sort((a, b) => a - b)
    .filter((index) => one.tables.criteria[index].questions[one.voice]);

const clause = (one, index, answer) =>
  one.tables.criteria[index].questions[one.voice][answer === "yes" ? "if_yes" : "if_no"];

function joined(one, parts) {
  const head = parts.slice(0, -1);
  const last = parts[parts.length - 1];
  return head.length ? `${head.join(", ")} ${one.words.and} ${last}` : last;
}

// --- reasons ----------------------------------------------------------------------------------

function reason(one, outcome, value, text, rule, indices) {
  const provenance = rule ?? outcome;
  return {
    topic: outcome.kind,
    value,
    text,
    rule_id: rule ? rule.rule_id : "",
    criteria: asked(one, indices).map((index) => one.tables.criteria[index].criterion_id),
    evidence: provenance.evidence,
    assumed: indices.length > 0 && indices.every((index) => one.assumed.includes(index)),
    source_ids: provenance.source_ids,
  };
}

const cellsOf = (rule) => rule.cells.map(([index]) => index);

const metReasons = (one, outcome) =>
  outcome.rules
    .filter((rule) => ruleValue(rule, one.values) === 1)
    .map((rule) => reason(one, outcome, "yes", rule.because[one.voice], rule, cellsOf(rule)));

function failedReasons(one, outcome) {
  const breaks = outcome.rules.map((rule) => brokenCells(rule, one.values));
  let common = breaks.reduce((left, right) => left.filter((index) => right.includes(index)));
  if (!common.length) {
    for (const indices of breaks) {
      if (!indices.some((index) => common.includes(index))) common.push(Math.min(...indices));
    }
  }
  return asked(one, common).map((index) => {
    const answer = one.values[index] === 1 ? "yes" : "no";
    return reason(one, outcome, "no", sentence(clause(one, index, answer)), null, [index]);
  });
}

function openReasons(one, outcome) {
  const alive = outcome.rules.filter((rule) => ruleValue(rule, one.values) === 0);
  const counts = alive.map((rule) => unknownCells(rule, one.values).length);
  const fewest = Math.min(...counts);
  return alive.filter((_, place) => counts[place] === fewest).flatMap((rule) => {
    const missing = unknownCells(rule, one.values);
    const open = asked(one, missing);
    if (!open.length) return [];
    const total = rule.cells.length;
    const key = total === open.length ? "still_to_find_out" : "conditions_hold";
    const clauses = open.map((index) => `${one.words.whether} ${clause(one, index, "yes")}`);
    const text = fill(one.words[key], {
      met: total - missing.length,
      total,
      clauses: joined(one, clauses),
    });
    return [reason(one, outcome, "open", text, rule, missing)];
  });
}

function outcomeReasons(one, outcome) {
  const explain = { "1": metReasons, "0": openReasons, "-1": failedReasons };
  return explain[outcomeValue(outcome, one.values)](one, outcome);
}

function reasons(one, report) {
  const outcome = (id) => one.tables.outcomes[id];
  return [
    ...report.contradictions.flatMap((id) => metReasons(one, outcome(id))),
    ...[report.subject, report.demand].flatMap((id) => outcomeReasons(one, outcome(id))),
  ];
}

// --- what would change it, and what it rests on -------------------------------------------------

function* chosen(items, size, start = 0) {
  if (size === 0) yield [];
  else
    for (let i = start; i <= items.length - size; i += 1)
      for (const rest of chosen(items, size - 1, i + 1)) yield [items[i], ...rest];
}

const crossed = (lists) =>
  lists.reduce((found, list) => found.flatMap((head) => list.map((item) => [...head, item])), [[]]);

function statusAfter(one, report, flips) {
  const values = one.values.slice();
  for (const [index, answer] of flips) values[index] = NUMBER[answer];
  return standing(one.tables, report, values).status;
}

function changes(one, report) {
  const now = standing(one.tables, report, one.values).status;
  const options = asked(one, report.criteria).map((index) =>
    ["yes", "no"].filter((answer) => NUMBER[answer] !== one.values[index]).map((a) => [index, a]),
  );
  for (let size = 1; size <= MOST_FLIPS; size += 1) {
    const found = [];
    for (const lists of chosen(options, size)) {
      for (const flips of crossed(lists)) {
        const status = statusAfter(one, report, flips);
        if (status !== now && status !== "open") found.push({ status, flips });
      }
    }
    if (found.length) {
      const overturned = ({ flips }) => flips.filter(([index]) => one.assumed.includes(index)).length;
      return found.sort((a, b) => overturned(a) - overturned(b));
    }
  }
  return [];
}

function groupedChanges(one, report) {
  const found = changes(one, report);
  const { statuses } = one.tables;
  const reached = [...new Set(found.map((change) => change.status))];
  reached.sort((a, b) => statuses[a].rank - statuses[b].rank);
  return reached.map((status_id) => {
    const mine = found.filter((change) => change.status === status_id);
    return {
      status_id,
      label: statuses[status_id].label,
      mark: statuses[status_id].mark,
      texts: mine.map(({ flips }) => joined(one, flips.map(([i, answer]) => clause(one, i, answer)))),
      flips: mine.map(({ flips }) =>
        flips.map(([i, answer]) => [one.tables.criteria[i].criterion_id, answer]),
      ),
    };
  });
}

function assumptions(one) {
  const { tables } = one;
  const relevant = tables.reports.flatMap((report) => report.criteria);
  return asked(one, one.assumed.filter((index) => relevant.includes(index))).flatMap((index) => {
    const answer = one.values[index] === 1 ? "yes" : "no";
    const other = answer === "yes" ? "no" : "yes";
    const report_ids = tables.reports
      .filter(
        (report) =>
          report.criteria.includes(index) &&
          statusAfter(one, report, [[index, other]]) !==
            standing(tables, report, one.values).status,
      )
      .map((report) => report.report_id);
    const { criterion_id } = tables.criteria[index];
    const text = clause(one, index, answer);
    return report_ids.length ? [{ criterion_id, answer, text, report_ids }] : [];
  });
}

// --- the next question --------------------------------------------------------------------------

function expected(one, report, values, open, memo) {
  const key = `${report.report_id}|${open.map((index) => index)}|${report.criteria.map((i) => values[i])}`;
  if (memo.has(key)) return memo.get(key);
  const found = expectedFresh(one, report, values, open, memo);
  memo.set(key, found);
  return found;
}

function expectedFresh(one, report, values, open, memo) {
  if (!open.length) return [0, standing(one.tables, report, values).status];
  const [low, ...rest] = open;
  const after = (answer) => {
    const next = values.slice();
    next[low] = answer;
    return expected(one, report, next, rest, memo)[1];
  };
  const left = after(1);
  if (left !== null && left === after(-1)) return [0, left];
  let best = Infinity;
  for (const index of open) {
    const price = cost(one, report, values, open, index, memo);
    if (price < best - TIE) best = price;
  }
  return [best, null];
}

function cost(one, report, values, open, index, memo) {
  const chance = one.tables.criteria[index].prior_yes;
  const rest = open.filter((other) => other !== index);
  const after = (answer) => {
    const next = values.slice();
    next[index] = answer;
    return expected(one, report, next, rest, memo)[0];
  };
  return 1 + chance * after(1) + (1 - chance) * after(-1);
}

function bestFor(one, report, memo) {
  const open = one.askable.filter((index) => report.criteria.includes(index));
  if (expected(one, report, one.values, open, memo)[1] !== null) return null;
  let best = null;
  for (const index of asked(one, open)) {
    const price = cost(one, report, one.values, open, index, memo);
    if (best === null || price < best.price - TIE) best = { price, index };
  }
  return best;
}

function openCriteria(one, outcome) {
  if (outcomeValue(outcome, one.values) !== 0) return [];
  const alive = outcome.rules.filter((rule) => ruleValue(rule, one.values) === 0);
  return alive.flatMap((rule) => unknownCells(rule, one.values));
}

function question(one, index, kind, report_ids, price) {
  const { criterion_id, questions } = one.tables.criteria[index];
  const words = questions[one.voice];
  const titles = one.tables.reports
    .filter((report) => report_ids.includes(report.report_id))
    .map((report) => report.title);
  return {
    criterion_id,
    kind,
    report_ids,
    expected_left: Math.floor(price * 100 + 0.5) / 100,
    question: words.question,
    who_knows: words.who_knows,
    find_out: words.find_out,
    why: fill(one.words[`next_${kind}`], { reports: joined(one, titles) }),
  };
}

function contradictedQuestion(one) {
  for (const outcome of ofKind(one.tables, "contradiction")) {
    if (!outcome.voices.includes(one.voice)) continue;
    for (const rule of outcome.rules) {
      if (ruleValue(rule, one.values) !== 1) continue;
      const [index] = asked(one, cellsOf(rule).filter((place) => one.given.includes(place)));
      if (index !== undefined) {
        return question(one, index, "contradiction", reportsOf(one, outcome), 1);
      }
    }
  }
  return null;
}

const reportsOf = (one, outcome) =>
  one.tables.reports
    .filter((report) =>
      [report.report_id, ...report.steps].some((name) => outcome.touches.includes(name)),
    )
    .map((report) => report.report_id);

function questionOfReports(one, reports) {
  const memo = new Map();
  let best = null;
  for (const report of reports) {
    const found = bestFor(one, report, memo);
    if (found && (best === null || found.price < best.price - TIE)) best = { ...found, report };
  }
  return best && question(one, best.index, "report", [best.report.report_id], best.price);
}

const askableOf = (one, outcome) =>
  asked(one, openCriteria(one, outcome).filter((index) => one.askable.includes(index)));

function questionOfPaths(one, paths) {
  for (const step of paths.flatMap(({ steps }) => steps)) {
    const [index] = askableOf(one, step);
    if (index === undefined) continue;
    const named = paths.filter(({ steps }) => steps.some((s) => askableOf(one, s).includes(index)));
    return question(one, index, "path", named.map(({ report_id }) => report_id), 1);
  }
  return null;
}

function matters(one, outcome, index) {
  const values = one.values.slice();
  values[index] = -values[index];
  return outcomeValue(outcome, values) !== outcomeValue(outcome, one.values);
}

// The assumption that is likeliest to be wrong among those that change a status, step or category.
function questionOfAssumptions(one, paths, assumed) {
  const affected = new Map();
  for (const { criterion_id, report_ids } of assumed) affected.set(criterion_id, report_ids);
  for (const { report_id, steps } of paths) {
    const scope = ofKind(one.tables, "category").filter((o) => o.report_id === report_id);
    for (const outcome of [...steps, ...scope]) {
      const named = outcome.rules.flatMap(cellsOf).filter((index) => one.assumed.includes(index));
      for (const index of asked(one, named)) {
        const { criterion_id } = one.tables.criteria[index];
        if (matters(one, outcome, index) && !affected.has(criterion_id)) {
          affected.set(criterion_id, [report_id]);
        }
      }
    }
  }
  let best = null;
  for (const index of asked(one, one.assumed)) {
    const { criterion_id, prior_yes } = one.tables.criteria[index];
    if (!affected.has(criterion_id)) continue;
    const wrong = one.values[index] === 1 ? 1 - prior_yes : prior_yes;
    if (best === null || wrong > best.wrong + TIE) best = { wrong, index, criterion_id };
  }
  return best && question(one, best.index, "assumption", affected.get(best.criterion_id), 1);
}

function nextQuestion(one, paths, assumed) {
  const { tables } = one;
  const hasSubject = (report) => outcomeValue(tables.outcomes[report.subject], one.values) >= 0;
  const leading = tables.reports.filter(hasSubject);
  const others = tables.reports.filter((report) => !hasSubject(report));
  return (
    contradictedQuestion(one) ??
    questionOfReports(one, leading) ??
    questionOfPaths(one, paths) ??
    questionOfReports(one, others) ??
    questionOfAssumptions(one, paths, assumed)
  );
}

function notSure(one, paths) {
  const { tables } = one;
  const outcomes = tables.reports.flatMap((report) => [
    tables.outcomes[report.subject],
    tables.outcomes[report.demand],
  ]);
  const steps = paths.flatMap((path) => path.steps);
  const open = [...outcomes, ...steps].flatMap((outcome) => openCriteria(one, outcome));
  return asked(one, open.filter((index) => one.unsure.includes(index))).map((index) => {
    const { criterion_id, questions } = tables.criteria[index];
    const { question: words, who_knows, find_out } = questions[one.voice];
    return { criterion_id, question: words, who_knows, find_out };
  });
}

// --- a decision as plain values -----------------------------------------------------------------

const ofKind = (tables, kind) => tables.outcome_order.map((id) => tables.outcomes[id]).filter((o) => o.kind === kind);

const texts = (one, outcome) =>
  outcomeReasons(one, outcome).map(({ text, assumed }) =>
    assumed ? `${text} (${one.words.assumed})` : text,
  );

const listed = (one, outcomes) =>
  outcomes.map((outcome) => ({
    outcome_id: outcome.outcome_id,
    title: outcome.title,
    state: STATE[outcomeValue(outcome, one.values)],
    texts: texts(one, outcome),
  }));

function contradictions(one) {
  return ofKind(one.tables, "contradiction")
    .filter((outcome) => outcome.voices.includes(one.voice))
    .flatMap((outcome) =>
      metReasons(one, outcome).map(({ text, criteria }) => ({
        outcome_id: outcome.outcome_id,
        text,
        criteria,
        touches: outcome.touches,
      })),
    );
}

function pathOf(one, report, touched) {
  return report.steps
    .map((id) => one.tables.outcomes[id])
    .filter((step) => step.voices.includes(one.voice))
    .map((step) => {
      const state = touched.has(step.outcome_id)
        ? "open"
        : STATE[outcomeValue(step, one.values)];
      const silent = touched.has(step.outcome_id) || state === "no";
      const { step_id, title } = step;
      return { step_id, title, state, texts: silent ? [] : texts(one, step) };
    });
}

function sourcesOf(one, ids) {
  return [...new Set(ids)].map((source_id) => ({ source_id, ...one.tables.sources[source_id] }));
}

function firstReport(one, path) {
  for (const step of path ?? []) {
    const words = one.words[`first_${step.step_id}`];
    if (words && step.state !== "no") return step.state === "yes" ? ` ${words}` : "";
  }
  return "";
}

function firstStep(one, placed) {
  for (const { path } of placed) {
    const first = path?.find((step) => step.state === "yes");
    const words = first && one.words[`headline_${first.step_id}`];
    if (words) return [words];
  }
  return [];
}

function headline(one, placed, conflicts) {
  if (!one.given.length) return one.words.start;
  const { statuses } = one.tables;
  const speaking = placed.filter((p) => !p.touched && statuses[p.status].in_headline);
  speaking.sort((a, b) => statuses[a.status].rank - statuses[b.status].rank);
  const parts = conflicts.length ? [one.words.contradiction_first] : [];
  parts.push(...firstStep(one, placed));
  for (const p of speaking) {
    parts.push(p.cell.headline[one.voice].split("{first}").join(firstReport(one, p.path)));
  }
  return parts.join(" ") || one.words.none_needed;
}

function conflictsOf(place, conflicts) {
  const mine = [place.report.report_id, ...place.report.steps];
  return conflicts.filter(({ touches }) => touches.some((name) => mine.includes(name)));
}

function leftOut(one, scope) {
  const assumed = (outcome) => outcome.rules.flatMap(cellsOf).every((i) => one.assumed.includes(i));
  return scope
    .filter((outcome) => outcomeValue(outcome, one.values) === -1 && assumed(outcome))
    .map((outcome) => outcome.title);
}

// The rows of the comparison that bear on the answers which decided a report.
function comparisonRows(one, report, why) {
  const named = why.flatMap(({ criteria }) => criteria).filter((id) => one.answers[id]);
  const bears = ({ criteria }) =>
    criteria.some((index) => named.includes(one.tables.criteria[index].criterion_id));
  return one.tables.comparison.filter(bears).map(({ dimension_id, dimension, by_report }) => ({
    dimension_id,
    dimension,
    text: by_report[report.report_id],
  }));
}

const readersOf = (one, report) =>
  one.tables.readers
    .filter(({ report_id }) => report_id === report.report_id)
    .map(({ reader, allowed, condition, why }) => ({
      reader,
      allowed: one.words[`allowed_${allowed}`],
      condition,
      why,
    }));

function card(one, place, assumed, categories, conflicts) {
  const { report, cell, status, path } = place;
  const { label, mark, leads_on, in_headline } = one.tables.statuses[status];
  const why = reasons(one, report).filter(({ topic }) => topic !== "contradiction");
  const scope = categories.filter((outcome) => outcome.report_id === report.report_id);
  const inScope = scope.filter((outcome) => outcomeValue(outcome, one.values) !== -1);
  return {
    report_id: report.report_id,
    title: report.title,
    status_id: status,
    label,
    mark,
    subject: place.touched ? "unknown" : WORD[place.subject],
    demand: WORD[place.demand],
    words: cell.words[one.voice],
    conflicts: conflictsOf(place, conflicts).map(({ text }) => text),
    lets: leads_on ? report.lets[one.voice] : "",
    folded: !in_headline,
    reasons: why.map(({ source_ids, ...rest }) => rest),
    changes: groupedChanges(one, report),
    assumptions: assumed.filter((a) => a.report_ids.includes(report.report_id)),
    path: path ?? [],
    categories: listed(one, inScope),
    categories_out: leftOut(one, scope),
    rows: comparisonRows(one, report, why),
    readers: leads_on ? readersOf(one, report) : [],
    sources: sourcesOf(one, [...why.flatMap((found) => found.source_ids), ...cell.source_ids]),
  };
}

const table = (places, pick) => Object.fromEntries(places.map((p) => [p.report.report_id, pick(p)]));

export function decide(tables, answers, voice) {
  const one = makeCase(tables, answers, voice);
  const conflicts = contradictions(one);
  const touched = new Set(conflicts.flatMap((conflict) => conflict.touches));
  const places = tables.reports.map((report) => {
    const at = standing(tables, report, one.values);
    const leads = tables.statuses[at.status].leads_on && report.steps.length > 0;
    return {
      ...at,
      report,
      leadsOn: tables.statuses[at.status].leads_on,
      touched: touched.has(report.report_id),
      path: leads ? pathOf(one, report, touched) : null,
    };
  });
  const leading = places.filter((p) => p.leadsOn).map((p) => p.report.report_id);
  const inState = (outcomes, state) =>
    outcomes.filter((o) => STATE[outcomeValue(o, one.values)] === state).map((o) => o.outcome_id);
  const spoken = (kind) => ofKind(tables, kind).filter((o) => o.voices.includes(voice));
  const categories = spoken("category").filter((o) => leading.includes(o.report_id));
  const routes = spoken("route");
  const shown = (outcomes) => outcomes.filter((o) => outcomeValue(o, one.values) !== -1);
  const paths = places
    .filter((p) => p.path)
    .map(({ report: { report_id, steps } }) => ({
      report_id,
      steps: steps.map((id) => tables.outcomes[id]).filter((o) => o.voices.includes(voice)),
    }));
  const assumed = assumptions(one);
  const given = tables.criteria.filter((c) => answers[c.criterion_id]);
  return {
    voice,
    version: tables.version,
    answers: Object.fromEntries(given.map((c) => [c.criterion_id, answers[c.criterion_id]])),
    set_aside: given
      .filter((c) => !c.questions[voice])
      .map((c) => ({
        criterion_id: c.criterion_id,
        question: Object.values(c.questions)[0].question,
      })),
    reports: table(places, (p) => p.status),
    subject: table(places, (p) => WORD[p.subject]),
    demand: table(places, (p) => WORD[p.demand]),
    categories: inState(categories, "yes"),
    open_categories: inState(categories, "open"),
    routes: inState(routes, "yes"),
    open_routes: inState(routes, "open"),
    path: Object.fromEntries(
      places
        .filter((p) => p.path)
        .map((p) => [p.report.report_id, p.path.map((step) => [step.step_id, step.state])]),
    ),
    contradictions: conflicts,
    assumptions: assumed,
    next: nextQuestion(one, paths, assumed),
    not_sure: notSure(one, paths),
    headline: headline(one, places, conflicts),
    cards: places.map((place) => card(one, place, assumed, categories, conflicts)),
    beside: listed(one, shown(routes)),
    switches: tables.criteria
      .filter((c) => c.questions[voice])
      .map((c) => ({
        criterion_id: c.criterion_id,
        group_id: c.group_id,
        question: c.questions[voice].question,
        answer: answers[c.criterion_id] ?? "",
        assumed: c.assumed ?? "",
      })),
  };
}
