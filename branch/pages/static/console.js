// The clerk's console: one counter, one ticket at a time, every verb a key; shows only what the hub has confirmed.

import { drawAlerts, drawConnection, drawKiosks } from "./bar.js";
import { HubClock, byId, coalesce, el, getState, order, page, post, t } from "./common.js";
import { askChoice, askNumber, askTransfer, asking } from "./dialogs.js";
import { Feed } from "./feed.js";
import { drawQueue } from "./queue_view.js";
import { drawTicket } from "./ticket_view.js";

const UNDO_MS = 10000; // the hub takes no verb back after that
const SETTLE_MS = 1000; // a finger that presses twice means what it saw, not what the one key has become meanwhile
const LEAST_MS = 60; // events come in bursts; one reading serves all of them

const clock = new HubClock();
let state = null;
let shownAt = null;
let busy = false;
let undo = null; // {id, until}
let noteFor = "";
let standing = { id: null, since: 0 }; // who stands at the counter, and since when the page has shown so

const feed = new Feed({
  event(type, data) {
    if (type === "snapshot") show(data);
    else refresh();
  },
  online: () => refresh(),
  offline: () => draw(),
  denied: () => location.reload(),
});

async function read() {
  try {
    show(await getState());
  } catch {
    draw();
  }
}

const refresh = coalesce(read, LEAST_MS);

function show(next) {
  if (!next.queue) return location.reload(); // the session is over
  if (state && next.epoch === state.epoch && next.seq < state.seq) return;
  state = next;
  clock.set(next.now);
  shownAt = performance.now();
  const id = mine()?.ticket?.id ?? null;
  if (id !== standing.id) standing = { id, since: shownAt };
  draw();
}

const mine = () => state?.counters.find((one) => one.clerk === page.clerk && one.state !== "closed") ?? null;

function draw() {
  drawConnection(feed, clock, shownAt, state?.read_only);
  if (!state) return;
  const counter = mine();
  byId("choose").hidden = counter !== null;
  byId("desk").hidden = counter === null;
  byId("close-counter").hidden = counter === null;
  byId("close-counter").disabled = Boolean(counter?.ticket);
  byId("counter-name").textContent = counter ? t("counter.name", { n: counter.number }) : t("console.title");
  byId("clerk-name").textContent = page.clerk;
  byId("marks").textContent = state.test_clock ? t("test-clock") : "";
  drawKiosks(state.kiosks, changePaper);
  drawAlerts(state.help, clock.now());
  drawToday(counter);
  if (counter === null) return drawChoose();
  const now = clock.now();
  drawTicket(state, counter, now);
  drawQueue(state, counter, now, { call: callByHand, resume: (one) => verb(one, "resume"), recall: (one) => verb(one, "recall") });
  drawVerbs(counter);
  drawNote(counter.ticket);
  drawUndo();
}

async function changePaper(kiosk) {
  await order(kiosk.paper_change ? "DELETE" : "PUT", `/api/v1/kiosks/${kiosk.name}/paper-change`);
  refresh();
}

function drawToday(counter) {
  if (!counter) return byId("today").replaceChildren();
  const figures = state.figures[counter.number];
  const values = figures ? { n: figures.done, m: Math.max(1, Math.round(figures.mean_s / 60)) } : {};
  byId("today").textContent = figures ? t("today", values) : t("today.none");
}

function drawChoose() {
  const buttons = state.counters.map((one) => {
    const taken = one.state !== "closed";
    const note = taken ? t("choose.taken", { name: one.clerk ?? "" }) : t("choose.free");
    const choose = () => openCounter(one.number);
    return el(
      "button",
      { class: "button", type: "button", disabled: taken, onclick: choose, data: { counter: String(one.number) } },
      t("counter.name", { n: one.number }),
      el("span", {}, note),
    );
  });
  byId("counters").replaceChildren(...buttons);
}

// What may be done now: the hub's word on the ticket, and whether the counter is free to call.
function allowed(counter) {
  const ticket = counter.ticket;
  const verbs = new Set(ticket ? state.verbs[ticket.id] : []);
  const open = counter.state === "open";
  return { verbs, call: open && !ticket && Boolean(state.next[counter.number]), byHand: open && !ticket };
}

function drawVerbs(counter) {
  const can = allowed(counter);
  const finishing = can.verbs.has("finish");
  byId("main-text").textContent = t(finishing ? (counter.state === "open" ? "act.finish-next" : "act.finish") : "act.call-next");
  byId("main-key").textContent = finishing ? "F9" : "F2";
  byId("main").disabled = busy || !(finishing || can.call);
  for (const name of ["recall", "start", "hold", "transfer", "no-show", "return"]) offer(name, can.verbs.has(name));
  for (const name of ["finish-only", "finish-other"]) offer(name, finishing);
  offer("call", can.byHand);
  byId("pause").disabled = busy;
  byId("pause-text").textContent = t(counter.state === "paused" ? "act.open" : "act.pause");
  byId("priority").disabled = busy;
}

// What is not legal now is not there; while an order is under way nothing can be pressed.
function offer(id, legal) {
  byId(id).toggleAttribute("data-off", !legal);
  byId(id).disabled = busy || !legal;
}

function drawNote(ticket) {
  const note = byId("note");
  if (!ticket || ticket.id === noteFor) return;
  noteFor = ticket.id;
  note.value = ticket.note ?? "";
  byId("note-state").textContent = "";
}

function drawUndo() {
  const left = undo ? Math.ceil((undo.until - performance.now()) / 1000) : 0;
  if (undo && left <= 0) {
    undo = null;
    byId("toast").hidden = true;
  }
  byId("undo").hidden = !undo;
  if (undo) byId("undo").textContent = t("undo.left", { n: left });
}

function say(text, { bad = false } = {}) {
  byId("toast").hidden = false;
  byId("toast").classList.toggle("bad", bad);
  byId("toast-text").textContent = text;
}

// One order at a time, and the next one only on what the first has led to: until then a press does nothing.
async function send(path, body = {}) {
  if (busy) return null;
  busy = true;
  draw();
  const answer = await post(path, body);
  if (answer.status) await read();
  busy = false;
  if (!answer.ok) {
    undo = null;
    const key = `problem.${answer.code}`;
    say(t(key in page.words ? key : "problem.other"), { bad: true });
  }
  draw();
  return answer;
}

async function verb(ticket, name, body = {}) {
  const answer = await send(`/api/v1/tickets/${ticket.id}/${name}`, body);
  if (!answer?.ok) return false;
  undo = name === "undo" ? null : { id: ticket.id, until: performance.now() + UNDO_MS };
  say(t(`done.${name}`, { label: ticket.label }));
  drawUndo();
  if (name === "undo") setTimeout(() => undo || (byId("toast").hidden = true), 4000);
  return true;
}

async function callNext(counter) {
  const answer = await send(`/api/v1/counters/${counter.number}/call-next`);
  if (answer?.ok) called(answer.data);
}

async function callByHand(label) {
  const counter = mine();
  if (!counter || !allowed(counter).byHand) return;
  askNumber(label ?? "", async (number) => {
    const answer = await send(`/api/v1/counters/${counter.number}/call`, { label: number });
    if (answer?.ok) called(answer.data);
  });
}

function called(ticket) {
  if (!ticket) return say(t("state.nobody"));
  undo = { id: ticket.id, until: performance.now() + UNDO_MS };
  say(t("done.call", { label: ticket.label }));
  drawUndo();
}

async function finish(counter, { next, outcome }) {
  const done = await verb(counter.ticket, "finish", outcome ? { outcome } : {});
  if (done && next && counter.state === "open") {
    const after = mine();
    if (after && allowed(after).call) await callNext(after);
  }
}

function finishOther(counter) {
  const codes = ["partly", "documents-missing", "not-eligible", "elsewhere", "withdrawn"];
  const choices = codes.map((code) => [code, t(`outcome.${code}`)]);
  askChoice(t("dialog.outcome.title", { label: counter.ticket.label }), "", choices, (outcome) => finish(counter, { next: true, outcome }));
}

async function openCounter(number) {
  const boxes = [...byId("services").querySelectorAll("input")];
  const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
  const all = chosen.length === boxes.length || chosen.length === 0;
  await send(`/api/v1/counters/${number}/open`, all ? {} : { services: chosen });
}

function pause(counter) {
  if (counter.state === "paused") return send(`/api/v1/counters/${counter.number}/open`, counter.services ? { services: counter.services } : {});
  const reasons = ["lunch", "break", "paper", "meeting", "system"].map((key) => [t(`pause.${key}`), t(`pause.${key}`)]);
  askChoice(t("dialog.pause.title"), "", reasons, (reason) => send(`/api/v1/counters/${counter.number}/pause`, { reason }));
}

function priority(ticket) {
  const codes = ["military", "disabled", "pregnant", "elderly"].map((code) => [code, t(`priority.${code}`)]);
  askChoice(t("dialog.priority.title", { label: ticket.label }), t("dialog.priority.hint"), [...codes, [null, t("priority.none")]], (code) =>
    send(`/api/v1/tickets/${ticket.id}/priority`, { priority: code }),
  );
}

function transfer(ticket) {
  const open = state.counters.filter((one) => one.state !== "closed").map((one) => one.number);
  askTransfer(ticket, open, (place) => verb(ticket, "transfer", place));
}

async function saveNote() {
  const ticket = mine()?.ticket;
  const text = byId("note").value;
  if (!ticket || (ticket.note ?? "") === text.trim()) return;
  const answer = await post(`/api/v1/tickets/${ticket.id}/note`, { text });
  const place = byId("note-state");
  place.classList.toggle("bad", !answer.ok);
  const key = answer.code === "note-personal" ? "note.personal" : `problem.${answer.code}`;
  place.textContent = answer.ok ? t("note.saved") : t(key in page.words ? key : "problem.other");
  refresh();
}

function takeBack() {
  if (undo) verb({ id: undo.id, label: state.calls.find((one) => one.id === undo.id)?.label ?? "" }, "undo");
}

// Every button and key comes through here; what is not allowed now does nothing.
function act(name) {
  const counter = mine();
  if (!counter || busy) return;
  const ticket = counter.ticket;
  const can = allowed(counter);
  if (name === "main" && ticket && performance.now() - standing.since < SETTLE_MS) return;
  if (name === "main") return can.verbs.has("finish") ? finish(counter, { next: true }) : can.call && callNext(counter);
  if (name === "call-next") return can.call && callNext(counter);
  if (name === "finish" || name === "finish-only") return can.verbs.has("finish") && finish(counter, { next: name === "finish" });
  if (name === "finish-other") return can.verbs.has("finish") && finishOther(counter);
  if (name === "call") return callByHand();
  if (name === "pause") return pause(counter);
  if (name === "priority") return ticket && priority(ticket);
  if (name === "transfer") return can.verbs.has(name) && transfer(ticket);
  return can.verbs.has(name) && verb(ticket, name);
}

const KEYS = {
  F2: "call-next", F3: "recall", F4: "start", F6: "hold", F7: "transfer", F8: "no-show", F9: "finish", F10: "call",
  "Shift+F2": "pause", "Shift+F8": "return", "Shift+F9": "finish-only",
};

// A USB keypad beside the counter: Enter is one citizen after the other, whatever NumLock says.
const KEYPAD = {
  NumpadEnter: "main", NumpadAdd: "recall", NumpadSubtract: "no-show", NumpadMultiply: "hold", NumpadDivide: "transfer",
  Numpad0: "start", NumpadDecimal: "pause",
};

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey) return;
  const typing = event.target.closest("input, textarea, select") !== null;
  if (event.ctrlKey && event.key.toLowerCase() === "z" && !typing && !asking()) {
    event.preventDefault();
    return takeBack();
  }
  const choosing = !byId("choose").hidden;
  const name = (!typing && !choosing && KEYPAD[event.code]) || KEYS[(event.shiftKey ? "Shift+" : "") + event.key];
  if (name && !event.ctrlKey && !(asking() && KEYPAD[event.code])) {
    event.preventDefault();
    if (!asking() && !event.repeat) act(name);
    return;
  }
  if (!byId("choose").hidden && !typing && /^[1-9]$/.test(event.key)) {
    document.querySelector(`#counters [data-counter="${event.key}"]:enabled`)?.click();
  }
});

for (const id of ["main", "recall", "start", "hold", "transfer", "no-show", "call", "pause", "finish-only", "finish-other", "return", "priority"]) {
  byId(id).addEventListener("click", () => act(id));
}
byId("undo").addEventListener("click", takeBack);
byId("close-counter").addEventListener("click", () => mine() && send(`/api/v1/counters/${mine().number}/close`));
byId("note").addEventListener("change", saveNote);
byId("note").addEventListener("keydown", (event) => event.key === "Enter" && event.ctrlKey && saveNote());

for (const [letter, name] of Object.entries(page.categories)) {
  const box = el("input", { type: "checkbox", value: letter, checked: true });
  byId("services").append(el("label", {}, box, `${letter} ${name}`));
}
setInterval(draw, 1000);
feed.start();
draw();
