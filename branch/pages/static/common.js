// What every page shares: its texts, orders to the hub, making elements (text only, never markup), the hub's clock.

export const page = JSON.parse(document.body.dataset.page);

export function t(key, values = {}) {
  const text = page.words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}

export const byId = (id) => document.getElementById(id);

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export async function post(path, body = {}) {
  return order("POST", path, body);
}

// {ok, status, code, data}; status 0 means that nobody answered and nothing is known.
export async function order(method, path, body = {}) {
  try {
    const answer = await fetch(path, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": page.csrf },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(8000),
    });
    const data = answer.status === 204 ? null : await answer.json();
    return { ok: answer.ok, status: answer.status, code: answer.ok ? "" : data.code, data };
  } catch {
    return { ok: false, status: 0, code: "offline", data: null };
  }
}

export async function getState() {
  const answer = await fetch("/api/v1/state", { cache: "no-store", signal: AbortSignal.timeout(8000) });
  if (answer.status === 401) location.reload();
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// Runs `work` soon, once however often it was asked for, never two at a time.
export function coalesce(work, delayMs) {
  let timer = null;
  let again = false;
  let busy = false;
  async function go() {
    timer = null;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await work();
    } finally {
      busy = false;
      if (again) {
        again = false;
        ask();
      }
    }
  }
  function ask() {
    timer ??= setTimeout(go, delayMs);
  }
  return ask;
}

// The hub's clock, carried on between answers by the page's own steady one.
export class HubClock {
  constructor() {
    this.at = Date.now();
    this.heard = performance.now();
  }

  set(iso) {
    this.at = Date.parse(iso);
    this.heard = performance.now();
  }

  now() {
    return this.at + performance.now() - this.heard;
  }
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
const CLOCK_S = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
export const hhmm = (when) => CLOCK.format(typeof when === "string" ? Date.parse(when) : when);
export const hhmmss = (when) => CLOCK_S.format(typeof when === "string" ? Date.parse(when) : when);
export const minutes = (ms) => Math.max(0, Math.floor(ms / 60000));
export function mmss(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

export function priorityWord(code) {
  return page.words[`priority.${code}`] ?? t("priority.other");
}
