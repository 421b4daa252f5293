// The decision in the browser: the rules of logic.py, explain.py and describe.py next to it,
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

const asked = (theCase, indices) =>
  [...new Set(indices)]
    .sort((a, b) => a - b)
    .filter((index) => theCase.tables.criteria[index].questions[theCase.voice]);

const clause = (theCase, index, answer) =>
  theCase.tables.criteria[index].questions[theCase.voice][answer === "yes" ? "if_yes" : "if_no"];

function joined(theCase, parts) {
  const head = parts.slice(0, -1);
  const last = parts[parts.length - 1];
  return head.length ? `${head.join(", ")} ${theCase.words.and} ${last}` : last;
}

// --- reasons ----------------------------------------------------------------------------------

function reason(theCase, outcome, value, text, rule, indices) {
  const provenance = rule ?? outcome;
  return {
    topic: outcome.kind,
    value,
    text,
    rule_id: rule ? rule.rule_id : "",
    criteria: asked(theCase, indices).map((index) => theCase.tables.criteria[index].criterion_id),
    evidence: provenance.evidence,
    assumed: indices.length > 0 && indices.every((index) => theCase.assumed.includes(index)),
    source_ids: provenance.source_ids,
  };
}

const cellsOf = (rule) => rule.cells.map(([index]) => index);

const metReasons = (theCase, outcome) =>
  outcome.rules
    .filter((rule) => ruleValue(rule, theCase.values) === 1)
    .map((rule) => reason(theCase, outcome, "yes", rule.because[theCase.voice], rule, cellsOf(rule)));

function failedReasons(theCase, outcome) {
  const breaks = outcome.rules.map((rule) => brokenCells(rule, theCase.values));
  let common = breaks.reduce((left, right) => left.filter((index) => right.includes(index)));
  if (!common.length) {
    for (const indices of breaks) {
      if (!indices.some((index) => common.includes(index))) common.push(Math.min(...indices));
    }
  }
  return asked(theCase, common).map((index) => {
    const answer = theCase.values[index] === 1 ? "yes" : "no";
    return reason(theCase, outcome, "no", sentence(clause(theCase, index, answer)), null, [index]);
  });
}

function openReasons(theCase, outcome) {
  const alive = outcome.rules.filter((rule) => ruleValue(rule, theCase.values) === 0);
  const counts = alive.map((rule) => unknownCells(rule, theCase.values).length);
  const fewest = Math.min(...counts);
  return alive.filter((_, place) => counts[place] === fewest).flatMap((rule) => {
    const missing = unknownCells(rule, theCase.values);
    const open = asked(theCase, missing);
    if (!open.length) return [];
    const total = rule.cells.length;
    const key = total === open.length ? "still_to_find_out" : "conditions_hold";
    const clauses = open.map((index) => `${theCase.words.whether} ${clause(theCase, index, "yes")}`);
    const text = fill(theCase.words[key], {
      met: total - missing.length,
      total,
      clauses: joined(theCase, clauses),
    });
    return [reason(theCase, outcome, "open", text, rule, missing)];
  });
}

function outcomeReasons(theCase, outcome) {
  const explain = { "1": metReasons, "0": openReasons, "-1": failedReasons };
  return explain[outcomeValue(outcome, theCase.values)](theCase, outcome);
}

function reasons(theCase, report) {
  const outcome = (id) => theCase.tables.outcomes[id];
  return [
    ...report.contradictions.flatMap((id) => metReasons(theCase, outcome(id))),
    ...[report.subject, report.demand].flatMap((id) => outcomeReasons(theCase, outcome(id))),
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

function statusAfter(theCase, report, flips) {
  const values = theCase.values.slice();
  for (const [index, answer] of flips) values[index] = NUMBER[answer];
  return standing(theCase.tables, report, values).status;
}

function changes(theCase, report) {
  const now = standing(theCase.tables, report, theCase.values).status;
  const options = asked(theCase, report.criteria).map((index) =>
    ["yes", "no"].filter((answer) => NUMBER[answer] !== theCase.values[index]).map((a) => [index, a]),
  );
  for (let size = 1; size <= MOST_FLIPS; size += 1) {
    const found = [];
    for (const lists of chosen(options, size)) {
      for (const flips of crossed(lists)) {
        const status = statusAfter(theCase, report, flips);
        if (status !== now && status !== "open") found.push({ status, flips });
      }
    }
    if (found.length) {
      const overturned = ({ flips }) => flips.filter(([index]) => theCase.assumed.includes(index)).length;
      return found.sort((a, b) => overturned(a) - overturned(b));
    }
  }
  return [];
}

function groupedChanges(theCase, report) {
  const found = changes(theCase, report);
  const { statuses } = theCase.tables;
  const reached = [...new Set(found.map((change) => change.status))];
  reached.sort((a, b) => statuses[a].rank - statuses[b].rank);
  return reached.map((status_id) => {
    const mine = found.filter((change) => change.status === status_id);
    return {
      status_id,
      label: statuses[status_id].label,
      mark: statuses[status_id].mark,
      texts: mine.map(({ flips }) => joined(theCase, flips.map(([i, answer]) => clause(theCase, i, answer)))),
      flips: mine.map(({ flips }) =>
        flips.map(([i, answer]) => [theCase.tables.criteria[i].criterion_id, answer]),
      ),
    };
  });
}

function assumptions(theCase) {
  const { tables } = theCase;
  const relevant = tables.reports.flatMap((report) => report.criteria);
  return asked(theCase, theCase.assumed.filter((index) => relevant.includes(index))).flatMap((index) => {
    const answer = theCase.values[index] === 1 ? "yes" : "no";
    const other = answer === "yes" ? "no" : "yes";
    const report_ids = tables.reports
      .filter(
        (report) =>
          report.criteria.includes(index) &&
          statusAfter(theCase, report, [[index, other]]) !==
            standing(tables, report, theCase.values).status,
      )
      .map((report) => report.report_id);
    const { criterion_id } = tables.criteria[index];
    const text = clause(theCase, index, answer);
    return report_ids.length ? [{ criterion_id, answer, text, report_ids }] : [];
  });
}

// --- the next question --------------------------------------------------------------------------

function expected(theCase, report, values, open, memo) {
  const key = `${report.report_id}|${open.map((index) => index)}|${report.criteria.map((i) => values[i])}`;
  if (memo.has(key)) return memo.get(key);
  const found = expectedFresh(theCase, report, values, open, memo);
  memo.set(key, found);
  return found;
}

function expectedFresh(theCase, report, values, open, memo) {
  if (!open.length) return [0, standing(theCase.tables, report, values).status];
  const [low, ...rest] = open;
  const after = (answer) => {
    const next = values.slice();
    next[low] = answer;
    return expected(theCase, report, next, rest, memo)[1];
  };
  const left = after(1);
  if (left !== null && left === after(-1)) return [0, left];
  let best = Infinity;
  for (const index of open) {
    const price = cost(theCase, report, values, open, index, memo);
    if (price < best - TIE) best = price;
  }
  return [best, null];
}

function cost(theCase, report, values, open, index, memo) {
  const chance = theCase.tables.criteria[index].prior_yes;
  const rest = open.filter((other) => other !== index);
  const after = (answer) => {
    const next = values.slice();
    next[index] = answer;
    return expected(theCase, report, next, rest, memo)[0];
  };
  return 1 + chance * after(1) + (1 - chance) * after(-1);
}

function bestFor(theCase, report, memo) {
  const open = theCase.askable.filter((index) => report.criteria.includes(index));
  if (expected(theCase, report, theCase.values, open, memo)[1] !== null) return null;
  let best = null;
  for (const index of asked(theCase, open)) {
    const price = cost(theCase, report, theCase.values, open, index, memo);
    if (best === null || price < best.price - TIE) best = { price, index };
  }
  return best;
}

function openCriteria(theCase, outcome) {
  if (outcomeValue(outcome, theCase.values) !== 0) return [];
  const alive = outcome.rules.filter((rule) => ruleValue(rule, theCase.values) === 0);
  return alive.flatMap((rule) => unknownCells(rule, theCase.values));
}

function question(theCase, index, kind, report_ids, price) {
  const { criterion_id, questions } = theCase.tables.criteria[index];
  const words = questions[theCase.voice];
  const titles = theCase.tables.reports
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
    why: fill(theCase.words[`next_${kind}`], { reports: joined(theCase, titles) }),
  };
}

function contradictedQuestion(theCase) {
  for (const outcome of ofKind(theCase.tables, "contradiction")) {
    if (!outcome.voices.includes(theCase.voice)) continue;
    for (const rule of outcome.rules) {
      if (ruleValue(rule, theCase.values) !== 1) continue;
      const [index] = asked(theCase, cellsOf(rule).filter((place) => theCase.given.includes(place)));
      if (index !== undefined) {
        return question(theCase, index, "contradiction", reportsOf(theCase, outcome), 1);
      }
    }
  }
  return null;
}

const reportsOf = (theCase, outcome) =>
  theCase.tables.reports
    .filter((report) =>
      [report.report_id, ...report.steps].some((name) => outcome.touches.includes(name)),
    )
    .map((report) => report.report_id);

function questionOfReports(theCase, reports) {
  const memo = new Map();
  let best = null;
  for (const report of reports) {
    const found = bestFor(theCase, report, memo);
    if (found && (best === null || found.price < best.price - TIE)) best = { ...found, report };
  }
  return best && question(theCase, best.index, "report", [best.report.report_id], best.price);
}

const askableOf = (theCase, outcome) =>
  asked(theCase, openCriteria(theCase, outcome).filter((index) => theCase.askable.includes(index)));

function questionOfPaths(theCase, paths) {
  for (const step of paths.flatMap(({ steps }) => steps)) {
    const [index] = askableOf(theCase, step);
    if (index === undefined) continue;
    const named = paths.filter(({ steps }) => steps.some((s) => askableOf(theCase, s).includes(index)));
    return question(theCase, index, "path", named.map(({ report_id }) => report_id), 1);
  }
  return null;
}

function matters(theCase, outcome, index) {
  const values = theCase.values.slice();
  values[index] = -values[index];
  return outcomeValue(outcome, values) !== outcomeValue(outcome, theCase.values);
}

// The assumption that is likeliest to be wrong among those that change a status, step or category.
function questionOfAssumptions(theCase, paths, assumed) {
  const affected = new Map();
  for (const { criterion_id, report_ids } of assumed) affected.set(criterion_id, report_ids);
  for (const { report_id, steps } of paths) {
    const scope = ofKind(theCase.tables, "category").filter((o) => o.report_id === report_id);
    for (const outcome of [...steps, ...scope]) {
      const named = outcome.rules.flatMap(cellsOf).filter((index) => theCase.assumed.includes(index));
      for (const index of asked(theCase, named)) {
        const { criterion_id } = theCase.tables.criteria[index];
        if (matters(theCase, outcome, index) && !affected.has(criterion_id)) {
          affected.set(criterion_id, [report_id]);
        }
      }
    }
  }
  let best = null;
  for (const index of asked(theCase, theCase.assumed)) {
    const { criterion_id, prior_yes } = theCase.tables.criteria[index];
    if (!affected.has(criterion_id)) continue;
    const wrong = theCase.values[index] === 1 ? 1 - prior_yes : prior_yes;
    if (best === null || wrong > best.wrong + TIE) best = { wrong, index, criterion_id };
  }
  return best && question(theCase, best.index, "assumption", affected.get(best.criterion_id), 1);
}

function nextQuestion(theCase, paths, assumed) {
  const { tables } = theCase;
  const hasSubject = (report) => outcomeValue(tables.outcomes[report.subject], theCase.values) >= 0;
  const leading = tables.reports.filter(hasSubject);
  const others = tables.reports.filter((report) => !hasSubject(report));
  return (
    contradictedQuestion(theCase) ??
    questionOfReports(theCase, leading) ??
    questionOfPaths(theCase, paths) ??
    questionOfReports(theCase, others) ??
    questionOfAssumptions(theCase, paths, assumed)
  );
}

function notSure(theCase, paths) {
  const { tables } = theCase;
  const outcomes = tables.reports.flatMap((report) => [
    tables.outcomes[report.subject],
    tables.outcomes[report.demand],
  ]);
  const steps = paths.flatMap((path) => path.steps);
  const open = [...outcomes, ...steps].flatMap((outcome) => openCriteria(theCase, outcome));
  return asked(theCase, open.filter((index) => theCase.unsure.includes(index))).map((index) => {
    const { criterion_id, questions } = tables.criteria[index];
    const { question: words, who_knows, find_out } = questions[theCase.voice];
    return { criterion_id, question: words, who_knows, find_out };
  });
}

// --- a decision as plain values -----------------------------------------------------------------

const ofKind = (tables, kind) => tables.outcome_order.map((id) => tables.outcomes[id]).filter((o) => o.kind === kind);

const texts = (theCase, outcome) =>
  outcomeReasons(theCase, outcome).map(({ text, assumed }) =>
    assumed ? `${text} (${theCase.words.assumed})` : text,
  );

const listed = (theCase, outcomes) =>
  outcomes.map((outcome) => ({
    outcome_id: outcome.outcome_id,
    title: outcome.title,
    state: STATE[outcomeValue(outcome, theCase.values)],
    texts: texts(theCase, outcome),
  }));

function contradictions(theCase) {
  return ofKind(theCase.tables, "contradiction")
    .filter((outcome) => outcome.voices.includes(theCase.voice))
    .flatMap((outcome) =>
      metReasons(theCase, outcome).map(({ text, criteria }) => ({
        outcome_id: outcome.outcome_id,
        text,
        criteria,
        touches: outcome.touches,
      })),
    );
}

function pathOf(theCase, report, touched) {
  return report.steps
    .map((id) => theCase.tables.outcomes[id])
    .filter((step) => step.voices.includes(theCase.voice))
    .map((step) => {
      const state = touched.has(step.outcome_id)
        ? "open"
        : STATE[outcomeValue(step, theCase.values)];
      const silent = touched.has(step.outcome_id) || state === "no";
      const { step_id, title } = step;
      return { step_id, title, state, texts: silent ? [] : texts(theCase, step) };
    });
}

function sourcesOf(theCase, ids) {
  return [...new Set(ids)].map((source_id) => ({ source_id, ...theCase.tables.sources[source_id] }));
}

function firstReport(theCase, path) {
  for (const step of path ?? []) {
    const words = theCase.words[`first_${step.step_id}`];
    if (words && step.state !== "no") return step.state === "yes" ? ` ${words}` : "";
  }
  return "";
}

function firstStep(theCase, placed) {
  for (const { path } of placed) {
    const first = path?.find((step) => step.state === "yes");
    const words = first && theCase.words[`headline_${first.step_id}`];
    if (words) return [words];
  }
  return [];
}

function headline(theCase, placed, conflicts) {
  if (!theCase.given.length) return theCase.words.start;
  const { statuses } = theCase.tables;
  const speaking = placed.filter((p) => !p.touched && statuses[p.status].in_headline);
  speaking.sort((a, b) => statuses[a.status].rank - statuses[b.status].rank);
  const parts = conflicts.length ? [theCase.words.contradiction_first] : [];
  parts.push(...firstStep(theCase, placed));
  for (const p of speaking) {
    parts.push(fill(p.cell.headline[theCase.voice], { first: firstReport(theCase, p.path) }));
  }
  return parts.join(" ") || theCase.words.none_needed;
}

function conflictsOf(place, conflicts) {
  const mine = [place.report.report_id, ...place.report.steps];
  return conflicts.filter(({ touches }) => touches.some((name) => mine.includes(name)));
}

function leftOut(theCase, scope) {
  const assumed = (outcome) => outcome.rules.flatMap(cellsOf).every((i) => theCase.assumed.includes(i));
  return scope
    .filter((outcome) => outcomeValue(outcome, theCase.values) === -1 && assumed(outcome))
    .map((outcome) => outcome.title);
}

// The rows of the comparison that bear on the answers which decided a report.
function comparisonRows(theCase, report, why) {
  const named = why.flatMap(({ criteria }) => criteria).filter((id) => theCase.answers[id]);
  const bears = ({ criteria }) =>
    criteria.some((index) => named.includes(theCase.tables.criteria[index].criterion_id));
  return theCase.tables.comparison.filter(bears).map(({ dimension_id, dimension, by_report }) => ({
    dimension_id,
    dimension,
    text: by_report[report.report_id],
  }));
}

const readersOf = (theCase, report) =>
  theCase.tables.readers
    .filter(({ report_id }) => report_id === report.report_id)
    .map(({ reader, allowed, condition, why }) => ({
      reader,
      allowed: theCase.words[`allowed_${allowed}`],
      condition,
      why,
    }));

function card(theCase, place, assumed, categories, conflicts) {
  const { report, cell, status, path } = place;
  const { label, mark, leads_on, in_headline } = theCase.tables.statuses[status];
  const why = reasons(theCase, report).filter(({ topic }) => topic !== "contradiction");
  const scope = categories.filter((outcome) => outcome.report_id === report.report_id);
  const inScope = scope.filter((outcome) => outcomeValue(outcome, theCase.values) !== -1);
  return {
    report_id: report.report_id,
    title: report.title,
    status_id: status,
    label,
    mark,
    subject: place.touched ? "unknown" : WORD[place.subject],
    demand: WORD[place.demand],
    words: cell.words[theCase.voice],
    conflicts: conflictsOf(place, conflicts).map(({ text }) => text),
    lets: leads_on ? report.lets[theCase.voice] : "",
    folded: !in_headline,
    reasons: why.map(({ source_ids, ...rest }) => rest),
    changes: groupedChanges(theCase, report),
    assumptions: assumed.filter((a) => a.report_ids.includes(report.report_id)),
    path: path ?? [],
    categories: listed(theCase, inScope),
    categories_out: leftOut(theCase, scope),
    rows: comparisonRows(theCase, report, why),
    readers: leads_on ? readersOf(theCase, report) : [],
    sources: sourcesOf(theCase, [...why.flatMap((found) => found.source_ids), ...cell.source_ids]),
  };
}

const table = (places, pick) => Object.fromEntries(places.map((p) => [p.report.report_id, pick(p)]));

export function decide(tables, answers, voice) {
  const theCase = makeCase(tables, answers, voice);
  const conflicts = contradictions(theCase);
  const touched = new Set(conflicts.flatMap((conflict) => conflict.touches));
  const places = tables.reports.map((report) => {
    const at = standing(tables, report, theCase.values);
    const leads = tables.statuses[at.status].leads_on && report.steps.length > 0;
    return {
      ...at,
      report,
      leadsOn: tables.statuses[at.status].leads_on,
      touched: touched.has(report.report_id),
      path: leads ? pathOf(theCase, report, touched) : null,
    };
  });
  const leading = places.filter((p) => p.leadsOn).map((p) => p.report.report_id);
  const inState = (outcomes, state) =>
    outcomes.filter((o) => STATE[outcomeValue(o, theCase.values)] === state).map((o) => o.outcome_id);
  const spoken = (kind) => ofKind(tables, kind).filter((o) => o.voices.includes(voice));
  const categories = spoken("category").filter((o) => leading.includes(o.report_id));
  const routes = spoken("route");
  const shown = (outcomes) => outcomes.filter((o) => outcomeValue(o, theCase.values) !== -1);
  const paths = places
    .filter((p) => p.path)
    .map(({ report: { report_id, steps } }) => ({
      report_id,
      steps: steps.map((id) => tables.outcomes[id]).filter((o) => o.voices.includes(voice)),
    }));
  const assumed = assumptions(theCase);
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
    next: nextQuestion(theCase, paths, assumed),
    not_sure: notSure(theCase, paths),
    headline: headline(theCase, places, conflicts),
    cards: places.map((place) => card(theCase, place, assumed, categories, conflicts)),
    beside: listed(theCase, shown(routes)),
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
