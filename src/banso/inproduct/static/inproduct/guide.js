/* Banso: the right guide or announcement in your own product.

   <script src="https://…/static/inproduct/guide.js" data-key="web_…" data-identity="…" async></script>

   data-key       a write key for browsers
   data-identity  who is signed in, as your server signed it; read anew each time it is needed
   data-lang      ja or en, where the page's own lang does not say it

   Keeps nothing on the device. Asks again when the path changes. Never throws into your page. */
(() => {
  "use strict";
  const tag = document.currentScript;
  const once = Symbol.for("banso.guide");
  if (!tag || window[once]) return;
  window[once] = true;

  const NAMES = new Set(
    ("p h3 h4 ul ol li blockquote pre code strong em s a img br hr "
      + "table thead tbody tr th td").split(" "));
  const CSS = `
    :host { all: initial !important; }
    .card, .card * { box-sizing: border-box; }
    .card {
      --paper: #fffefb; --ink: #1d1c1a; --soft: #524e47; --rule: #d9d5cb;
      --mark: #2f3d8a; --on-mark: #fff; --sunk: #f3f1ea;
      position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000;
      display: flex; flex-direction: column;
      inline-size: min(24rem, calc(100vw - 2rem)); max-block-size: min(32rem, calc(100vh - 2rem));
      border: 1px solid var(--rule); border-block-start: 3px solid var(--mark);
      border-radius: .5rem; background: var(--paper); color: var(--ink);
      box-shadow: 0 .5rem 2rem rgb(0 0 0 / .18);
      font: 400 .9375rem/1.65 system-ui, "Hiragino Sans", "Noto Sans JP", sans-serif;
      text-align: start; overflow-wrap: anywhere; color-scheme: light;
    }
    @media (prefers-color-scheme: dark) {
      .card {
        --paper: #1d1f24; --ink: #eae8e2; --soft: #b8b4ab; --rule: #3b3e46;
        --mark: #a9b4f4; --on-mark: #14161f; --sunk: #282b32; color-scheme: dark;
      }
    }
    @media (prefers-reduced-motion: no-preference) {
      .card { animation: come .22s ease-out; }
      @keyframes come { from { opacity: 0; transform: translateY(.75rem); } }
    }
    @media print { .card { display: none; } }
    header { display: flex; gap: .5rem; align-items: start; padding: .75rem 1rem 0; }
    header > div { flex: 1; min-inline-size: 0; }
    .card:lang(ja), .card :lang(ja) { line-break: strict; word-break: auto-phrase; }
    .kind { margin: 0; font-size: .75rem; color: var(--soft); }
    h2 { margin: 0; font-size: 1.0625rem; line-height: 1.4; }
    .part { margin: 0 0 .5rem; font-size: .9375rem; font-weight: 650; line-height: 1.5; }
    .body { flex: 1; min-block-size: 0; overflow: auto; padding: .5rem 1rem; }
    .body > :first-child { margin-block-start: 0; }
    .body > :last-child { margin-block-end: 0; }
    p, ul, ol, blockquote, pre, table { margin: .5rem 0; }
    ul, ol { padding-inline-start: 1.4em; }
    h3, h4 { margin: .75rem 0 .25rem; font-size: .9375rem; }
    img { max-inline-size: 100%; block-size: auto; border: 1px solid var(--rule); }
    a { color: var(--mark); text-underline-offset: .18em; }
    pre { overflow: auto; padding: .5rem; background: var(--sunk); font-size: .8125rem; }
    blockquote { margin-inline: 0; padding-inline-start: .75rem; color: var(--soft);
      border-inline-start: 2px solid var(--mark); }
    table { border-collapse: collapse; }
    th, td { padding: .2rem .5rem; border-block-end: 1px solid var(--rule); text-align: start; }
    footer { display: flex; gap: .5rem; align-items: center; padding: .5rem 1rem .75rem; }
    .at { flex: 1; font-size: .8125rem; color: var(--soft); font-variant-numeric: tabular-nums; }
    button { min-block-size: 2.25rem; padding: .25rem .9rem; border: 1px solid var(--rule);
      border-radius: .375rem; background: transparent; color: var(--ink); font: inherit;
      cursor: pointer; }
    button.main { border-color: var(--mark); background: var(--mark); color: var(--on-mark);
      font-weight: 600; }
    button.close { min-inline-size: 2.25rem; padding: 0; border-color: transparent;
      font-size: 1.25rem; line-height: 1; }
    :focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
    [hidden] { display: none; }
    .said { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden;
      clip-path: inset(50%); white-space: nowrap; }`;

  const home = new URL(tag.src).origin;
  const closed = new Set();
  let visit = "";
  let card = null;
  let asked = 0;
  let path = "";

  /* What goes wrong here stays here. */
  const safely = (act) => (...said) => {
    try {
      const going = act(...said);
      if (going && going.catch) going.catch(() => {});
    } catch (error) { /* the page goes on */ }
  };

  const send = (where, content, more) => fetch(home + where, Object.assign({
    method: "POST",
    body: JSON.stringify(content),
    headers: { "Content-Type": "text/plain" },
    credentials: "omit",
    referrerPolicy: "strict-origin",
  }, more));

  const ask = async () => {
    const identity = tag.dataset.identity || "";
    const said = {
      key: tag.dataset.key || "",
      page: location.pathname,
      language: tag.dataset.lang || document.documentElement.lang || navigator.language || "",
      without: Array.from(closed).join(","),
    };
    const answer = identity
      ? await send("/v1/guide", Object.assign({ identity }, said))
      : await fetch(`${home}/v1/guide?${new URLSearchParams(said)}`, {
        credentials: "omit", referrerPolicy: "strict-origin",
      });
    return answer.ok ? (await answer.json()).shown : null;
  };

  const tell = safely((shown, what) => send("/v1/guide/told", {
    key: tag.dataset.key || "",
    identity: tag.dataset.identity || "",
    placement: shown.placement,
    what,
    visit,
    page: location.pathname,
  }, { keepalive: true }));

  const made = (name, said, ...within) => {
    const element = Object.assign(document.createElement(name), said);
    element.append(...within);
    return element;
  };

  /* Elements by name from the one list; texts as texts. */
  const draw = (nodes, into, deep) => {
    for (const node of nodes) {
      if (typeof node === "string") into.append(node);
      else if (Array.isArray(node) && NAMES.has(node[0]) && deep < 40) {
        const element = document.createElement(node[0]);
        dress(element, node[1]);
        draw(node[2], element, deep + 1);
        into.append(element);
      }
    }
    return into;
  };

  const dress = (element, said) => {
    if (element.localName === "a" && /^(https?:\/\/|mailto:)/i.test(said.href)) {
      Object.assign(element, { href: said.href, target: "_blank", rel: "noopener noreferrer" });
    }
    if (element.localName === "img" && String(said.src).startsWith(`${home}/v1/guide/`)) {
      Object.assign(element, { alt: said.alt || "", src: said.src });
    }
    if (element.localName === "ol" && said.start) element.start = said.start;
  };

  const within = () => Boolean(card && card.root.activeElement);

  const leave = () => {
    if (!card) return;
    const { back, host } = card;
    const inside = within();
    card = null;
    host.remove();
    if (inside && back && back.isConnected) back.focus();
  };

  const end = (what) => {
    if (!card) return;
    closed.add(card.shown.placement);
    tell(card.shown, what);
    leave();
  };

  const show = (shown) => {
    const { words, steps } = shown;
    const host = document.createElement("banso-guide");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];

    const said = made("div", { className: "said", lang: shown.reader });
    said.setAttribute("role", "status");
    const title = made("h2", { id: "title", lang: shown.language }, shown.title);
    const close = made("button", { type: "button", className: "close" }, "×");
    close.setAttribute("aria-label", words.close);
    const body = made("div", { className: "body", lang: shown.language });
    const at = made("span", { className: "at" });
    const back = made("button", { type: "button" }, words.back);
    const main = made("button", { type: "button", className: "main" });
    const box = made("section", { className: "card", lang: shown.reader },
      made("header", {},
        made("div", {}, made("p", { className: "kind" }, words.kind), title), close),
      body,
      made("footer", {}, at, back, main));
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-labelledby", "title");

    let place = 0;
    const turn = (to, aloud) => {
      place = to;
      const step = steps[to] || { title: "", nodes: [] };
      const last = to >= steps.length - 1;
      body.textContent = "";
      if (step.title) body.append(made("h3", { className: "part" }, step.title));
      draw(step.nodes, body, 0);
      body.scrollTop = 0;
      body.tabIndex = body.scrollHeight > body.clientHeight ? 0 : -1;
      at.textContent = steps.length > 1 ? `${to + 1} / ${steps.length}` : "";
      back.hidden = to === 0;
      main.textContent = last ? words.done : words.next;
      if (aloud) said.textContent = `${at.textContent} ${step.title}`;
    };
    close.addEventListener("click", safely(() => end("closed")));
    back.addEventListener("click", safely(() => {
      turn(place - 1, true);
      if (back.hidden) main.focus();
    }));
    main.addEventListener("click", safely(() => {
      if (place < steps.length - 1) turn(place + 1, true);
      else end("done");
    }));
    root.addEventListener("focusin", safely((event) => {
      const from = event.relatedTarget;
      if (card && from && !root.contains(from)) card.back = from;
    }));

    root.append(box, said);
    document.body.append(host);
    card = { shown, host, root, back: null };
    turn(0, false);
    setTimeout(safely(() => {
      said.textContent = `${words.kind}: ${shown.title} – ${words.hint}`;
    }), 150);
    tell(shown, "shown");
  };

  const look = async () => {
    const turn = ++asked;
    path = location.pathname;
    const shown = await ask();
    if (turn !== asked) return;
    const same = card && shown && card.shown.placement === shown.placement;
    if (same) return;
    leave();
    if (shown && !closed.has(shown.placement)) show(shown);
  };

  const moved = safely(() => (location.pathname === path ? null : look()));

  const start = safely(() => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    visit = Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
    document.addEventListener("keydown", safely((event) => {
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || !card) return;
      const active = document.activeElement;
      if (within() || !active || active === document.body) end("closed");
    }));
    window.addEventListener("popstate", moved);
    if (window.navigation) window.navigation.addEventListener("currententrychange", moved);
    return look();
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
