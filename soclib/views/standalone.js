// A view where there is no widget manager: a saved notebook before its kernel, an exported page.
// Plain controls stand in for ipywidgets' and look the same; everything else is the view's own script.

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

// Shows a trait of a control in an element, now and whenever it changes.
function plainView(control, el, trait, show) {
  show();
  control.on(`change:${trait}`, show);
  return { el, trigger() {}, remove: () => control.off(`change:${trait}`, show) };
}

function labelled(control, type, name) {
  const id = uid();
  const label = node("label", { for: id, class: "widget-label" }, control.get("description"));
  const input = node("input", { id, type });
  return { el: node("div", { class: name }, label, input), input };
}

const PLAIN_VIEWS = {
  ToggleButtons(control) {
    const buttons = control.get("_options_labels").map((label, place) => {
      const button = node("button", { type: "button", class: "jupyter-button" }, label);
      button.addEventListener("click", () => control.set("index", place));
      return button;
    });
    const el = node("div", { class: "widget-toggle-buttons" }, node("div", {}, ...buttons));
    return plainView(control, el, "index", () =>
      buttons.forEach((button, place) =>
        button.classList.toggle("mod-active", control.get("index") === place),
      ),
    );
  },
  ToggleButton(control) {
    const shape = { type: "button", class: "jupyter-button widget-toggle-button" };
    const el = node("button", shape, control.get("description"));
    el.addEventListener("click", () => control.set("value", !control.get("value")));
    return plainView(control, el, "value", () =>
      el.classList.toggle("mod-active", control.get("value")),
    );
  },
  Text(control) {
    const { el, input } = labelled(control, "text", "widget-text");
    input.addEventListener("input", () => control.set("value", input.value));
    return plainView(control, el, "value", () => {
      if (input.value !== control.get("value")) input.value = control.get("value");
    });
  },
  DatePicker(control) {
    const { el, input } = labelled(control, "date", "widget-datepicker");
    const shown = () => control.get("value")?.toISOString().slice(0, 10) ?? "";
    input.addEventListener("change", () => {
      if (!input.validity.badInput) control.set("value", input.valueAsDate);
    });
    return plainView(control, el, "value", () => {
      if (input.value !== shown()) input.value = shown();
    });
  },
};

// Days travel as ISO text; ipywidgets keeps them as the start of the day in UTC.
const asModel = ({ kind, value, ...rest }) =>
  kind === "DatePicker"
    ? plainModel({ kind, value: value ? new Date(value) : null, ...rest })
    : plainModel({ kind, value, ...rest });

export async function mountStandalone(element, { state, controls }) {
  const models = Object.values(controls).flat().map(asModel);
  const references = {};
  let next = 0;
  for (const [trait, group] of Object.entries(controls)) {
    references[trait] = group.map(() => String(next++));
  }
  const model = plainModel({ ...state, ...references });
  model.widget_manager = {
    get_model: async (reference) => models[Number(reference)],
    create_view: async (control) => PLAIN_VIEWS[control.get("kind")](control),
  };
  await render({ model, el: element });
}

for (const standby of document.querySelectorAll(`.soc-standby[data-kind="${KIND}"]:not([data-live])`)) {
  standby.dataset.live = "yes";
  const content = standby.querySelector("script[type='application/json']").textContent;
  mountStandalone(standby.querySelector(".soc-place"), JSON.parse(content));
}
