// The panel where there is no widget manager: a saved notebook before its kernel, an exported page.
// Plain toggles stand in for ipywidgets' and look the same; everything else is panel.js.

const TOGGLE_LABELS = ["answer_yes", "answer_no", "answer_unknown"];

function plainModel(values) {
  const state = { ...values };
  const listeners = new Map();
  return {
    get: (name) => state[name],
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      for (const listener of [...(listeners.get(`change:${name}`) ?? [])]) listener();
    },
    save_changes() {},
    on: (event, listener) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    off: (event, listener) =>
      listeners.set(event, (listeners.get(event) ?? []).filter((other) => other !== listener)),
  };
}

function plainToggleView(toggle, labels) {
  const buttons = labels.map((label, place) => {
    const button = node("button", { type: "button", class: "jupyter-button" }, label);
    button.addEventListener("click", () => toggle.set("index", place));
    return button;
  });
  const show = () =>
    buttons.forEach((button, place) =>
      button.classList.toggle("mod-active", toggle.get("index") === place),
    );
  const el = node("div", { class: "widget-toggle-buttons" }, node("div", {}, ...buttons));
  toggle.on("change:index", show);
  return { el, trigger() {}, remove: () => toggle.off("change:index", show) };
}

export async function mountStandalone(element, tables) {
  const words = tables.wording.vendor;
  const labels = TOGGLE_LABELS.map((key) => words[key]);
  const toggles = tables.criteria.map(() => plainModel({ index: null }));
  const model = plainModel({ tables, voice: "vendor", toggles: toggles.map((_, at) => String(at)) });
  model.widget_manager = {
    get_model: async (at) => toggles[Number(at)],
    create_view: async (toggle) => plainToggleView(toggle, labels),
  };
  await render({ model, el: element });
}

for (const standby of document.querySelectorAll(".soc-standby:not([data-live])")) {
  standby.dataset.live = "yes";
  const tables = JSON.parse(standby.querySelector("script[type='application/json']").textContent);
  const { answers, voice } = JSON.parse(standby.dataset.start);
  mountStandalone(standby.querySelector(".soc-place"), tables).then(() => {
    const panel = standby.querySelector(".soc-panel").socPanel;
    panel.set(answers, voice);
    panel.start = JSON.stringify(panel.get());
  });
}
