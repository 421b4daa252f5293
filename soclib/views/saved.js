// Hides a saved page once the live view is shown in the same output.
for (const saved of document.querySelectorAll(".soc-saved:not([data-watched])")) {
  saved.dataset.watched = "yes";
  const area = saved.closest(".jp-OutputArea") ?? document.body;
  const hide = () => {
    const live = area.querySelector(".soc-live");
    saved.hidden = live !== null;
    // Without this, JupyterLab takes keys away from a list: an arrow moves on to the next cell, and
    // "d d" deletes this one.
    live?.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
    return saved.hidden;
  };
  if (!hide()) {
    const watcher = new MutationObserver(() => hide() && watcher.disconnect());
    watcher.observe(area, { childList: true, subtree: true });
  }
}
