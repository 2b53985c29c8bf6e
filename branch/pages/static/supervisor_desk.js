// What the supervisor does: suspends services, sets PINs anew, follows bad ratings up.

import { byId, el, hhmm, order, page, post, t } from "./common.js";
import { askFields } from "./dialogs.js";
import { table } from "./table.js";

export class Desk {
  constructor(changed) {
    this.changed = changed;
    byId("suspend").addEventListener("click", () => this.suspend());
  }

  async read() {
    const [staff, ratings] = await Promise.all([get("/api/v1/staff"), get("/api/v1/ratings")]);
    if (staff) this.drawStaff(staff.staff);
    if (ratings) this.drawBad(ratings.ratings.filter((one) => one.bad && !one.followed_at));
  }

  drawSuspended(suspended) {
    const rows = suspended.map((one) => [
      `${one.service} ${page.services[one.service]?.short ?? ""}`,
      one.reason,
      one.until ? t("supervisor.until", { time: hhmm(one.until) }) : t("supervisor.until.open"),
      button("supervisor.take-up", async () => {
        await order("DELETE", `/api/v1/suspensions/${one.service}`);
        this.changed();
      }),
    ]);
    if (!rows.length) rows.push([t("supervisor.suspended.none"), "", "", ""]);
    byId("suspended").replaceChildren(table([], rows, 9)[1]);
  }

  suspend() {
    const services = Object.entries(page.services).map(([code, one]) => [code, `${code} ${one.short}`]);
    askFields(t("supervisor.suspend"), t("supervisor.suspend.do"), [
      { id: "service", label: t("column.service"), choices: services },
      { id: "reason", label: t("supervisor.suspend.reason"), maxLength: 80 },
      { id: "until", label: t("supervisor.suspend.until"), type: "time", optional: true },
    ], async ({ service, reason, until }) => {
      const body = { reason, ...(until ? { until: today(until) } : {}) };
      const answer = await order("PUT", `/api/v1/suspensions/${service}`, body);
      this.changed();
      return answer.ok;
    });
  }

  drawStaff(staff) {
    const rows = staff.filter((one) => one.role === "clerk").map((one) => [
      one.name,
      one.locked_until ? el("span", { class: "tag" }, t("supervisor.locked", { time: hhmm(one.locked_until) })) : "",
      button("supervisor.pin", () => this.pin(one.name)),
    ]);
    byId("staff").replaceChildren(table([], rows, 9)[1]);
  }

  pin(name) {
    const field = { id: "pin", label: t("supervisor.pin.new"), type: "password", minLength: 4, maxLength: 64 };
    askFields(t("supervisor.pin.title", { name }), t("supervisor.pin"), [field], async ({ pin }) => {
      const answer = await post("/api/v1/staff/pin", { name, pin });
      this.read();
      return answer.ok;
    });
  }

  drawBad(bad) {
    const rows = bad.map((one) => [
      one.label,
      t(`rating.${one.level}`),
      one.counter ? t("counter.name", { n: one.counter }) : "",
      hhmm(one.at),
      button("supervisor.follow", () => this.follow(one)),
    ]);
    if (!rows.length) rows.push([t("supervisor.bad.none"), "", "", "", ""]);
    byId("bad").replaceChildren(table([], rows, 9)[1]);
  }

  follow(one) {
    const field = { id: "text", label: t("supervisor.follow.text"), maxLength: 200 };
    askFields(t("supervisor.follow.title", { label: one.label }), t("act.confirm"), [field], async ({ text }) => {
      const answer = await post(`/api/v1/ratings/${one.ticket}/follow-up`, { text });
      this.read();
      return answer.ok;
    });
  }
}

// A time of today in the branch's own zone, whatever the laptop believes.
function today(time) {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(Date.now());
  return `${day}T${time}:00+08:00`;
}

async function get(path) {
  try {
    const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(8000) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function button(key, onclick) {
  return el("button", { class: "button", type: "button", onclick }, t(key));
}
