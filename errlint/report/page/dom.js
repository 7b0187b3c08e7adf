// Elements made of text: no string ever becomes markup.
const el = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false && one !== ""));
  return node;
};
const count = (number) => number.toLocaleString("en");
const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
const place = (at) =>
  at.line ? `${at.uri}:${at.line}${at.column ? `:${at.column}` : ""}` : at.uri + (at.pointer && `#${at.pointer}`);
const button = (text, press, attributes) => el("button", { type: "button", on: { click: press }, ...attributes }, text);
const section = (id, title, ...children) => el("section", { id, "aria-label": title }, el("h2", null, title), ...children);

// A sentence in which `this` is code.
const prose = (words) => words.split("`").map((part, at) => (at % 2 ? el("code", null, part) : part));

// What a screen reader is told of what just changed.
const voice = el("p", { class: "unseen", role: "status" });
const say = (text) => {
  voice.textContent = text;
};

// A list of which the first few stand there; a button brings the others.
const some = (all, few, make, parent, noun) => {
  let next = 0;
  const more = button(
    "",
    () => {
      const first = next;
      grow(all.length);
      parent.children[first]?.focus?.();
    },
    { class: "more" },
  );
  const grow = (until) => {
    const added = document.createDocumentFragment();
    for (; next < Math.min(until, all.length); next += 1) added.append(make(all[next]));
    parent.append(added);
    more.hidden = next >= all.length;
    more.textContent = `Show ${plural(all.length - next, `more ${noun}`)}`;
  };
  grow(few);
  return more;
};
