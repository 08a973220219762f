/* The lower edge: input, drafts, commands, suggested answers, files, editing. */

import { make } from "./bubbles.js";

const DRAFT = "draft";
const touch = matchMedia("(pointer: coarse)");
const $ = (id) => document.getElementById(id);

export class Composer {
  /** `on`: onSend(text), onEdit(id, text), onUpload(file): promises of success; onPlace(), lastOwn(). */
  constructor(on) {
    this.on = on;
    this.text = $("text");
    this.state = { commands: [], keyboard: null };
    this.edited = null;
    this.keysHidden = false;
    this.text.value = localStorage.getItem(DRAFT) ?? "";
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    $("composer").addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    $("editing-cancel").addEventListener("click", () => this.stopEditing());
    $("menu").addEventListener("click", () => this.toggleMenu());
    $("commands").addEventListener("keydown", (event) => this.commandKey(event));
    $("start").addEventListener("click", () => this.on.onSend("/start"));
    $("keys").addEventListener("click", () => this.toggleKeys());
    $("attach").addEventListener("click", () => $("file").click());
    $("file").addEventListener("change", () => this.upload());
    document.addEventListener("click", (event) => this.clickedAway(event));
    this.fit();
  }

  /** Show what the bot has set: commands, suggested answers, placeholder. */
  show(state) {
    const before = JSON.stringify(this.state.keyboard);
    this.state = state;
    if (JSON.stringify(state.keyboard) !== before) this.keysHidden = Boolean(state.keyboard?.used);
    $("menu").hidden = !state.commands.length;
    this.text.placeholder = state.keyboard?.input_field_placeholder ?? "Message";
    this.showKeys();
  }

  /** An empty chat has one way to begin. */
  showStart(empty) {
    $("start").hidden = !empty;
    $("composer").hidden = empty;
    this.fit();
  }

  // typing

  typed() {
    if (!this.edited) localStorage.setItem(DRAFT, this.text.value);
    this.fit();
    const asked = /^\/\w*$/.test(this.text.value) && !this.edited;
    if (asked) this.showCommands(this.text.value.slice(1));
    else this.hideCommands();
  }

  fit() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
    const empty = !this.text.value.trim();
    $("send").disabled = empty;
    $("composer").classList.toggle("typing", !empty);
  }

  key(event) {
    if (event.isComposing) return;
    const panel = $("commands");
    if (event.key === "Escape" && !panel.hidden) return this.hideCommands();
    if (event.key === "Escape" && this.edited) return this.stopEditing();
    if (event.key === "ArrowUp" && !this.text.value && this.on.lastOwn()) {
      event.preventDefault();
      return this.startEditing(this.on.lastOwn());
    }
    if (!panel.hidden && ["ArrowDown", "Tab"].includes(event.key) && !event.shiftKey) {
      event.preventDefault();
      return panel.querySelector("button")?.focus();
    }
    if (event.key === "Enter" && !event.shiftKey && !touch.matches) {
      event.preventDefault();
      this.submit();
    }
  }

  async submit() {
    const text = this.text.value.trim();
    if (!text) return;
    this.hideCommands();
    const { edited } = this;
    this.write("");
    if (edited) this.stopEditing();
    const done = edited ? this.on.onEdit(edited.message_id, text) : this.on.onSend(text);
    if (await done) return;
    if (edited) this.startEditing(edited); // nothing typed is ever lost
    if (!this.text.value || edited) this.write(text);
  }

  write(text) {
    this.text.value = text;
    if (!this.edited) localStorage.setItem(DRAFT, text);
    this.fit();
  }

  // editing an own message

  startEditing(message) {
    this.edited = message;
    $("editing").hidden = false;
    $("editing-text").textContent = message.text;
    this.text.value = message.text;
    this.fit();
    this.text.focus();
    this.text.setSelectionRange(message.text.length, message.text.length);
  }

  stopEditing() {
    this.edited = null;
    $("editing").hidden = true;
    this.write(localStorage.getItem(DRAFT) ?? "");
    this.text.focus();
  }

  /** Forget what was typed: the chat it belonged to is gone. */
  forget() {
    if (this.edited) this.stopEditing();
    this.write("");
  }

  // commands

  toggleMenu() {
    if ($("commands").hidden) this.showCommands("", true);
    else this.hideCommands();
  }

  showCommands(typed, focus = false) {
    const found = this.state.commands.filter(({ command }) => command.startsWith(typed));
    const panel = $("commands");
    panel.replaceChildren(...found.map((command) => this.commandNode(command)));
    panel.hidden = !found.length;
    $("menu").setAttribute("aria-expanded", String(!panel.hidden));
    if (focus && !touch.matches) panel.querySelector("button")?.focus();
  }

  hideCommands() {
    if ($("commands").contains(document.activeElement)) this.text.focus();
    $("commands").hidden = true;
    $("menu").setAttribute("aria-expanded", "false");
  }

  commandNode({ command, description }) {
    const name = make("span", "command-name", `/${command}`);
    const node = make("button", "command-row", name, make("span", "command-about", description));
    node.type = "button";
    node.addEventListener("click", async () => {
      this.hideCommands();
      if (this.text.value.startsWith("/")) this.write("");
      await this.on.onSend(`/${command}`);
    });
    return node;
  }

  commandKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.hideCommands();
    if (!step) return;
    event.preventDefault();
    const rows = [...$("commands").children];
    const next = rows[rows.indexOf(document.activeElement) + step];
    (next ?? this.text).focus();
  }

  clickedAway(event) {
    const inside = event.target.closest("#commands, #menu, #text");
    if (!inside && !$("commands").hidden) this.hideCommands();
  }

  // suggested answers

  showKeys() {
    const rows = this.state.keyboard?.keyboard ?? [];
    $("keys").hidden = !rows.length;
    $("keys").setAttribute("aria-pressed", String(!this.keysHidden));
    $("keyboard").hidden = !rows.length || this.keysHidden;
    $("keyboard").replaceChildren(...rows.map((row) => make("div", "row", ...row.map((key) => this.keyNode(key)))));
  }

  keyNode({ text, request_location: place }) {
    const node = make("button", "key", text);
    node.type = "button";
    node.addEventListener("click", () => (place ? this.on.onPlace() : this.on.onSend(text)));
    return node;
  }

  toggleKeys() {
    this.keysHidden = !this.keysHidden;
    this.showKeys();
  }

  // files

  async upload() {
    const [file] = $("file").files;
    $("file").value = "";
    if (file) await this.on.onUpload(file);
  }
}
