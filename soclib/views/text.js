// Texts: words in braces filled in, as soclib/words.py does, and text escaped for HTML.

// What was filled in is not read again, and words that `parts` does not know stay as they are.
const fill = (template, parts) =>
  template.replace(/\{(\w+)\}/g, (all, name) => (Object.hasOwn(parts, name) ? String(parts[name]) : all));

const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
const escaped = (text) => String(text).replace(/[&<>"']/g, (sign) => SIGNS[sign]);
