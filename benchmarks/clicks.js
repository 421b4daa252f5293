// Times clicks in the page: from the dispatch of a click to the DOM change that shows the expected
// headline, and to the next frame after it. Called with the element that holds a verdict. A click
// that no headline is expected of counts as changed at once: what is left is the wait for a frame.
(box) => {
  if (window.socClock) return;
  let start = null;
  let job = null;
  const headline = () => box.querySelector(".soc-headline")?.textContent;
  const finish = () => {
    const changed = performance.now();
    const { done } = job;
    const from = start;
    job = null;
    requestAnimationFrame(() => done({ change: changed - from, frame: performance.now() - from }));
  };
  const onClick = () => {
    start = performance.now();
    if (job && !job.expected) finish();
  };
  const onChange = () => {
    if (job && start !== null && headline() === job.expected) finish();
  };
  window.addEventListener("click", onClick, { capture: true });
  new MutationObserver(onChange).observe(box, {
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
