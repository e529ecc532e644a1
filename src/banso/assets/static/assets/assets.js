/* A talk script: the step that was chosen comes into view. Works without: the arrow is a link. */
"use strict";

document.addEventListener("change", (event) => {
  const step = event.target.checked && document.getElementById(event.target.dataset.goesTo ?? "");
  if (!step) return;
  step.scrollIntoView({ block: "start" });
  step.querySelector("input")?.focus({ preventScroll: true });
});
