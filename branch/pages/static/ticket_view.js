// The middle of the console: the ticket at this counter, what to check for its service, its note.

import { byId, el, hhmm, minutes, mmss, page, t } from "./common.js";
import { priorityTag, visitTags } from "./queue_view.js";

export function drawTicket(state, counter, now) {
  const ticket = counter.ticket;
  byId("ticket").dataset.state = ticket ? ticket.state : counter.state === "paused" ? "paused" : "free";
  for (const id of ["note-box", "quiet"]) byId(id).hidden = !ticket;
  drawCheck(ticket && page.services[ticket.service]);
  if (!ticket) return drawEmpty(state, counter);
  const since = Date.parse(ticket.state === "serving" ? ticket.started_at : ticket.called_at);
  const key = ticket.state === "serving" ? "state.serving" : ticket.recalls ? "state.called.again" : "state.called";
  byId("ticket-state").textContent = t(key, { time: mmss(now - since), n: ticket.recalls + 1 });
  byId("ticket-label").textContent = ticket.label;
  const wanted = [ticket.service, ...(state.also?.[ticket.id] ?? [])];
  byId("ticket-service").textContent = wanted.map((code) => page.services[code]?.name ?? code).join(" + ");
  const waited = minutes(Date.parse(ticket.called_at) - Date.parse(ticket.issued_at));
  byId("ticket-line").textContent = t("ticket.line", { time: hhmm(ticket.issued_at), n: waited });
  const tags = [];
  if (ticket.priority) tags.push(priorityTag(ticket));
  tags.push(...visitTags(state.visits[ticket.id]));
  if (ticket.printed === null) tags.push(t("ticket.unconfirmed"));
  byId("ticket-tags").replaceChildren(...tags.map((tag) => el("span", { class: "tag" }, tag)));
}

function drawEmpty(state, counter) {
  const paused = counter.state === "paused";
  const nobody = !state.next[counter.number];
  const hint = state.queue.length ? "state.nobody.mine" : "state.nobody";
  byId("ticket-state").textContent = t("counter.name", { n: counter.number });
  byId("ticket-label").textContent = paused ? t("state.paused", { reason: counter.reason ?? "" }) : t("state.free");
  byId("ticket-service").textContent = "";
  byId("ticket-line").textContent = paused ? t("state.paused.hint") : t(nobody ? hint : "state.free.hint");
  byId("ticket-tags").replaceChildren();
}

function drawCheck(service) {
  byId("check").hidden = !service;
  if (!service) return;
  const lines = [...service.documents];
  if (service.fee) lines.push(t("check.fee", { fee: service.fee }));
  if (!lines.length) lines.push(t("check.none"));
  byId("check-list").replaceChildren(...lines.map((line) => el("li", {}, line)));
}
