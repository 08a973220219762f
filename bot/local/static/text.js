/* Telegram's formatted text as DOM nodes. Nothing here, or anywhere, parses HTML. */

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span",
  text_link: "a", url: "a", email: "a", bot_command: "button",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** Return a fragment. `onCommand` is called with a command that is tapped, `onCopy` with code. */
export function formatted(text, entities, { onCommand, onCopy }) {
  const fragment = document.createDocumentFragment();
  fill(fragment, text, 0, text.length, entities, { onCommand, onCopy });
  return fragment;
}

/* Entities come outermost first; offsets are UTF-16 units, as JavaScript counts. */
function fill(parent, text, from, to, entities, on) {
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const end = Math.min(entity.offset + entity.length, to);
    rest = others;
    if (entity.offset < at) continue; // crosses the one before: that one has won
    const block = BLOCKS.has(entity.type);
    plain(parent, text.slice(at, entity.offset), block);
    const element = elementOf(entity, text.slice(entity.offset, end), on);
    fill(element, text, entity.offset, end, others.filter((e) => e.offset < end), on);
    parent.append(element);
    rest = others.filter((e) => e.offset >= end);
    at = block && text[end] === "\n" && end < to ? end + 1 : end;
  }
  plain(parent, text.slice(at, to), false);
}

/* A block begins a line of its own: the line feed before it would make an empty one. */
function plain(parent, text, beforeBlock) {
  const shown = beforeBlock && text.endsWith("\n") ? text.slice(0, -1) : text;
  if (shown) parent.append(shown);
}

function elementOf(entity, text, on) {
  const element = document.createElement(TAGS[entity.type] ?? "span");
  const dress = DRESSES[entity.type];
  if (dress) dress(element, text, entity, on);
  return element;
}

const DRESSES = {
  text_link: (element, text, entity) => link(element, entity.url),
  url: (element, text) => link(element, /^https?:/i.test(text) ? text : `https://${text}`),
  email: (element, text) => element.setAttribute("href", `mailto:${text}`),
  bot_command(element, text, entity, { onCommand }) {
    element.type = "button";
    element.className = "command";
    element.addEventListener("click", () => onCommand(text));
  },
  code: copies,
  pre: copies,
  spoiler(element) {
    element.className = "spoiler";
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", "Hidden text, press to show");
    const show = (event) => {
      if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      element.classList.add("shown");
      for (const name of ["role", "tabindex", "aria-label"]) element.removeAttribute(name);
    };
    element.addEventListener("click", show);
    element.addEventListener("keydown", show);
  },
  expandable_blockquote(element) {
    element.className = "expandable";
  },
};

function link(element, address) {
  if (!/^(https?|tg):/i.test(address)) return;
  element.href = address;
  element.target = "_blank";
  element.rel = "noopener noreferrer";
}

function copies(element, text, entity, { onCopy }) {
  element.title = "Click to copy";
  element.addEventListener("click", () => {
    if (getSelection().isCollapsed) onCopy(text);
  });
}

/** Give every long quote under `root` its “Show more”, once it is on the page and has a height. */
export function foldQuotes(root) {
  for (const quote of root.querySelectorAll("blockquote.expandable")) {
    if (quote.scrollHeight <= quote.clientHeight + 2) continue;
    const more = document.createElement("button");
    more.type = "button";
    more.className = "more";
    more.textContent = "Show more";
    more.setAttribute("aria-expanded", "false");
    more.addEventListener("click", () => {
      const open = quote.classList.toggle("open");
      more.textContent = open ? "Show less" : "Show more";
      more.setAttribute("aria-expanded", String(open));
    });
    quote.append(more);
  }
}
