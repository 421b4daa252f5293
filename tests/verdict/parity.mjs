// Runs the browser's script under node: reads {job, ...} from standard input, writes JSON.
import fs from "node:fs";

const { script, tables, job, cases } = JSON.parse(fs.readFileSync(0, "utf8"));
const encoded = Buffer.from(fs.readFileSync(script)).toString("base64");
const soc = await import(`data:text/javascript;base64,${encoded}`);

// Every partial answer of a report, first criterion fastest, as one letter a state.
function everyStatus(report) {
  const places = report.criteria;
  const values = tables.criteria.map(() => 0);
  const letters = [];
  const size = 3 ** places.length;
  for (let number = 0; number < size; number += 1) {
    let rest = number;
    for (const place of places) {
      values[place] = [-1, 1, 0][rest % 3];
      rest = Math.floor(rest / 3);
    }
    const { subject, demand, status } = soc.standing(tables, report, values);
    letters.push(`${tables.statuses[status].rank}${subject + 1}${demand + 1}`);
  }
  return letters.join("");
}

const jobs = {
  decisions: () =>
    cases.map(([answers, voice]) => {
      const plain = soc.decide(tables, answers, voice);
      return [plain, soc.verdictHtml(plain, tables)];
    }),
  fits: () =>
    cases.map(([choice, voice]) => {
      const plain = soc.fitPlain(tables, choice, voice);
      return [plain, soc.fitHtml(plain, tables)];
    }),
  statuses: () => tables.reports.map(everyStatus),
};
process.stdout.write(JSON.stringify(jobs[job]()));
