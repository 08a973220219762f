/* A message as DOM nodes. */

import { formatted } from "./text.js";

const clock = new Intl.DateTimeFormat([], { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat([], { day: "numeric", month: "long" });
const dayOfYear = new Intl.DateTimeFormat([], { day: "numeric", month: "long", year: "numeric" });

let ahead = 0; // ms that the chat's clock is ahead of the browser's

/** Tell what time it is in the chat, in seconds. */
export function setToday(seconds) {
  ahead = seconds * 1000 - Date.now();
}

const PHOTO_WIDTH = 320; // pixels, as PHOTO_HEIGHT
const PHOTO_HEIGHT = 380;

/** Return an element of `tag` with `className`, and `children`: nodes or strings. */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** Return an icon drawn by one path in a 24 × 24 box. */
export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Return one message. `on`: onCommand(text), onCopy(text), onTap(message, button, element), onEdit(message). */
export function messageNode(message, botName, on) {
  const node = make("article", `message ${message.mine ? "mine" : "theirs"}`);
  node.id = `message-${message.message_id}`;
  node.append(make("span", "unseen", message.mine ? "You: " : `${botName}: `));
  node.append(bubbleNode(message, on));
  if (message.buttons.length) node.append(buttonsNode(message, on));
  return node;
}

function bubbleNode(message, on) {
  const { file } = message;
  const bubble = make("div", `bubble ${file ? `with-${file.kind}` : ""} ${message.text ? "" : "bare"}`);
  if (message.quoted) bubble.append(make("div", "quoted", message.quoted));
  if (file) bubble.append(FILES[file.kind](file));
  const text = make("div", "text");
  text.dir = "auto";
  text.append(formatted(message.text, message.entities, on), metaNode(message));
  bubble.append(text);
  if (message.mine && message.text && !file) bubble.append(editNode(message, on));
  return bubble;
}

function metaNode(message) {
  const sent = new Date(message.sent * 1000);
  const time = make("time", "", clock.format(sent));
  time.dateTime = sent.toISOString();
  return make("span", "meta", message.edited ? "edited " : "", time);
}

function editNode(message, on) {
  const edit = make("button", "edit", icon("M4 20l1-5L16 4l4 4L9 19z"));
  edit.type = "button";
  edit.setAttribute("aria-label", "Edit this message");
  edit.addEventListener("click", () => on.onEdit(message));
  return edit;
}

const FILES = {
  photo(file) {
    const link = make("a", "photo");
    link.href = `/files/${file.file_id}`;
    link.target = "_blank";
    const image = make("img");
    const scale = Math.min(1, PHOTO_WIDTH / file.width, PHOTO_HEIGHT / file.height);
    const [width, height] = [file.width, file.height].map((side) => Math.max(1, Math.round(side * scale)));
    Object.assign(image, { src: link.href, alt: "Photo", loading: "lazy", width, height });
    link.append(image);
    return link;
  },
  document(file) {
    const link = make("a", "document", make("span", "sheet", icon("M12 4v11M7 11l5 5 5-5M5 20h14")));
    link.href = `/files/${file.file_id}`;
    link.download = file.name;
    const about = make("span", "about", make("span", "file-name", file.name), make("span", "file-size", sizeOf(file.size)));
    link.append(about);
    return link;
  },
  voice(file) {
    const sound = make("audio");
    Object.assign(sound, { controls: true, preload: "none", src: `/files/${file.file_id}` });
    sound.setAttribute("aria-label", `Voice note, ${file.duration} seconds`);
    return make("div", "voice", sound, make("span", "duration", `Voice note, ${lengthOf(file.duration)}`));
  },
  sticker: (file) => make("div", "sticker", file.emoji),
};

function buttonsNode(message, on) {
  const box = make("div", "buttons");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Choices");
  for (const row of message.buttons) {
    const line = make("div", "row");
    for (const button of row) line.append(buttonNode(message, button, on));
    box.append(line);
  }
  return box;
}

function buttonNode(message, button, on) {
  if (button.url) {
    const link = make("a", "button", make("span", "", button.text), icon("M8 16L17 7M9 7h8v8"));
    if (/^(https?|tg):/i.test(button.url)) link.href = button.url;
    Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
    return link;
  }
  const element = make("button", "button", make("span", "", button.text));
  element.type = "button";
  element.dataset.data = button.data;
  if (button.copy) {
    element.append(icon("M9 9h10v11H9zM5 15V4h10"));
    element.addEventListener("click", () => on.onCopy(button.copy));
  } else {
    element.addEventListener("click", () => on.onTap(message, button, element));
  }
  return element;
}

/** Return the separator before the first message of a day. */
export function dayNode(seconds) {
  const date = new Date(seconds * 1000);
  const node = make("h2", "day", make("span", "", dayName(date)));
  node.dataset.day = dayKey(seconds);
  return node;
}

/** Return what two messages of one day share. */
export function dayKey(seconds) {
  return new Date(seconds * 1000).toDateString();
}

function dayName(date) {
  const today = new Date(Date.now() + ahead);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return "Today";
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  return (date.getFullYear() === today.getFullYear() ? day : dayOfYear).format(date);
}

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function lengthOf(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
