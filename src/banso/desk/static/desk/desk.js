/* The composer's keys. Without this file its buttons and links do the same.
   textarea[data-enter]   Enter sends the form, Shift+Enter makes a new line; an Enter that
                          confirms a Japanese conversion does neither
   form[data-composer]    Esc and [data-cancel] close it and give the focus back to its line */
"use strict";

document.addEventListener("keydown", (event) => {
  const composer = event.target.closest("[data-composer]");
  if (!composer || event.isComposing || event.keyCode === 229) return;
  const sends = event.ctrlKey || event.metaKey || (event.target.matches("[data-enter]") && !event.shiftKey);
  if (event.key === "Enter" && sends) {
    event.preventDefault();
    composer.requestSubmit();
  } else if (event.key === "Escape" && close(composer)) {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  const cancel = event.target.closest("[data-cancel]");
  if (cancel && close(cancel.closest("[data-composer]"))) event.preventDefault();
});

function close(composer) {
  const slot = composer.closest(".slot");
  if (!slot) return false;
  const line = slot.closest("[data-row]");
  slot.replaceChildren();
  line?.querySelector("a[href], button")?.focus();
  return true;
}

/* Only one composer is open at a time. */
document.addEventListener("htmx:afterSwap", (event) => {
  const opened = event.detail.target;
  if (!opened.matches(".slot")) return;
  for (const slot of document.querySelectorAll(".slot")) if (slot !== opened) slot.replaceChildren();
});

/* [data-print] opens the browser's print dialog; the page prints well without it too. */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* [data-check-all="id"] ticks every box of that name on the page. */
document.addEventListener("change", (event) => {
  const name = event.target.dataset.checkAll;
  if (!name) return;
  for (const box of document.querySelectorAll(`input[type="checkbox"][name="${name}"]`)) box.checked = event.target.checked;
});
