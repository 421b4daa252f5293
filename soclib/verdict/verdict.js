// A described decision as escaped HTML: the same text as soclib/verdict/page.py writes.

const SIDES = ["yes", "no", "unknown"];

const statusHtml = (card) =>
  `<span class="soc-status"><span aria-hidden="true">${escaped(card.mark)}</span> ` +
  `${escaped(card.label)}</span>`;

function stripHtml(cards) {
  const items = cards.map(
    (card) => `<li class="soc-is-${card.status_id}">${escaped(card.title)} ${statusHtml(card)}</li>`,
  );
  return `<ul class="soc-strip">${items.join("")}</ul>`;
}

function nextHtml(next, words) {
  if (!next) return `<p class="soc-next">${escaped(words.nothing_left)}</p>`;
  return (
    `<p class="soc-next"><b>${escaped(words.next_question)}</b> ` +
    `<span class="soc-jump" data-jump="${next.criterion_id}">${escaped(next.question)}</span> ` +
    `<span class="soc-muted">${escaped(next.why)}</span></p>`
  );
}

const textsHtml = (texts) =>
  texts.length ? ` <span class="soc-muted">${escaped(texts.join(" "))}</span>` : "";

function reasonNote(reason, words) {
  if (reason.assumed) return words.assumed;
  if (reason.topic !== "subject" || reason.value !== "yes") return "";
  return reason.evidence === "confirmed" ? "" : words[`evidence_${reason.evidence}`];
}

function reasonHtml(reason, words) {
  const note = reasonNote(reason, words);
  const tail = note ? ` <span class="soc-muted">(${escaped(note)})</span>` : "";
  return `<li>${escaped(reason.text)}${tail}</li>`;
}

function whyHtml(card, words) {
  const rows = [];
  if (card.conflicts.length) {
    const items = card.conflicts.map((text) => `<li>${escaped(text)}</li>`).join("");
    const heading = escaped(words.topic_contradiction);
    rows.push(`<dt class="soc-conflict">${heading}</dt><dd><ul>${items}</ul></dd>`);
  }
  for (const topic of ["subject", "demand"]) {
    const state = card[topic] === "unknown" ? "open" : card[topic];
    const reasons = card.reasons.filter((reason) => reason.topic === topic);
    const items = reasons.map((reason) => reasonHtml(reason, words)).join("");
    const heading = `${escaped(words[`topic_${topic}`])}: <b>${escaped(words[`state_${state}`])}</b>`;
    rows.push(`<dt>${heading}</dt><dd>${items ? `<ul>${items}</ul>` : ""}</dd>`);
  }
  return `<dl class="soc-why">${rows.join("")}</dl>`;
}

function changesHtml(changes, words) {
  if (!changes.length) return "";
  const rows = changes.map((change) => {
    const texts = change.texts.map((text) => `<li>${escaped(words.if)} ${escaped(text)}</li>`).join("");
    return (
      `<li><b class="soc-is-${change.status_id}"><span aria-hidden="true">` +
      `${escaped(change.mark)}</span> ${escaped(change.label)}</b><ul>${texts}</ul></li>`
    );
  });
  return `<div class="soc-change"><h5>${escaped(words.would_change)}</h5><ul>${rows.join("")}</ul></div>`;
}

function assumptionsHtml(assumptions, words) {
  if (!assumptions.length) return "";
  const chips = assumptions.map(
    (a) =>
      `<li><span class="soc-chip soc-jump" data-jump="${a.criterion_id}">` +
      `${escaped(a.text)} · ${escaped(words.assumed)}</span></li>`,
  );
  const list = `<ul class="soc-chips">${chips.join("")}</ul>`;
  return `<div class="soc-rests"><h5>${escaped(words.rests_on)}</h5>${list}</div>`;
}

function pathHtml(path, words) {
  const shown = path.filter((step) => step.state !== "no");
  if (!shown.length) return "";
  const items = shown.map(
    (step) =>
      `<li class="soc-step-${step.state}"><b>${escaped(step.title)}</b>` +
      (step.state === "yes" ? "" : ` (${escaped(words.step_open)})`) +
      `${textsHtml(step.texts)}</li>`,
  );
  return `<div class="soc-path"><h5>${escaped(words.path)}</h5><ol>${items.join("")}</ol></div>`;
}

function listHtml(name, outcomes, words) {
  if (!outcomes.length) return "";
  const items = outcomes.map(
    (outcome) =>
      `<li><b>${escaped(outcome.title)}</b>` +
      (outcome.state === "yes" ? "" : ` (${escaped(words.step_open)})`) +
      `${textsHtml(outcome.texts)}</li>`,
  );
  return `<div class="soc-${name}"><h5>${escaped(words[name])}</h5><ul>${items.join("")}</ul></div>`;
}

function outHtml(titles, words) {
  if (!titles.length) return "";
  const text = fill(words.categories_out, { titles: titles.join(", ") });
  return `<p class="soc-muted">${escaped(text)}</p>`;
}

function rowsHtml(rows, words) {
  if (!rows.length) return "";
  const items = rows.map((row) => `<dt>${escaped(row.dimension)}</dt><dd>${escaped(row.text)}</dd>`);
  const summary = `${escaped(words.comparison_rows)} (${rows.length})`;
  return (
    `<details class="soc-rows"><summary>${summary}</summary>` +
    `<dl class="soc-why">${items.join("")}</dl></details>`
  );
}

function readersHtml(readers, words) {
  if (!readers.length) return "";
  const keys = ["reader", "allowed", "condition", "reader_why"];
  const head = keys.map((key) => `<th scope="col">${escaped(words[key])}</th>`).join("");
  const rows = readers.map(
    (row) =>
      `<tr><th scope="row">${escaped(row.reader)}</th><td>${escaped(row.allowed)}</td>` +
      `<td>${escaped(row.condition)}</td><td>${escaped(row.why)}</td></tr>`,
  );
  const title = escaped(words.readers);
  return (
    `<details class="soc-readers"><summary>${title}</summary><table>` +
    `<caption class="soc-hidden">${title}</caption>` +
    `<thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></details>`
  );
}

function matrixHtml(words, tables) {
  const head = tables.reports.map((report) => `<th scope="col">${escaped(report.title)}</th>`).join("");
  const readers = new Map(tables.readers.map((row) => [row.reader_id, row.reader]));
  const allowed = (readerId, report) =>
    tables.readers.find((row) => row.reader_id === readerId && row.report_id === report.report_id)
      .allowed;
  const rows = [...readers].map(([readerId, reader]) => {
    const cells = tables.reports.map(
      (report) => `<td>${escaped(words[`allowed_${allowed(readerId, report)}`])}</td>`,
    );
    return `<tr><th scope="row">${escaped(reader)}</th>${cells.join("")}</tr>`;
  });
  const title = escaped(words.may_send);
  return (
    `<details class="soc-readers soc-matrix"><summary>${title}</summary><table>` +
    `<caption class="soc-hidden">${title}</caption>` +
    `<thead><tr><th scope="col">${escaped(words.reader)}</th>${head}</tr></thead>` +
    `<tbody>${rows.join("")}</tbody></table></details>`
  );
}

function sourcesHtml(sources, words) {
  const items = sources.map((source) => {
    const title = source.url
      ? `<a href="${escaped(source.url)}" target="_blank" rel="noopener">${escaped(source.title)}</a>`
      : escaped(source.title);
    return `<li>${title} (${escaped(source.publisher)}, ${source.as_of})</li>`;
  });
  const summary = `${escaped(words.sources)} (${items.length})`;
  return (
    `<details class="soc-sources"><summary>${summary}</summary>` +
    `<ul>${items.join("")}</ul></details>`
  );
}

function cardHtml(card, words) {
  const first = card.words ? `<p class="soc-words">${escaped(card.words)}</p>` : "";
  const rest = [
    whyHtml(card, words),
    changesHtml(card.changes, words),
    assumptionsHtml(card.assumptions, words),
    pathHtml(card.path, words),
    listHtml("categories", card.categories, words),
    outHtml(card.categories_out, words),
    readersHtml(card.readers, words),
    rowsHtml(card.rows, words),
    sourcesHtml(card.sources, words),
  ];
  const lets = card.lets ? `<p class="soc-lets">${escaped(card.lets)}</p>` : "";
  let body = lets + rest.join("");
  if (card.folded) {
    const summary = `<summary>${escaped(words.why_and_change)}</summary>`;
    body = `<details class="soc-fold">${summary}${body}</details>`;
  }
  return (
    `<article class="soc-card soc-is-${card.status_id}" ` +
    `aria-label="${escaped(card.title)}: ${escaped(card.label)}">` +
    `<header><h4>${escaped(card.title)}</h4>${statusHtml(card)}</header>` +
    `${first}${body}</article>`
  );
}

function placeHtml(label, statusId, cards) {
  if (!cards.length) return `<td>${escaped(label)}</td>`;
  const names = cards
    .map((card) => `<b><span aria-hidden="true">${escaped(card.mark)}</span> ${escaped(card.title)}</b>`)
    .join("");
  return `<td class="soc-here soc-is-${statusId}">${names}<span>${escaped(label)}</span></td>`;
}

function squareHtml(plain, words, tables) {
  const statusAt = (report, subject, demand) => report.square[subject][demand].status_id;
  const spread = (report) => SIDES.flatMap((s) => SIDES.map((d) => statusAt(report, s, d))).join();
  const [first] = tables.reports;
  const sharing = tables.reports.filter((r) => spread(r) === spread(first)).map((r) => r.report_id);
  const cards = plain.cards.filter((card) => sharing.includes(card.report_id));
  const head = SIDES.map((d) => `<th scope="col">${escaped(words[`demand_${d}`])}</th>`).join("");
  const rows = SIDES.map((subject) => {
    const cells = SIDES.map((demand) => {
      const statusId = statusAt(first, subject, demand);
      const here = cards.filter((c) => c.subject === subject && c.demand === demand);
      return placeHtml(tables.statuses[statusId].label, statusId, here);
    }).join("");
    return `<tr><th scope="row">${escaped(words[`subject_${subject}`])}</th>${cells}</tr>`;
  });
  return (
    `<div class="soc-square"><table><caption><b>${escaped(words.square_title)}</b> ` +
    `<span>${escaped(words.square_caption)}</span></caption>` +
    `<thead><tr><td></td>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`
  );
}

function notSureHtml(plain, words) {
  if (!plain.not_sure.length) return "";
  const rows = plain.not_sure.map(
    (item) =>
      `<li>${escaped(item.question)} <b>${escaped(item.who_knows)}</b>. ` + `${escaped(item.find_out)}.</li>`,
  );
  return `<div class="soc-unsure"><h5>${escaped(words.not_sure_title)}</h5><ul>${rows.join("")}</ul></div>`;
}

function setAsideHtml(plain, words) {
  if (!plain.set_aside.length) return "";
  const rows = plain.set_aside.map((item) => `<li>${escaped(item.question)}</li>`).join("");
  return `<div class="soc-aside"><h5>${escaped(words.set_aside)}</h5><ul>${rows}</ul></div>`;
}

export function verdictParts(plain, tables) {
  const words = tables.wording[plain.voice];
  return [
    `<h3 class="soc-headline">${escaped(plain.headline)}</h3>`,
    stripHtml(plain.cards),
    nextHtml(plain.next, words),
    squareHtml(plain, words, tables),
    ...plain.cards.map((card) => cardHtml(card, words)),
    listHtml("routes", plain.beside, words),
    notSureHtml(plain, words),
    setAsideHtml(plain, words),
    matrixHtml(words, tables),
    `<p class="soc-fine">${escaped(words.not_advice)} ${escaped(plain.version)}.</p>`,
  ];
}

export function verdictHtml(plain, tables) {
  const label = escaped(tables.wording[plain.voice].verdict);
  const parts = verdictParts(plain, tables).join("");
  return `<section class="soc-verdict" aria-label="${label}">${parts}</section>`;
}
