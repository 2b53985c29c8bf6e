// The hub's event feed in a page: shares one line with the browser's other pages, or has its own where the browser
// cannot share; rests while nobody looks.

import { page } from "./common.js";
import { SILENCE_MS, Stream } from "./stream.js";

const ANSWER_MS = 15000; // a worker that has not answered for so long will not

export class Feed {
  // on: {event(type, data), online(), offline(), denied()}; `always` keeps reading while the page is hidden (a TV).
  constructor(on, { always = false } = {}) {
    this.on = on;
    this.always = always;
    this.heardAt = 0;
    this.connected = false;
    this.reading = false;
    this.askedAt = null; // when the worker was asked, until it answers
    this.source = this.shared() ?? this.own();
    document.addEventListener("visibilitychange", () => this.look());
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (shown) => shown.persisted && this.look());
    setInterval(() => this.watch(), 1000);
  }

  start() {
    this.look();
  }

  look() {
    const wanted = this.always || document.visibilityState === "visible";
    if (wanted && !this.reading) this.read();
    if (!wanted) this.stop();
  }

  read() {
    this.reading = true;
    this.source.start();
  }

  stop() {
    if (!this.reading) return;
    this.reading = false;
    this.connected = false;
    this.askedAt = null;
    this.source.stop();
  }

  shared() {
    if (!("SharedWorker" in window)) return null;
    try {
      // One worker a person: who signs in anew must not read on under the former name.
      const name = `feed ${page.clerk ?? ""}`;
      const worker = new SharedWorker("/static/feed_worker.js", { type: "module", name });
      worker.onerror = () => this.alone();
      worker.port.onmessage = ({ data }) => this.reading && this.take(data);
      return {
        shared: true,
        start: () => {
          this.askedAt = performance.now();
          worker.port.postMessage("start");
        },
        stop: () => worker.port.postMessage("stop"),
      };
    } catch {
      return null;
    }
  }

  own() {
    const take = (type) => (name, data) => this.reading && this.take({ type, name, data });
    return new Stream({
      event: take("event"),
      heard: take("heard"),
      online: take("online"),
      offline: take("offline"),
      denied: take("denied"),
    });
  }

  // The worker is of no use here: a line of the page's own.
  alone() {
    if (!this.source.shared) return;
    const reading = this.reading;
    this.stop();
    this.source = this.own();
    if (reading) this.read();
  }

  watch() {
    if (!this.reading || !this.source.shared) return;
    const now = performance.now();
    const unanswered = this.askedAt !== null && now - this.askedAt > ANSWER_MS;
    const dead = this.connected && now - this.heardAt > 2 * SILENCE_MS;
    if (unanswered || dead) this.alone();
  }

  take({ type, name, data }) {
    this.askedAt = null;
    if (type !== "offline") this.heardAt = performance.now();
    if (type === "event") this.on.event(name, data);
    else if (type === "denied") this.on.denied();
    else if (type === "online" || type === "offline") {
      this.connected = type === "online";
      this.on[type]();
    }
  }
}
