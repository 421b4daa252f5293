// What all views share: real ipywidgets controls placed in the view's own page, with the names and
// states that ipywidgets leaves out, and the stand-in that answers before a kernel does.

function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

const uid = () => `soc-${Math.random().toString(36).slice(2, 10)}`;

// --- controls -----------------------------------------------------------------------------------

const controlsOf = (manager, references) =>
  Promise.all(references.map((reference) => manager.get_model(reference.replace("IPY_MODEL_", ""))));

// Shows a control in a slot and dresses it whenever a trait of it or its elements change; returns
// how to take it away again.
async function mountControl(manager, control, slot, trait, dress) {
  const view = await manager.create_view(control, {});
  slot.replaceChildren(view.el);
  view.trigger("displayed");
  const redress = () => dress(view, control);
  redress();
  // ipywidgets makes its buttons anew now and then, for instance when the kernel's state arrives.
  const rebuilt = new MutationObserver(redress);
  rebuilt.observe(view.el, { childList: true, subtree: true });
  control.on(`change:${trait}`, redress);
  return () => {
    rebuilt.disconnect();
    control.off(`change:${trait}`, redress);
    view.remove();
  };
}

// ipywidgets gives its toggle buttons neither a group name nor a state; see also arrow keys below.
function dressToggle(view, toggle, labelId) {
  const buttons = [...view.el.querySelectorAll("button")];
  view.el.setAttribute("role", "radiogroup");
  view.el.setAttribute("aria-labelledby", labelId);
  view.el.onkeydown = (event) => moveInGroup(event, [...view.el.querySelectorAll("button")]);
  const checked = toggle.get("index");
  buttons.forEach((button, place) => {
    button.setAttribute("role", "radio");
    button.setAttribute("aria-checked", String(place === checked));
    button.tabIndex = place === (checked ?? 0) ? 0 : -1;
    button.removeAttribute("title");
  });
}

// A single toggle button is pressed or not; ipywidgets shows that by its shade alone.
function dressSwitch(view, control) {
  view.el.setAttribute("aria-pressed", String(control.get("value")));
  view.el.removeAttribute("title");
}

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function moveInGroup(event, buttons) {
  const at = buttons.indexOf(event.target);
  const ends = { Home: 0, End: buttons.length - 1 };
  const step = STEPS[event.key];
  if (at < 0 || (step === undefined && ends[event.key] === undefined)) return;
  event.preventDefault();
  const to = ends[event.key] ?? (at + step + buttons.length) % buttons.length;
  buttons[to].click();
  buttons[to].focus();
}

// A choice that the view draws itself, without an ipywidgets control.
function radioPair(label, options, onPick) {
  const buttons = options.map(([value, text]) => {
    const button = node("button", { type: "button", role: "radio", "data-value": value }, text);
    button.addEventListener("click", () => onPick(value));
    return button;
  });
  const group = node("div", { class: "soc-voice", role: "radiogroup", "aria-label": label }, ...buttons);
  group.addEventListener("keydown", (event) => moveInGroup(event, buttons));
  const show = (value) =>
    buttons.forEach((button) => {
      const on = button.dataset.value === value;
      button.setAttribute("aria-checked", String(on));
      button.tabIndex = on ? 0 : -1;
    });
  return { group, show };
}

// Without this, JupyterLab takes letters typed on a toggle as commands: "d d" deletes the cell.
function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  });
}

// --- stand-in -----------------------------------------------------------------------------------

const focusables = (root) => [...root.querySelectorAll("button, select, summary, a, input")];

// A saved notebook shows a stand-in until its kernel is there; what the reader chose, unfolded and
// focused there moves to the widget. `get` returns the state as the arguments of `set`, which is also
// told what they were at the start.
function takeOver(el, root, get, set) {
  const start = get();
  root.socView = { get, start, touched: () => JSON.stringify(get()) !== JSON.stringify(start) };
  const output = el.closest(".jp-OutputArea-child");
  const standby = output?.previousElementSibling?.querySelector(".soc-standby:not([hidden])");
  if (!standby || el.closest(".soc-standby")) return;
  const before = standby.querySelector("[data-view]");
  if (before?.socView?.touched()) set(...before.socView.get(), before.socView.start);
  const place = before ? focusables(before).indexOf(document.activeElement) : -1;
  const folds = before ? [...before.querySelectorAll("details")].map(({ open }) => open) : [];
  standby.hidden = true;
  root.querySelectorAll("details").forEach((details, at) => {
    details.open = folds[at] ?? details.open;
  });
  if (place >= 0) requestAnimationFrame(() => focusables(root)[place]?.focus());
}
