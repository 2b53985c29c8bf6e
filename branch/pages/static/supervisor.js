// The supervisor's overview: the hall as it is, the day's figures, and a counter taken back from a clerk who is gone.

import { drawAlerts, drawConnection } from "./bar.js";
import { HubClock, byId, coalesce, el, getState, hhmm, minutes, page, post, t } from "./common.js";
import { askSure } from "./dialogs.js";
import { table } from "./table.js";
import { Desk } from "./supervisor_desk.js";
import { Feed } from "./feed.js";
import { byService } from "./waiting.js";

const LEAST_MS = 300;
const FIGURES_MS = 15000;

const clock = new HubClock();
let state = null;
let shownAt = null;

const desk = new Desk(() => refresh());

const feed = new Feed({
  event: (type, data) => (type === "snapshot" ? show(data) : refresh()),
  online: () => refresh(),
  offline: () => drawConnection(feed, clock, shownAt),
  denied: () => location.reload(),
});

const refresh = coalesce(async () => {
  try {
    show(await getState());
  } catch {
    drawConnection(feed, clock, shownAt);
  }
}, LEAST_MS);

function show(next) {
  if (!next.queue) return location.reload();
  state = next;
  clock.set(next.now);
  shownAt = performance.now();
  draw();
}

function draw() {
  drawConnection(feed, clock, shownAt, state?.read_only);
  if (!state) return;
  const longest = state.queue.reduce((most, one) => Math.max(most, minutes(clock.now() - Date.parse(one.issued_at))), 0);
  byId("tile-waiting").textContent = String(state.waiting_total);
  byId("tile-longest").textContent = t("minutes", { n: longest });
  byId("tile-open").textContent = String(state.counters.filter((one) => one.state === "open").length);
  byId("tile-done").textContent = String(state.done_today);
  byId("marks").textContent = state.test_clock ? t("test-clock") : "";
  drawAlerts(state.help, clock.now());
  drawWaiting();
  drawCounters();
  drawKiosks();
  drawStanding();
  desk.drawSuspended(state.suspended);
}

function drawStanding() {
  byId("standing").hidden = state.open;
  byId("standing").textContent = state.open ? "" : t("supervisor.closed", { why: t(`standing.${state.standing}`) });
}

function drawWaiting() {
  const most = page.promise_min;
  const ages = [t("column.below", { n: most / 2 }), t("column.between", { a: most / 2, b: most }), t("column.beyond", { n: most })];
  const rows = byService(state.queue, clock.now(), most).map((one) => [
    `${one.service} ${page.services[one.service]?.short ?? ""}`, String(one.count), ...one.ages.map(String),
    t("minutes", { n: one.longest }),
  ]);
  if (!rows.length) rows.push([t("queue.none"), "", "", "", "", ""]);
  byId("by-service").replaceChildren(...table([t("column.service"), t("column.people"), ...ages, t("column.longest")], rows, 1));
}

function drawCounters() {
  const head = ["counter", "state", "clerk", "ticket", "since", "done"].map((name) => t(`column.${name}`));
  const rows = state.counters.map((one) => [
    t("counter.name", { n: one.number }),
    t(`counter.${one.state}`) + (one.reason ? `（${one.reason}）` : ""),
    one.clerk ?? "",
    one.ticket?.label ?? "",
    one.state === "closed" ? "" : hhmm(one.since),
    String(state.figures[one.number]?.done ?? 0),
    one.state === "closed" ? "" : el("button", { class: "button", type: "button", onclick: () => release(one.number) }, t("supervisor.release")),
  ]);
  byId("counters").replaceChildren(...table([...head, ""], rows));
}

function release(number) {
  askSure(t("supervisor.release.sure", { n: number }), async () => {
    await post(`/api/v1/counters/${number}/release`);
    refresh();
  });
}

function drawKiosks() {
  const rows = state.kiosks.map((one) => [
    one.name,
    Object.entries(one.health).map(([device, word]) => `${t(`device.${device}`)} ${t(`health.${word}`)}`).join("，"),
    hhmm(one.seen_at),
  ]);
  if (!rows.length) rows.push([t("supervisor.kiosks.none"), "", ""]);
  byId("kiosks").replaceChildren(...table(["kiosk", "health", "seen"].map((name) => t(`column.${name}`)), rows));
}

async function drawFigures() {
  const answer = await fetch("/api/v1/stats", { cache: "no-store", headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const figures = await answer.json();
  const min = (seconds) => (seconds === null ? "–" : t("minutes", { n: Math.round(seconds / 60) }));
  const line = (name, one) => [
    name, String(one.issued), String(one.served), String(one.no_show), min(one.wait_s.p50), min(one.wait_s.p80), min(one.service_s.p50),
  ];
  const rows = figures.services.map((one) => line(`${one.service} ${page.services[one.service]?.short ?? ""}`, one));
  rows.push(line(t("column.total"), figures.total));
  const head = ["service", "issued", "done", "no-show", "wait50", "wait80", "service50"].map((name) => t(`column.${name}`));
  const [top, body] = table(head, rows, 1);
  body.lastChild.classList.add("total");
  byId("figures").replaceChildren(top, body);
}

byId("csv").href = "/api/v1/stats?format=csv";
setInterval(draw, 5000);
setInterval(drawFigures, FIGURES_MS);
setInterval(() => desk.read(), FIGURES_MS);
feed.start();
drawFigures();
desk.read();
