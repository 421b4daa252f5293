// Hides a page as it was saved once the view that can be worked with stands in the same output.
for (const saved of document.querySelectorAll(".soc-saved:not([data-watched])")) {
  saved.dataset.watched = "yes";
  const area = saved.closest(".jp-OutputArea") ?? document.body;
  const hide = () => {
    saved.hidden = area.querySelector(".soc-live") !== null;
    return saved.hidden;
  };
  if (!hide()) {
    const watcher = new MutationObserver(() => hide() && watcher.disconnect());
    watcher.observe(area, { childList: true, subtree: true });
  }
}
