/* The conversation: which messages are on the page, in order, and where it is scrolled to. */

import { dayKey, dayNode, messageNode } from "./bubbles.js";
import { foldQuotes } from "./text.js";

const NEAR = 120; // pixels from the end that still count as being there
const ANSWER_WAIT = 30_000; // ms a button spins before it gives up

export class Log {
  /** `on`: onCommand, onCopy, onTap(message, button), onEdit. */
  constructor(on) {
    this.on = { ...on, onTap: (message, button, element) => this.tap(message, button, element) };
    this.onTap = on.onTap;
    this.box = document.getElementById("log");
    this.list = document.getElementById("messages");
    this.down = document.getElementById("down");
    this.count = document.getElementById("down-count");
    this.messages = new Map();
    this.botName = "";
    this.unread = 0;
    this.filled = false;
    this.stuck = true;
    this.top = 0;
    this.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.down.addEventListener("click", () => this.toEnd("smooth"));
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.box);
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.list);
  }

  get empty() {
    return this.messages.size === 0;
  }

  /** Return the candidate's last text that can be edited, if any. */
  lastOwn() {
    return [...this.messages.values()].filter((m) => m.mine && m.text && !m.file).at(-1);
  }

  /** Put new, changed and deleted messages on the page. Returns how many came from the bot. */
  show({ bubbles, deleted }) {
    let fromBot = 0;
    let own = false;
    for (const id of deleted) this.remove(id);
    for (const message of bubbles) {
      const fresh = !this.messages.has(message.message_id);
      this.messages.set(message.message_id, message);
      this.place(message, fresh);
      if (fresh && !message.mine) fromBot += 1;
      if (fresh && message.mine) own = true;
    }
    this.days();
    foldQuotes(this.list);
    if (own || !this.filled || this.stuck) this.toEnd();
    else this.unread += fromBot;
    this.showDown();
    if (!this.filled) requestAnimationFrame(() => this.filling());
    return fromBot;
  }

  /* What was there before is not news: only from now on are messages read aloud and animated. */
  filling() {
    this.filled = true;
    this.box.setAttribute("aria-live", "polite");
    this.list.classList.add("live");
  }

  place(message, fresh) {
    const node = messageNode(message, this.botName, this.on);
    const old = document.getElementById(node.id);
    if (old) {
      const focused = old.contains(document.activeElement);
      old.replaceWith(node);
      if (focused) (node.querySelector(".button") ?? this.box).focus({ preventScroll: true });
      return;
    }
    const last = this.list.lastElementChild;
    if (fresh && this.filled) node.classList.add("fresh");
    if (!last || idOf(last) < message.message_id) this.list.append(node);
    else this.list.insertBefore(node, [...this.list.children].find((n) => idOf(n) > message.message_id));
  }

  remove(id) {
    this.messages.delete(id);
    document.getElementById(`message-${id}`)?.remove();
  }

  /* Separators between days, and which bubbles belong together: one tail for a run. Only what
     changed is touched, or a screen reader would hear “Today” with every message. */
  days() {
    let before = null;
    for (const node of this.list.querySelectorAll(".message")) {
      const message = this.messages.get(idOf(node));
      const newDay = !before || dayKey(before.sent) !== dayKey(message.sent);
      this.separate(node, newDay ? message.sent : null);
      const joins = !newDay && before.mine === message.mine;
      node.classList.toggle("joins", joins);
      if (joins) node.previousElementSibling.classList.add("joined");
      node.classList.remove("joined");
      before = message;
    }
    for (const node of this.list.querySelectorAll(".day:last-child, .day:has(+ .day)")) node.remove();
  }

  separate(node, sent) {
    const above = node.previousElementSibling;
    const there = above?.dataset.day;
    if (there && (sent === null || there !== dayKey(sent))) above.remove();
    if (sent !== null && there !== dayKey(sent)) node.before(dayNode(sent));
  }

  // buttons that wait for their answer

  async tap(message, button, element) {
    if (element.classList.contains("spinning")) return;
    this.spin(element);
    this.stuck = true; // what a tap brings is looked for at the end
    if (!(await this.onTap(message, button))) this.rest(element);
  }

  spin(element) {
    element.classList.add("spinning");
    element.setAttribute("aria-busy", "true");
    element.timer = setTimeout(() => this.rest(element), ANSWER_WAIT);
  }

  rest(element) {
    clearTimeout(element.timer);
    element.classList.remove("spinning");
    element.removeAttribute("aria-busy");
  }

  answered({ message_id: id, data }) {
    for (const element of this.buttons(id, data)) this.rest(element);
  }

  /** Spin exactly the buttons that the server says are waiting. */
  spinning(taps) {
    for (const element of this.list.querySelectorAll(".spinning")) this.rest(element);
    for (const tap of taps) for (const element of this.buttons(tap.message_id, tap.data)) this.spin(element);
  }

  buttons(id, data) {
    const all = document.querySelectorAll(`#message-${Number(id)} .button`);
    return [...all].filter((element) => element.dataset.data === data);
  }

  // scrolling

  toEnd(behavior = "instant") {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.box.scrollTo({ top: this.box.scrollHeight, behavior: calm ? "instant" : behavior });
    this.stuck = true;
    this.unread = 0;
    this.showDown();
  }

  /* Only going up lets go of the end: what arrives below must not. */
  scrolled() {
    const left = this.box.scrollHeight - this.box.clientHeight - this.box.scrollTop;
    if (left < NEAR) this.stuck = true;
    else if (this.box.scrollTop < this.top) this.stuck = false;
    this.top = this.box.scrollTop;
    if (this.stuck) this.unread = 0;
    this.showDown();
  }

  showDown() {
    this.down.hidden = this.stuck || this.empty;
    this.count.hidden = this.unread === 0;
    this.count.textContent = this.unread ? String(this.unread) : "";
  }
}

function idOf(node) {
  return Number(node.id.replace("message-", ""));
}
