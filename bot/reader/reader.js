// The page works without this script. It adds Telegram's theme, search, copying, and keys.
// Telegram's own script is on another host, so what a Mini App is given is read from the address here.
"use strict";

const given = new URLSearchParams(location.hash.slice(1));
const stored = (name) => {
  // Kept for this tab only: the address loses it at the first link.
  try {
    if (given.get(name)) sessionStorage.setItem(name, given.get(name));
    return given.get(name) || sessionStorage.getItem(name) || "";
  } catch {
    return given.get(name) || "";
  }
};

// -- the theme ------------------------------------------------------------------------------------

const COLOURS = {
  bg_color: "--bg", text_color: "--text", hint_color: "--hint", link_color: "--link",
  button_color: "--button", button_text_color: "--button-text", secondary_bg_color: "--second",
};

const brightness = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((share) => (share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (a, b) => {
  const [darker, lighter] = [brightness(a), brightness(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
};

function paint(theme) {
  const ground = theme.bg_color;
  if (!/^#[0-9a-f]{6}$/i.test(ground || "")) return;
  document.documentElement.dataset.theme = brightness(ground) < 0.2 ? "dark" : "light";
  for (const [name, variable] of Object.entries(COLOURS)) {
    const colour = theme[name];
    if (!/^#[0-9a-f]{6}$/i.test(colour || "")) continue;
    const beneath = name === "button_text_color" ? theme.button_color : ground;
    // Themes of people may be hard to read (WCAG 1.4.3): then our own colour stays.
    const isText = !["bg_color", "secondary_bg_color", "button_color"].includes(name);
    if (isText && contrast(colour, beneath || ground) < 4.5) continue;
    document.documentElement.style.setProperty(variable, colour);
  }
}

try {
  paint(JSON.parse(stored("tgWebAppThemeParams") || "{}"));
} catch { /* a theme that cannot be read is no reason not to read */ }

// -- Telegram -------------------------------------------------------------------------------------

function tell(event, data = {}) {
  if (window.TelegramWebviewProxy) {
    window.TelegramWebviewProxy.postEvent(event, JSON.stringify(data));
  } else if (window.external && "notify" in window.external) {
    window.external.notify(JSON.stringify({ eventType: event, eventData: data }));
  } else if (window.parent !== window) {
    window.parent.postMessage(JSON.stringify({ eventType: event, eventData: data }), "https://web.telegram.org");
  }
}
const hear = (event, data) => {
  if (event === "theme_changed" && data && data.theme_params) {
    try { sessionStorage.setItem("tgWebAppThemeParams", JSON.stringify(data.theme_params)); } catch { /* no storage */ }
    paint(data.theme_params);
  }
};
window.Telegram = { WebView: { receiveEvent: hear } };
window.addEventListener("message", (message) => {
  if (!/^https:\/\/([a-z]+\.)?telegram\.org$/.test(message.origin)) return;
  try {
    const { eventType, eventData } = JSON.parse(message.data);
    hear(eventType, eventData);
  } catch { /* not meant for us */ }
});

const initData = stored("tgWebAppData");
if (initData) {
  tell("web_app_ready");
  tell("web_app_expand");
}

// -- leave ----------------------------------------------------------------------------------------

function wanted() {
  const query = new URLSearchParams(location.search);
  const start = query.get("startapp") || query.get("tgWebAppStartParam") || given.get("tgWebAppStartParam")
    || new URLSearchParams(initData).get("start_param") || "";
  const named = /\/read\/s_([0-9A-Za-z]+-[0-9]+)$/.exec(location.pathname) || /^s_([0-9A-Za-z]+-[0-9]+)$/.exec(start);
  return named && named[1];
}

async function enter() {
  const citation = wanted();
  if (!citation || !initData) return;
  document.body.classList.add("opening");
  const base = document.body.dataset.base;
  const body = new URLSearchParams({ citation, init_data: initData });
  const answer = await fetch(`${base}/read/leave`, { method: "POST", body, credentials: "omit" });
  if (!answer.ok) throw new Error("no leave");
  const { address } = await answer.json();
  location.replace(`${base}/read/${address}`);
}

// -- the page -------------------------------------------------------------------------------------

const one = (selector) => document.querySelector(selector);
const say = (text) => {
  one(".status").textContent = text;
  if (text) setTimeout(() => { one(".status").textContent = ""; }, 4000);
};
const place = (citation) => `s_${citation}?key=${encodeURIComponent(document.body.dataset.key)}`;

function show() {
  const target = one(".sentence") || one(".box") || one("mark.answer") || one(".cited");
  if (target) target.scrollIntoView({ block: "center", behavior: "instant" });
  const cited = one(".cited");
  if (cited) cited.focus({ preventScroll: true });
}

// Selected text should lie on the letters: each line is stretched to its own width.
function fit() {
  for (const line of document.querySelectorAll(".layer span")) {
    line.style.transform = "";
    const share = line.offsetWidth / Math.max(1, line.scrollWidth);
    line.style.transform = `scaleX(${share})`;
  }
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  say(button.dataset.copied);
}

function quoting() {
  const style = one("#style");
  const chosen = () => one(`.quotation[data-style="${CSS.escape(style.value)}"]`);
  const choose = () => document.querySelectorAll(".quotation").forEach((quotation) => {
    quotation.hidden = quotation !== chosen();
  });
  one(".choices").hidden = false;
  style.addEventListener("change", choose);
  choose();
  one(".copy").addEventListener("click", (event) => {
    copy(chosen().querySelector("blockquote").textContent, event.currentTarget);
  });
  one(".copy-link").addEventListener("click", (event) => {
    copy(document.body.dataset.link || location.href, event.currentTarget);
  });
}

// Offsets count code points, as everywhere in Pincite; strings here count UTF-16 units.
function marked(text, spans) {
  const points = Array.from(text);
  const parts = [];
  let at = 0;
  for (const [start, end] of spans) {
    parts.push(points.slice(at, start).join(""));
    const word = document.createElement("b");
    word.textContent = points.slice(start, end).join("");
    parts.push(word);
    at = end;
  }
  parts.push(points.slice(at).join(""));
  return parts;
}

function snippet(passage) {
  const points = Array.from(passage.text);
  const first = passage.highlights.length ? passage.highlights[0][0] : 0;
  const start = Math.max(0, first - 40);
  const end = Math.min(points.length, start + 160);
  const spans = passage.highlights.filter(([a, b]) => a >= start && b <= end).map(([a, b]) => [a - start, b - start]);
  return [start ? "…" : "", ...marked(points.slice(start, end).join(""), spans), end < points.length ? "…" : ""];
}

function searching() {
  const box = one(".searching");
  const list = one(".found");
  box.hidden = false;
  one("form[role=search]").addEventListener("submit", async (event) => {
    event.preventDefault();
    list.replaceChildren();
    const query = new URLSearchParams({ q: one("#words").value, key: document.body.dataset.key });
    try {
      const answer = await fetch(`${event.target.getAttribute("action")}?${query}`, { credentials: "omit" });
      if (!answer.ok) throw new Error(answer.status);
      const passages = await answer.json();
      for (const passage of passages) {
        const entry = document.createElement("li");
        const link = document.createElement("a");
        const pin = document.createElement("small");
        pin.textContent = passage.pin;
        link.href = place(passage.citation);
        link.append(pin, ...snippet(passage));
        entry.append(link);
        list.append(entry);
      }
      say(passages.length ? list.dataset.matches.replace("{count}", passages.length) : list.dataset.none);
    } catch {
      say(list.dataset.failed);
    }
  });
}

function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const link = { ArrowLeft: one(".previous"), ArrowRight: one(".following") }[event.key];
    if (link) link.click();
    if (event.key === "/") {
      event.preventDefault();
      one(".searching").open = true;
      one("#words").focus();
    }
  });
}

if (document.body.classList.contains("shell")) {
  enter().catch(() => document.body.classList.remove("opening"));
} else if (one(".quoting")) {
  quoting();
  searching();
  keys();
  fit();
  addEventListener("resize", fit);
  show();
}
