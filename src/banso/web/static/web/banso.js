/* Keyboard, dialogs and small courtesies. Everything works without this file but the keys.
   Markup contract:
   data-list / data-row      j and k move between the first links of the rows
   data-key="n"              that key (or "g t": one after the other) presses or focuses the element;
                             from within a row never what belongs to another row
   data-key-label="…"        its line in the help dialog (else aria-label, else its text)
   data-open="dialog-id"     opens a <dialog>; data-close closes the one around it
   dialog[data-auto]         opens when htmx has put something inside
   form[data-submit-on-change]  sends itself when a field changes
   data-dismiss              removes the closest .notice */
"use strict";

const FIELD = "input, select, textarea, [contenteditable]";
let pending = "";
let pendingUntil = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") return escape(event);
  if (event.target.closest(FIELD) || document.querySelector("dialog[open]")) return;
  if (act(event.key)) event.preventDefault();
});

function act(key) {
  const first = performance.now() < pendingUntil ? `${pending} ` : "";
  pendingUntil = 0;
  if (press(first + key)) return true;
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
  if (key === "?") return openHelp();
  if (document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) {
    pending = key;
    pendingUntil = performance.now() + 1200;
    return true;
  }
  return false;
}

function press(keys) {
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)];
  const row = document.activeElement?.closest("[data-row]");
  const wanted = found.find((each) => row?.contains(each)) ?? found.find((each) => !row || !each.closest("[data-row]"));
  if (!wanted) return false;
  if (wanted.matches(FIELD) && wanted.type !== "checkbox") {
    wanted.focus();
    wanted.select?.();
  } else {
    wanted.click();
  }
  return true;
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.offsetParent);
  if (!rows.length) return false;
  const now = rows.indexOf(document.activeElement?.closest("[data-row]"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, now < 0 ? 0 : now + step))];
  first(next).focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

/* What of a row takes the focus: also when the row was just replaced by what became of it. */
function first(row) {
  return row.querySelector("a[href], button") ?? row;
}

function escape(event) {
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.target.matches?.("input[type=search]")) {
    event.target.blur();
  }
}

function openHelp() {
  const dialog = document.getElementById("shortcuts");
  const list = dialog?.querySelector("[data-shortcuts]");
  if (!list) return false;
  list.replaceChildren();
  const seen = new Set();
  for (const each of document.querySelectorAll("[data-key]")) {
    if (seen.has(each.dataset.key)) continue;
    seen.add(each.dataset.key);
    const keys = document.createElement("dt");
    for (const key of each.dataset.key.split(" ")) {
      keys.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
    }
    const label = each.dataset.keyLabel ?? each.getAttribute("aria-label") ?? each.textContent.trim();
    list.append(keys, Object.assign(document.createElement("dd"), { textContent: label }));
  }
  dialog.showModal();
  return true;
}

document.addEventListener("click", (event) => {
  const target = event.target;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
  const opener = target.closest("[data-open]");
  if (opener?.dataset.open === "shortcuts") openHelp();
  else if (opener) document.getElementById(opener.dataset.open)?.showModal();
  if (target.closest("[data-close]")) target.closest("dialog")?.close();
  else if (target instanceof HTMLDialogElement) target.close();
  if (target.closest("[data-dismiss]")) target.closest(".notice")?.remove();
});

document.addEventListener("change", (event) => {
  event.target.closest("form[data-submit-on-change]")?.requestSubmit();
});

/* One submission per press: a second one while the first is on its way is dropped, also where
   htmx would queue it. An answer that is a download leaves the page: ten seconds free the form. */
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("aria-busy") !== "true") return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  form.setAttribute("aria-busy", "true");
  setTimeout(() => form.removeAttribute("aria-busy"), 10000);
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches("form[hx-post]")) detail.elt.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", ({ detail }) => detail.elt.removeAttribute("aria-busy"));

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

/* Good news leaves by itself, unless somebody is reading it; what needs a person stays. */
function passing() {
  for (const notice of document.querySelectorAll("#messages .notice:not(.attention, [data-passing])")) {
    notice.dataset.passing = "";
    const leave = () => (notice.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : notice.remove());
    setTimeout(leave, 8000);
  }
}
passing();

document.addEventListener("htmx:afterSettle", (event) => {
  passing();
  const region = event.detail.elt;
  const dialog = region.closest("dialog[data-auto]");
  if (dialog && !dialog.open && region.childElementCount) dialog.showModal();
  region.querySelector("[autofocus], [aria-invalid=true]")?.focus();
  if (document.activeElement === document.body && region.matches("[data-row]")) first(region).focus();
});

for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, () => {
    const failed = document.getElementById("failed");
    const region = document.getElementById("messages");
    if (failed && region && !region.querySelector("[data-failed]")) region.append(failed.content.cloneNode(true));
  });
}

for (const drop of document.querySelectorAll("[data-drop]")) {
  const input = drop.querySelector("input[type=file]");
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
