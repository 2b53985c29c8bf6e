// The lobby board: the newest call large, the last ones below, several at once one after another; numbers only.

import { HubClock, byId, coalesce, el, getState, hhmm, hhmmss, page, t } from "./common.js";
import { Feed } from "./feed.js";
import { Speaker } from "./speaker.js";

const FRESH_MS = 10000; // how long the newest call is marked
const EACH_MS = 4000; // several calls at once: each is large for so long,
const LEAST_EACH_MS = 1500; // or shorter the more of them wait
const ROWS = 5;
const LEAST_MS = 150;

const clock = new HubClock();
const speaker = new Speaker(clock);
let calls = []; // newest first: {id, label, counter, seq, recalls}
let queue = []; // calls that have not been large yet
let shown = null;
let shownSince = 0;
let waiting = {};
let updated = null;

const feed = new Feed(
  {
    event(type, data) {
      if (type === "snapshot") show(data);
      else if (type === "ticket") {
        take(data);
        refresh();
      } else refresh();
    },
    online: () => refresh(),
    offline: () => draw(),
    denied: () => setTimeout(() => location.reload(), 5000),
  },
  { always: true },
);

const refresh = coalesce(async () => {
  try {
    show(await getState());
  } catch {
    draw();
  }
}, LEAST_MS);

function take(ticket) {
  if (ticket.verb === "call" || ticket.verb === "recall") {
    announce({ id: ticket.id, label: ticket.label, counter: ticket.counter, seq: ticket.seq, recalls: ticket.recalls });
    speaker.say(ticket.id, Date.parse(ticket.at));
  } else if (ticket.counter === null) {
    calls = calls.filter((call) => call.id !== ticket.id);
    queue = queue.filter((call) => call.id !== ticket.id);
    if (shown?.id === ticket.id) shown = null;
  }
  updated = performance.now();
  draw();
}

function announce(call) {
  calls = [call, ...calls.filter((one) => one.id !== call.id)];
  queue = [...queue.filter((one) => one.id !== call.id), call];
}

function show(state) {
  clock.set(state.now);
  waiting = state.waiting_by_category;
  byId("mark").textContent = state.test_clock ? t("test-clock") : "";
  const known = new Map(calls.map((call) => [call.id, call.seq]));
  const first = updated === null;
  for (const call of [...state.calls].reverse()) {
    // A call made while the line was down is listed; only the newest of them is shown large.
    if (!first && !(known.get(call.id) >= call.seq)) announce(call);
  }
  calls = state.calls;
  if (first) shown = calls[0] ?? null;
  updated = performance.now();
  draw();
}

function draw() {
  const now = performance.now();
  if (queue.length && (shown === null || now - shownSince >= Math.max(LEAST_EACH_MS, EACH_MS / queue.length) || !shownSince)) {
    shown = queue.shift();
    shownSince = now;
  }
  if (shown === null) shown = calls[0] ?? null;
  drawHero(shown, shownSince && now - shownSince < FRESH_MS);
  byId("rows").replaceChildren(...calls.filter((call) => call.id !== shown?.id).slice(0, ROWS).map(row));
  byId("waiting").replaceChildren(...Object.entries(page.categories).map(waitingLine));
  byId("clock").textContent = hhmm(clock.now());
  const place = byId("connection");
  place.dataset.state = feed.connected ? "on" : "off";
  const heard = clock.now() - (now - Math.max(feed.heardAt, updated ?? 0));
  place.textContent = feed.connected ? t("board.updated", { time: hhmmss(heard) }) : t("board.lost");
}

function drawHero(call, fresh) {
  const hero = byId("hero");
  hero.classList.toggle("fresh", Boolean(fresh));
  const key = call ? `${call.label} ${call.counter} ${call.recalls}` : "";
  if (hero.dataset.key === key) return;
  hero.dataset.key = key;
  if (!call) {
    const lines = [el("p", { class: "please" }, t("board.please"))];
    if (page.small) lines.push(el("p", { class: "small" }, page.small["board.please"]));
    return hero.replaceChildren(...lines);
  }
  const small = [];
  if (page.small) small.push(page.small["status.called"].replace("{n}", String(call.counter)));
  if (call.recalls) small.push(t("board.again"));
  const where = el(
    "div",
    { class: "where" },
    el("span", { class: "to" }, t("board.to")),
    ...unit(el("span", { class: `counter${call.counter > 9 ? " long" : ""}` }, String(call.counter))),
  );
  hero.replaceChildren(
    el(
      "div",
      { class: "call" },
      el("p", { class: `number${call.label.length > 4 ? " long" : ""}` }, call.label),
      el("div", {}, where, el("p", { class: "small" }, small.join(" · "))),
    ),
  );
}

// 到 3 号窗口, but: to counter 3.
function unit(counter) {
  const word = el("span", { class: "unit" }, t("board.counter"));
  return page.language === "zh" ? [counter, word] : [word, counter];
}

function row(call) {
  const counter = el("span", { class: "counter" }, String(call.counter));
  const where = el("span", { class: "where" }, el("span", { class: "to" }, t("board.to")), ...unit(counter));
  return el("li", {}, el("span", { class: "number" }, call.label), where);
}

function waitingLine([letter, names]) {
  const name = el("dt", {}, names.name, names.small ? el("small", {}, names.small) : null);
  return el("div", {}, name, el("dd", { class: "numbers" }, String(waiting[letter] ?? 0)));
}

setInterval(draw, 250);
feed.start();
draw();
