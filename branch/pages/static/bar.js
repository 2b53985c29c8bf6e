// The bar and the alerts: connection and age of what is shown, kiosks that need a hand, citizens who call staff.

import { byId, el, hhmm, hhmmss, post, t } from "./common.js";

const FRESH_S = 3;

export function drawConnection(feed, clock, shownAt, readOnly = false) {
  const place = byId("connection");
  const stale = byId("stale");
  if (shownAt === null) {
    place.dataset.state = "wait";
    place.textContent = t("connection.wait");
    return;
  }
  const age = Math.floor((performance.now() - Math.max(shownAt, feed.heardAt)) / 1000);
  place.dataset.state = feed.connected ? "on" : "off";
  place.textContent = feed.connected
    ? t("connection.on", { age: age < FRESH_S ? t("age.now") : t("age.seconds", { n: age }) })
    : t("connection.off");
  stale.hidden = feed.connected && !readOnly;
  if (readOnly) stale.textContent = t("connection.read-only");
  if (!feed.connected) stale.textContent = t("connection.stale", { time: hhmmss(clock.now() - age * 1000) });
}

// Paper is the clerks' own affair: beside a low roll stands the button that opens the kiosk for them.
export function drawKiosks(kiosks, changePaper) {
  const tags = [];
  for (const kiosk of kiosks) {
    for (const [device, word] of Object.entries(kiosk.health)) {
      if (word === "ready") continue;
      tags.push(el("span", { class: "tag" }, t("kiosk.device", { kiosk: kiosk.name, device: t(`device.${device}`), word: t(`health.${word}`) })));
      if (device === "printer" && word.startsWith("paper-") && !kiosk.paper_change) tags.push(paperButton(kiosk, "paper.change", changePaper));
    }
    if (kiosk.paper_change) {
      tags.push(el("span", { class: "tag" }, t("paper.changing", { kiosk: kiosk.name })), paperButton(kiosk, "paper.done", changePaper));
    }
  }
  byId("kiosks").replaceChildren(...tags);
}

function paperButton(kiosk, key, changePaper) {
  return el("button", { class: "bar-button", type: "button", onclick: () => changePaper(kiosk) }, t(key));
}

const TAKEN_MS = 120000; // who goes is told for so long

export function drawAlerts(alerts, now) {
  const lines = alerts
    .filter((alert) => !alert.taken || now - Date.parse(alert.at) < TAKEN_MS)
    .map((alert) => {
      if (alert.taken) {
        const name = (alert.taken_by ?? "").split(":").pop();
        return el("li", { class: "taken" }, t("help.taken", { kiosk: alert.kiosk, name }));
      }
      const go = el("button", { class: "button", type: "button", onclick: () => post(`/api/v1/help/${alert.id}/take`) }, t("help.go"));
      return el("li", { class: "alert" }, t("help.wanted", { kiosk: alert.kiosk, time: hhmm(alert.at) }), go);
    });
  byId("alerts").replaceChildren(...lines);
}
