// What all views with a search share: the terms of a search, marks on the matches, and small parts.
// soclib/comparison/choose.py reads a search in the same way.

// The words of a text without case, accents and signs.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const plainWords = (text) => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];

// What a search asks for: words, which match at their start, and whole numbers, each together with
// the word before it.
function searchTerms(search) {
  const terms = [];
  for (const word of plainWords(search)) {
    if (/^\p{Nd}+$/u.test(word)) terms.push(`${(terms.pop() ?? "").trimEnd()} ${word} `.trimStart());
    else terms.push(word);
  }
  return terms;
}

// --- words that were found ----------------------------------------------------------------------

// Where the words of a text begin and end in it.
const wordsIn = (text) =>
  [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map((match) => ({
    word: plain(match[0]),
    from: match.index,
    to: match.index + match[0].length,
  }));

function rangesIn(textNode, terms) {
  const words = wordsIn(textNode.data);
  const phrase = (at, count) => words.slice(at, at + count).map(({ word }) => word);
  return terms.flatMap((term) => {
    const count = term.trim().split(" ").length;
    return words.flatMap((first, at) => {
      if (!`${phrase(at, count).join(" ")} `.startsWith(term)) return [];
      const range = new Range();
      range.setStart(textNode, first.from);
      range.setEnd(textNode, words[at + count - 1].to);
      return [range];
    });
  });
}

function textNodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

// Marks words where the browser is able to; without marks the filtered rows are still right.
function marker() {
  let ranges = [];
  return (cells, words) => {
    if (!globalThis.Highlight) return;
    const all = CSS.highlights.get("soc-found") ?? new Highlight();
    CSS.highlights.set("soc-found", all);
    ranges.forEach((range) => all.delete(range));
    ranges = words.length ? cells.flatMap(textNodes).flatMap((text) => rangesIn(text, words)) : [];
    ranges.forEach((range) => all.add(range));
  };
}

// --- parts of a view ----------------------------------------------------------------------------

function fieldset(legend, ...children) {
  return node("fieldset", { class: "soc-choice" }, node("legend", {}, legend), ...children);
}

function plainButton(look, text, act) {
  const made = node("button", { type: "button", class: look }, text);
  made.addEventListener("click", act);
  return made;
}
