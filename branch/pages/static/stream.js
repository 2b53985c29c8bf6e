// One line to the hub's event feed, of a page or of the worker that its pages share: resumes by the last id, notices
// a dead line.

export const SILENCE_MS = 35000; // the hub says something every 15 s; twice missed is dead
const RETRY_MS = [500, 1000, 2000, 4000];

export class Stream {
  // on: {event(type, data), heard(), online(), offline(), denied()}
  constructor(on) {
    this.on = on;
    this.lastId = "";
    this.heardAt = 0;
    this.tries = 0;
    this.running = null;
    setInterval(() => this.watch(), 1000);
  }

  get connected() {
    return this.running !== null && this.running.open;
  }

  start() {
    if (this.running === null) this.run();
  }

  stop() {
    if (this.running === null) return;
    this.running.abort.abort();
    this.running = null;
  }

  watch() {
    if (this.connected && performance.now() - this.heardAt > SILENCE_MS) this.running.abort.abort();
  }

  async run() {
    const run = { abort: new AbortController(), open: false };
    this.running = run;
    while (this.running === run) {
      try {
        await this.read(run);
      } catch {
        // Whatever broke the line, the answer is to connect again.
      }
      if (this.running !== run) return;
      if (run.open || this.tries === 0) this.on.offline();
      run.open = false;
      run.abort = new AbortController();
      const wait = RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)];
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  async read(run) {
    const headers = { Accept: "text/event-stream" };
    if (this.lastId) headers["Last-Event-ID"] = this.lastId;
    const answer = await fetch("/api/v1/events", { headers, signal: run.abort.signal, cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) return this.on.denied();
    if (!answer.ok) return;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.heardAt = performance.now();
      this.on.heard();
      if (!run.open) {
        run.open = true;
        this.tries = 0;
        this.on.online();
      }
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      blocks.forEach((block) => this.take(block));
    }
  }

  take(block) {
    const fields = {};
    for (const line of block.split("\n")) {
      const at = line.indexOf(": ");
      if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
    }
    if (!fields.data) return;
    this.lastId = fields.id || this.lastId;
    this.on.event(fields.event, JSON.parse(fields.data));
  }
}
