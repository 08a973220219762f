/* Voice notes: press to begin, press again to send; the cross or Escape forgets. */

const SECONDS = 300;

export class VoiceNote {
  /** `on`: onRecorded(blob, seconds), onFailed(reason). */
  constructor(button, cross, on) {
    this.button = button;
    this.cross = cross;
    this.on = on;
    this.recorder = null;
    button.addEventListener("click", () => (this.recorder ? this.recorder.stop() : this.begin()));
    cross.addEventListener("click", () => this.forget());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.forget());
  }

  /** Show the button where this browser can record. */
  offer(wanted) {
    this.button.hidden = !wanted || !window.MediaRecorder || !navigator.mediaDevices;
  }

  async begin() {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      this.record(stream);
    } catch {
      this.on.onFailed("No microphone, or your browser did not allow it.");
    }
  }

  record(stream) {
    const type = ["audio/ogg;codecs=opus", "audio/webm", "audio/mp4"].find((t) => MediaRecorder.isTypeSupported(t));
    const recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
    const pieces = [];
    const began = performance.now();
    const ticking = setInterval(() => this.tick(began), 250);
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(ticking);
      for (const track of stream.getTracks()) track.stop();
      const wanted = this.recorder === recorder;
      this.show(null);
      const seconds = Math.max(1, Math.round((performance.now() - began) / 1000));
      if (wanted) this.on.onRecorded(new Blob(pieces, { type: recorder.mimeType }), seconds);
    });
    recorder.start();
    this.show(recorder);
    this.tick(began);
  }

  tick(began) {
    const seconds = Math.floor((performance.now() - began) / 1000);
    this.button.dataset.time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= SECONDS) this.recorder?.stop();
  }

  forget() {
    const { recorder } = this;
    this.show(null);
    recorder?.stop();
  }

  show(recorder) {
    this.recorder = recorder;
    this.cross.hidden = !recorder;
    this.button.classList.toggle("recording", Boolean(recorder));
    this.button.setAttribute("aria-label", recorder ? "Send the voice note" : "Record a voice note");
  }
}
