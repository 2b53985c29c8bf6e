// The side of the console: who waits, who is next and why, who is on hold, who missed the call.

import { byId, el, hhmm, minutes, page, priorityWord, t } from "./common.js";
import { byService } from "./waiting.js";

const SHOWN = 40;

export function drawQueue(state, counter, now, { call, resume, recall }) {
  const free = counter && counter.state === "open" && !counter.ticket;
  const waited = (ticket) => minutes(now - Date.parse(ticket.issued_at));
  const longest = state.queue.reduce((most, ticket) => Math.max(most, waited(ticket)), 0);
  byId("queue-title").textContent = state.queue.length
    ? t("queue.title", { n: state.queue.length, m: longest })
    : t("queue.none");
  const rows = state.queue.slice(0, SHOWN).map((ticket) => waitingRow(ticket, waited(ticket), free, call, state.visits[ticket.id]));
  if (state.queue.length > SHOWN) rows.push(el("li", { class: "more" }, t("queue.more", { n: state.queue.length - SHOWN })));
  byId("queue").replaceChildren(...rows);
  drawServices(byService(state.queue, now, page.promise_min));
  drawNext(counter && state.next[counter.number]);
  drawAside("held", state.held, t("act.resume"), free, resume);
  drawAside("missed", state.missed, t("act.recall"), free, recall);
}

function drawServices(groups) {
  const place = byId("by-service");
  place.hidden = groups.length < 2;
  const line = (one) => {
    const name = page.services[one.service]?.short ?? one.service;
    return el("li", { class: one.ages[2] ? "late" : "" }, t("queue.service", { name, n: one.count, m: one.longest }));
  };
  place.replaceChildren(...groups.map(line));
}

function waitingRow(ticket, waited, free, call, visit) {
  const tags = visitTags(visit);
  if (ticket.unconfirmed) tags.push(t("ticket.unconfirmed"));
  if (ticket.priority) tags.push(priorityTag(ticket));
  if (ticket.target_counter) tags.push(t("queue.target", { n: ticket.target_counter }));
  const row = el(
    "button",
    { class: "row", type: "button", disabled: !free, onclick: () => call(ticket.label) },
    el("strong", {}, ticket.label),
    el("span", {}, page.services[ticket.service]?.short ?? ticket.service),
    el("strong", { class: "numbers" }, t("minutes", { n: waited })),
    tags.length ? el("span", { class: "tags" }, ...tags.map((tag) => el("span", { class: "tag" }, tag))) : null,
  );
  return el("li", { class: waited >= (page.promises[ticket.service] ?? page.promise_min) ? "late" : "" }, row);
}

// What she asked for with her ticket, and the time she has booked.
export function visitTags(visit) {
  if (!visit) return [];
  const booked = visit.booked_at ? [t("ticket.booked", { time: hhmm(visit.booked_at) })] : [];
  return [...booked, ...visit.needs.map((need) => t(`need.${need}`))];
}

export function priorityTag(ticket) {
  const key = ticket.priority_confirmed ? "ticket.priority" : "ticket.priority.claimed";
  return t(key, { word: priorityWord(ticket.priority) });
}

function drawNext(next) {
  const why = byId("why");
  if (!next) {
    why.replaceChildren();
    return;
  }
  const gap = page.language === "zh" ? "" : " ";
  const values = { n: next.why.promise_min, word: next.why.priority ? priorityWord(next.why.priority) : "" };
  why.replaceChildren(
    t("queue.next"), gap, el("strong", {}, next.label), "　", t("queue.why"), gap, t(`why.${next.why.code}`, values),
  );
}

function drawAside(id, tickets, verb, free, act) {
  byId(`${id}-box`).hidden = tickets.length === 0;
  byId(id).replaceChildren(
    ...tickets.map((ticket) =>
      el(
        "li",
        { class: "row" },
        el("strong", {}, ticket.label),
        el("span", {}, ticket.note || (page.services[ticket.service]?.short ?? ticket.service)),
        el("button", { class: "button", type: "button", disabled: !free, onclick: () => act(ticket) }, verb),
      ),
    ),
  );
}
