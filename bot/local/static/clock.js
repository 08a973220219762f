/* The panel that sets the chat's clock forward, to see what comes later. */

const $ = (id) => document.getElementById(id);
const time = new Intl.DateTimeFormat([], { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });

export class ClockPanel {
  /** `onForward(seconds)` sets the clock forward. */
  constructor(onForward) {
    this.ahead = 0; // ms
    $("clock").addEventListener("click", () => this.open());
    for (const button of document.querySelectorAll("[data-forward]")) {
      button.addEventListener("click", () => onForward(Number(button.dataset.forward)));
    }
  }

  open() {
    this.tick();
    $("clock-panel").showModal();
  }

  /** Show the time that the chat has, in seconds since 1970. */
  show(seconds) {
    this.ahead = seconds * 1000 - Date.now();
    $("clock").classList.toggle("moved", this.ahead > 60000);
    this.tick();
  }

  tick() {
    $("clock-time").textContent = time.format(Date.now() + this.ahead);
  }
}
