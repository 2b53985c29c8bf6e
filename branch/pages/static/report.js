// A report: printed by its own button; everything else on it is plain text.

document.getElementById("print").addEventListener("click", () => window.print());
