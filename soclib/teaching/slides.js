// A lesson as slides: one at a time, by keyboard or by button. Without this script the slides follow
// each other on one page, and so they do when they are printed. `fill` comes from views/text.js.
(() => {
  const slides = [...document.querySelectorAll(".soc-slide")];
  const bar = document.querySelector(".soc-bar");
  const [back, forward] = bar.querySelectorAll("[data-step]");
  const place = bar.querySelector("[role=status]");
  const reveal = bar.querySelector("[aria-pressed]");
  const panel = document.querySelector(".soc-standby");
  const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
  let now = -1;

  const foldsOf = (slide) => [...slide.querySelectorAll("details.soc-reveal")];

  function showFolds() {
    const folds = foldsOf(slides[now]);
    reveal?.setAttribute("aria-pressed", String(folds.length > 0 && folds.every((fold) => fold.open)));
    if (reveal) reveal.disabled = folds.length === 0;
  }

  function show(wanted) {
    const at = Math.min(Math.max(wanted, 0), slides.length - 1);
    if (at === now) return;
    const had = slides[now]?.contains(document.activeElement);
    now = at;
    slides.forEach((slide, other) => {
      slide.hidden = other !== at;
    });
    const heading = slides[at].querySelector("h1, h2");
    const count = fill(bar.dataset.count, { at: at + 1, count: slides.length });
    place.textContent = `${count}: ${heading.textContent}`;
    back.disabled = at === 0;
    forward.disabled = at === slides.length - 1;
    // The one panel of the lesson moves along, so that it keeps what was answered.
    slides[at].querySelector("[data-slot=panel]")?.replaceChildren(panel);
    if (had || document.activeElement?.disabled) heading.focus();
    scrollTo(0, 0);
    if (location.hash !== `#${at + 1}`) location.replace(`#${at + 1}`);
    showFolds();
  }

  const fromHash = () => show((Number(location.hash.slice(1)) || 1) - 1);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, select, textarea")) return;
    const ends = { Home: 0, End: slides.length - 1 };
    const to = ends[event.key] ?? (STEPS[event.key] ? now + STEPS[event.key] : undefined);
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
  back.addEventListener("click", () => show(now - 1));
  forward.addEventListener("click", () => show(now + 1));
  reveal?.addEventListener("click", () => {
    const open = reveal.getAttribute("aria-pressed") !== "true";
    for (const fold of foldsOf(slides[now])) fold.open = open;
    showFolds();
  });
  document.addEventListener("toggle", showFolds, true);
  addEventListener("hashchange", fromHash);
  addEventListener("beforeprint", () => {
    for (const fold of slides.flatMap(foldsOf)) fold.open = true;
  });
  bar.hidden = false;
  fromHash();
})();
