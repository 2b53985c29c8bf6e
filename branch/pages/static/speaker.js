// A board with a loudspeaker (/board?sound=1): plays the hub's sound of each call, one after another, fresh ones only.

const FRESH_MS = 15000; // as on the hub's own loudspeaker

export class Speaker {
  constructor(clock) {
    this.clock = clock;
    this.on = document.body.dataset.sound === "1";
    this.waiting = [];
    this.playing = false;
  }

  say(id, calledAt) {
    if (!this.on) return;
    this.waiting.push({ id, calledAt });
    if (!this.playing) this.next();
  }

  async next() {
    this.playing = true;
    for (let call = this.waiting.shift(); call; call = this.waiting.shift()) {
      if (this.clock.now() - call.calledAt > FRESH_MS) continue;
      try {
        await this.play(`/calls/${call.id}.wav`);
      } catch {
        // A browser that may not play, or a hub that is away: the number is on the screen.
      }
    }
    this.playing = false;
  }

  play(address) {
    return new Promise((resolve, reject) => {
      const sound = new Audio(address);
      sound.addEventListener("ended", resolve);
      sound.addEventListener("error", reject);
      sound.play().catch(reject);
    });
  }
}
