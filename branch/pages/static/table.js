// A table: its head, its rows, figures to the right from a column on.

import { el } from "./common.js";

export function table(head, rows, figuresFrom = head.length) {
  const cell = (tag, content, column) => el(tag, { class: column >= figuresFrom ? "figure" : "" }, content);
  return [
    el("thead", {}, el("tr", {}, ...head.map((one, column) => cell("th", one, column)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((one, column) => cell("td", one, column))))),
  ];
}
