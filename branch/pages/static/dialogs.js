// The console's questions: which number, where to, why paused. Escape closes, Enter confirms, arrows and digits choose.

import { byId, el, page, t } from "./common.js";

const dialog = byId("dialog");
const form = byId("dialog-form");
let answer = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const given = answer();
  if (given !== null) dialog.close();
});

export const asking = () => dialog.open;

function ask(title, fields, onAnswer, { confirm = true } = {}) {
  const ends = el("div", { class: "ends" }, el("button", { class: "button", type: "button", onclick: () => dialog.close() }, t("act.cancel")));
  if (confirm) ends.append(el("button", { class: "button primary", type: "submit" }, t("act.confirm")));
  form.replaceChildren(el("h2", {}, title), ...fields, ends);
  answer = onAnswer;
  dialog.showModal();
  form.querySelector("input, select, .choices button, .primary")?.focus();
}

export function askNumber(given, onNumber) {
  const input = el("input", { id: "dialog-label", name: "label", maxLength: 7, autocomplete: "off", value: given });
  const wrong = el("p", { class: "notice bad", hidden: true, role: "alert" }, t("dialog.call.shape"));
  const field = el("div", { class: "field" }, el("label", { htmlFor: "dialog-label" }, t("dialog.call.label")), input);
  ask(t("dialog.call.title"), [field, wrong], () => {
    const label = input.value.trim().toUpperCase();
    if (!/^[A-Z][0-9]{3,6}$/.test(label)) {
      wrong.hidden = false;
      input.focus();
      return null;
    }
    onNumber(label);
    return label;
  });
  input.select();
}

export function askTransfer(ticket, counters, onPlace) {
  const service = el("select", { id: "dialog-service" }, el("option", { value: "" }, t("dialog.transfer.keep")));
  for (const [code, one] of Object.entries(page.services)) service.append(el("option", { value: code }, `${code} ${one.name}`));
  const counter = el("select", { id: "dialog-counter" }, el("option", { value: "" }, t("dialog.transfer.any")));
  for (const number of counters) counter.append(el("option", { value: String(number) }, t("counter.name", { n: number })));
  const field = (label, input) => el("div", { class: "field" }, el("label", { htmlFor: input.id }, label), input);
  ask(
    t("dialog.transfer.title", { label: ticket.label }),
    [
      field(t("dialog.transfer.service"), service),
      field(t("dialog.transfer.counter"), counter),
      el("p", { class: "label" }, t("dialog.transfer.hint")),
    ],
    () => {
      const place = {};
      if (service.value) place.service = service.value;
      if (counter.value) place.counter = Number(counter.value);
      if (!service.value && !counter.value) return service.focus() ?? null;
      onPlace(place);
      return place;
    },
  );
}

// Some fields at once. `onAnswer` says whether the hub took them: if not, the dialog stays, with what was typed.
export function askFields(title, go, fields, onAnswer) {
  const inputs = fields.map((one) => {
    if (!one.choices) {
      const { type = "text", maxLength = 80, minLength = 0, optional = false } = one;
      return el("input", { id: `dialog-${one.id}`, type, maxLength, minLength, required: !optional, autocomplete: "off" });
    }
    return el("select", { id: `dialog-${one.id}` }, ...one.choices.map(([value, label]) => el("option", { value }, label)));
  });
  const wrong = el("p", { class: "notice bad", hidden: true, role: "alert" }, t("supervisor.failed"));
  const boxes = inputs.map((input, index) =>
    el("div", { class: "field" }, el("label", { htmlFor: input.id }, fields[index].label), input),
  );
  ask(title, [...boxes, wrong], () => {
    const given = Object.fromEntries(inputs.map((input, index) => [fields[index].id, input.value.trim()]));
    onAnswer(given).then((taken) => {
      wrong.hidden = taken;
      if (taken) dialog.close();
    });
    return null;
  });
  form.querySelector(".ends .primary").textContent = go;
}

export function askSure(title, onYes) {
  ask(title, [], () => {
    onYes();
    return true;
  });
}

export function askChoice(title, hint, choices, onChoice) {
  const list = el("div", { class: "choices" });
  choices.forEach(([value, label], index) => {
    const choose = () => {
      dialog.close();
      onChoice(value);
    };
    list.append(el("button", { class: "button", type: "button", onclick: choose, data: { key: String(index + 1) } }, `${index + 1}  ${label}`));
  });
  ask(title, hint ? [el("p", { class: "label" }, hint), list] : [list], () => null, { confirm: false });
}

dialog.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("select")) {
    event.preventDefault(); // a closed list would open; here Enter means done
    return form.requestSubmit();
  }
  const buttons = [...form.querySelectorAll(".choices button")];
  if (!buttons.length) return;
  const at = buttons.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) buttons[(at + step + buttons.length) % buttons.length].focus();
  else buttons.find((button) => button.dataset.key === event.key)?.click();
});
