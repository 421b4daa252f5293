// Times clicks in the page: from the dispatch of a click to the DOM change that shows the expected
// headline, and to the next frame after it. Called with the element that holds a verdict.
(box) => {
  let start = null;
  let job = null;
  const headline = () => box.querySelector(".soc-headline")?.textContent;
  const startClock = () => {
    start = performance.now();
  };
  const stopClock = () => {
    const changed = performance.now();
    if (!job || start === null || headline() !== job.expected) return;
    const { done } = job;
    const from = start;
    job = null;
    requestAnimationFrame(() => done({ change: changed - from, frame: performance.now() - from }));
  };
  window.addEventListener("click", startClock, { capture: true });
  new MutationObserver(stopClock).observe(box, {
    childList: true,
    subtree: true,
    characterData: true,
  });
  window.socClock = {
    arm(expected, patience) {
      start = null;
      window.socClock.times = new Promise((done) => {
        job = { expected, done };
        setTimeout(() => done(null), patience);
      });
    },
  };
}
