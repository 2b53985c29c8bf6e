// Citizens at a kiosk whom a clerk is to confirm: take it, see the document there, type the code there; or refuse.

import { byId, el, mmss, page, post, t } from "./common.js";

const LOOK_MS = 3000; // the kiosk looks as often
const place = byId("confirmations");
let known = [];

async function look() {
  try {
    const answer = await fetch("/api/v1/confirmations", { cache: "no-store", signal: AbortSignal.timeout(8000) });
    if (answer.ok) known = await answer.json();
  } catch {
    // the bar above says that the hub is away; what was shown stays
  }
  draw();
}

async function order(one, verb) {
  await post(`/api/v1/confirmations/${one.id}/${verb}`);
  await look();
}

function line(one) {
  const service = page.services[one.service]?.name ?? one.service;
  const left = mmss(Date.parse(one.until) - Date.now());
  const parts = [t("confirm.wanted", { kiosk: one.kiosk, service, tail: one.tail ?? "" })];
  if (one.code) parts.push(el("strong", { class: "code" }, `${one.code.slice(0, 3)} ${one.code.slice(3)}`), t("confirm.how"));
  else if (one.state === "taken") parts.push(t("confirm.taken", { name: one.clerk ?? "" }));
  parts.push(el("span", { class: "left" }, left));
  const button = (verb) => el("button", { class: "button", type: "button", onclick: () => order(one, verb) }, t(`confirm.${verb}`));
  if (one.state === "open") parts.push(button("take"));
  if (one.state === "open" || one.code) parts.push(button("refuse"));
  return el("li", { class: "alert", data: { confirmation: one.id } }, ...parts);
}

function draw() {
  place.replaceChildren(...known.map(line));
}

setInterval(look, LOOK_MS);
look();
