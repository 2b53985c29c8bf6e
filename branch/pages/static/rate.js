// The tablet at a counter: asks about the visit that has just ended there, five levels, one press.

import { byId, el, page, post, t } from "./common.js";

const LOOK_MS = 2000;
const THANKS_MS = 4000;

let asked = null;
let thanking = false;

function show(id) {
  for (const one of ["idle", "ask", "thanks"]) byId(one).hidden = one !== id;
}

async function look() {
  if (thanking) return;
  try {
    const answer = await fetch(`/api/v1/counters/${document.body.dataset.counter}/to-rate`, { cache: "no-store" });
    if (!answer.ok) return;
    asked = (await answer.json()).ticket;
  } catch {
    asked = null; // without the hub nothing can be kept, so nothing is asked
  }
  byId("ticket").textContent = asked ? t("rate.ticket", { label: asked.label }) : "";
  show(asked ? "ask" : "idle");
}

async function rate(level) {
  if (!asked || thanking) return;
  thanking = true;
  const answer = await post(`/api/v1/tickets/${asked.id}/rating`, { level });
  if (answer.ok) {
    show("thanks");
    await new Promise((resolve) => setTimeout(resolve, THANKS_MS));
  }
  thanking = false;
  look();
}

for (const level of [5, 4, 3, 2, 1]) {
  const button = el("button", { class: "level", type: "button", onclick: () => rate(level) }, el("strong", {}, String(level)), el("span", {}, t(`rating.${level}`)));
  byId("levels").append(button);
}
document.title = `${page.words["rate.idle"]}`;
setInterval(look, LOOK_MS);
look();
