// The menu behind @: colleagues who may read the customer, by keyboard or pointer. Without it,
// typing @ and the name does the same.

const MOST = 7; // more letters narrow it further than scrolling would
const menus = new WeakMap();
let numbers = 0;

function wordBefore(field) {
  const before = field.value.slice(0, field.selectionStart);
  const found = before.match(/(?:^|[^A-Za-z0-9])[@＠]([^@＠\n]{0,20})$/);
  return found ? found[1] : null;
}

async function menuOf(field) {
  if (menus.has(field)) return menus.get(field);
  const list = document.createElement("ul");
  menus.set(field, list);
  list.id = `colleagues-${(numbers += 1)}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.getAttribute("aria-label") || "@");
  list.hidden = true;
  const home = field.closest("[data-colleagues]");
  home.append(list);
  const answer = await fetch(home.dataset.colleagues, { headers: { "HX-Request": "true" } });
  if (answer.ok) list.innerHTML = await answer.text();
  [...list.children].forEach((option, number) => { option.id = `${list.id}-${number}`; });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    take(field, list, option);
  });
  return list;
}

function offered(list) {
  return [...list.children].filter((option) => !option.hidden);
}

function choose(field, list, option) {
  for (const each of list.children) each.setAttribute("aria-selected", String(each === option));
  if (option) {
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else field.removeAttribute("aria-activedescendant");
}

function close(field, list) {
  list.hidden = true;
  choose(field, list, null);
}

function take(field, list, option) {
  const at = field.selectionStart;
  const word = wordBefore(field) || "";
  field.setRangeText(`${option.dataset.name} `, at - word.length, at, "end");
  close(field, list);
  field.focus();
}

async function look(field) {
  if (wordBefore(field) === null) {
    if (menus.has(field)) close(field, menus.get(field));
    return undefined;
  }
  const list = await menuOf(field);
  const word = wordBefore(field); // what was typed while the names came counts
  if (word === null) return close(field, list);
  const asked = word.replace(/\s/g, "").toLowerCase();
  let shown = 0;
  for (const option of list.children) {
    const fits = option.dataset.name.replace(/\s/g, "").toLowerCase().includes(asked);
    option.hidden = !fits || shown >= MOST;
    shown += fits;
  }
  const found = offered(list);
  list.hidden = found.length === 0;
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  return choose(field, list, found[0] || null);
}

function steer(event) {
  const list = menus.get(event.target);
  if (!list || list.hidden) return;
  const found = offered(list);
  const now = found.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(event.target, list, found[(now + step + found.length) % found.length]);
  else if ((event.key === "Enter" || event.key === "Tab") && found[now]) take(event.target, list, found[now]);
  else if (event.key === "Escape") close(event.target, list);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-mentions]")) look(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches("[data-mentions]") && !event.isComposing) steer(event);
}, true);
document.addEventListener("focusout", (event) => {
  if (menus.has(event.target)) close(event.target, menus.get(event.target));
});
