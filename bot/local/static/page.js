/* The chat with the bot: joins the line to the server, the conversation and the composer. */

import { setToday } from "./bubbles.js";
import { ClockPanel } from "./clock.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { VoiceNote } from "./voice.js";

const $ = (id) => document.getElementById(id);
const TYPING = 5000; // ms that “typing…” lasts, as at Telegram
const PHOTOS = ["image/png", "image/jpeg"];
const PHOTO_BYTES = 10 * 1024 * 1024;

let born = null;
let typingTimer = 0;
let toastTimer = 0;
let missed = 0;

const log = new Log({
  onCommand: (text) => send(text),
  onCopy: (text) => copy(text),
  onTap: (message, { data }) => post("/tap", { message_id: message.message_id, data }),
  onEdit: (message) => composer.startEditing(message),
});
const composer = new Composer({
  onSend: (text) => send(text),
  onEdit: (id, text) => post("/edit", { message_id: id, text }),
  onUpload: (file) => upload(file),
  onPlace: () => sharePlace(),
  lastOwn: () => log.lastOwn(),
});
const voice = new VoiceNote($("record"), $("record-forget"), {
  onRecorded: (sound, seconds) => deliver(`/upload?kind=voice&duration=${seconds}`, sound, sound.type),
  onFailed: (reason) => toast(reason),
});
const clockPanel = new ClockPanel((seconds) => post("/clock", { seconds }));
$("delete").addEventListener("click", () => askToDelete());
$("deleting").addEventListener("close", () => deleteChat($("deleting").returnValue));
listen();

// to the server

function send(text) {
  log.stuck = true;
  return post("/send", { text });
}

function post(path, body) {
  return deliver(path, JSON.stringify(body), "application/json");
}

/* Return whether it arrived; if not, say why. */
async function deliver(path, body, type) {
  try {
    const answer = await fetch(path, { method: "POST", body, headers: { "Content-Type": type } });
    if (answer.ok) return true;
    toast((await answer.json().catch(() => ({}))).error ?? "That did not work.");
  } catch {
    toast("Not sent: the bot is not running. Start it and try again.");
  }
  return false;
}

function upload(file) {
  const photo = PHOTOS.includes(file.type) && file.size <= PHOTO_BYTES;
  const asked = new URLSearchParams({ kind: photo ? "photo" : "document", name: file.name });
  return deliver(`/upload?${asked}`, file, file.type || "application/octet-stream");
}

function sharePlace() {
  navigator.geolocation.getCurrentPosition(
    ({ coords: { latitude, longitude } }) => post("/location", { latitude, longitude }),
    () => toast("Your browser did not tell where you are. Type your city instead."),
  );
}

function askToDelete() {
  $("deleting").returnValue = ""; // Escape leaves what was there
  $("deleting").showModal();
}

async function deleteChat(choice) {
  if (choice === "delete" && (await post("/delete", {}))) composer.forget();
}

// from the server

/* EventSource comes back by itself after a drop, and asks for what came after the last event. */
function listen() {
  const line = new EventSource("/events");
  line.addEventListener("open", () => status(""));
  line.addEventListener("error", () => status("connecting"));
  line.addEventListener("state", (event) => showState(JSON.parse(event.data)));
  line.addEventListener("messages", (event) => showMessages(JSON.parse(event.data)));
  line.addEventListener("answer", (event) => showAnswer(JSON.parse(event.data)));
  line.addEventListener("typing", () => status("typing"));
}

function showState(state) {
  if (born && born !== state.born) return location.reload(); // another file: another chat
  born = state.born;
  clockPanel.show(state.now);
  setToday(state.now);
  log.botName = state.name;
  $("name").textContent = state.name;
  $("welcome-name").textContent = state.name;
  $("welcome-text").textContent = state.description;
  titled();
  composer.show(state);
  log.spinning(state.spinning);
}

function showMessages(change) {
  const fromBot = log.show(change);
  if (fromBot) status("");
  if (document.hidden && log.filled) missed += fromBot;
  titled();
  showEmpty();
  if (log.empty && log.filled) $("start").focus(); // what had the focus is gone with the chat
}

function showEmpty() {
  $("welcome").hidden = !log.empty;
  $("delete").hidden = log.empty;
  composer.showStart(log.empty);
  voice.offer(!log.empty);
}

function showAnswer(answer) {
  log.answered(answer);
  if (!answer.text) return;
  if (!answer.alert) return toast(answer.text);
  $("alert-text").textContent = answer.text;
  if (!$("alert").open) $("alert").showModal();
}

function status(what) {
  clearTimeout(typingTimer);
  $("status").dataset.is = what;
  $("status-text").textContent = what || "bot";
  if (what === "typing") typingTimer = setTimeout(() => status(""), TYPING);
}

// small things

function toast(text) {
  clearTimeout(toastTimer);
  $("toast").textContent = text;
  $("toast").classList.add("shown");
  toastTimer = setTimeout(() => $("toast").classList.remove("shown"), 2500 + 40 * text.length);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast("Your browser did not allow copying.");
  }
}

function titled() {
  document.title = missed ? `(${missed}) ${log.botName}` : log.botName;
}

/* Without this, Safari on a phone shows nothing on a tap that a mouse would show on hover. */
document.addEventListener("touchstart", () => {}, { passive: true });

document.addEventListener("visibilitychange", () => {
  missed = 0;
  titled();
});
