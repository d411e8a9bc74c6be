"use strict";
// The report's behaviour: choose a page, filter, step through the changes, show why each was made.
// Text of a page is only ever set as text (textContent), never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const sections = [...document.querySelectorAll("section.page")];
const SIGNS = { "\n": "⏎", "\t": "⇥", "\r": "␍" };
const views = []; // of each page, once it was shown: its items in the order of the text, their elements
let page = 0;
let current = null; // key of the chosen item: "e12" a change, "f3" a flag

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// What cannot be printed is shown by a sign or its number: a control of writing direction must not reorder the page.
const codeOf = (char) => "<U+" + char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + ">";
const signed = (text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => SIGNS[char] || codeOf(char));

function view(number = page) {
  if (views[number]) return views[number];
  const found = new Map();
  const add = (key, element) => found.has(key) ? found.get(key).push(element) : found.set(key, [element]);
  for (const element of sections[number].querySelectorAll("[data-e], [data-f]")) {
    if (element.dataset.e !== undefined) add("e" + element.dataset.e, element);
    if (element.dataset.f !== undefined) for (const flag of element.dataset.f.split(" ")) add("f" + flag, element);
  }
  return views[number] = { items: [...found.keys()], elements: found, shown: [...found.keys()] };
}

function describe(key, on = page) {
  const number = Number(key.slice(1));
  if (key[0] === "f") {
    const [code, message, line, column, suggestion] = data.pages[on].flags[number];
    return { key, number, flag: true, kind: "flag", rule: code, tier: "", line, column, message, suggestion };
  }
  const [kind, rule, tier, line, column, before, after, sure, note] = data.pages[on].changes[number];
  return { key, number, flag: false, kind, rule, tier, line, column, before, after, sure, note };
}

// Filters

function wanted() {
  const kinds = new Set([...document.querySelectorAll("#kinds input:checked")].map((box) => box.value));
  const [rule, tier, flag] = ["rule", "tier", "flag"].map((id) => $(id).value);
  return (item) => {
    if (item.flag) return kinds.has("flag") && !tier && flag !== "-" && (!rule || item.rule === rule) && (!flag || item.rule === flag);
    return kinds.has(item.kind) && (!flag || flag === "-") && (!tier || item.tier === tier) && (!rule || item.rule.split("+").includes(rule));
  };
}

function filter() {
  const here = view(), fits = wanted(), on = new Set();
  sections.forEach((_, number) => { view(number).shown = view(number).items.filter((key) => fits(describe(key, number))); });
  for (const option of $("page").options) option.textContent = data.pages[option.value].name + " (" + view(Number(option.value)).shown.length + ")";
  here.shown.forEach((key) => on.add(key));
  for (const element of sections[page].querySelectorAll("[data-e], [data-f]")) {
    const keys = element.dataset.e !== undefined ? ["e" + element.dataset.e] : element.dataset.f.split(" ").map((n) => "f" + n);
    element.classList.toggle("off", !keys.some((key) => on.has(key)));
  }
  $("shown").textContent = here.shown.length + " of " + here.items.length + " shown";
  if (current !== null && !on.has(current)) choose(null);
  else { headline(); reach(); }
}

function reach() { // by Tab one mark is reached: the chosen one, else the first
  for (const element of document.querySelectorAll(".e[tabindex='0'], .f[tabindex='0']")) element.tabIndex = -1;
  const key = current === null ? view().shown[0] : current;
  if (key !== undefined) view().elements.get(key)[0].tabIndex = 0;
}

// Choosing

function headline() {
  const { shown } = view();
  const at = shown.indexOf(current), nowhere = views.every((one) => one.shown.length === 0);
  $("place").textContent = nowhere ? "Nothing to show" : shown.length === 0 ? "Nothing to show on this page" : at < 0 ? "No change chosen" : "Change " + (at + 1) + " of " + shown.length;
  $("back").disabled = nowhere;
  $("next").disabled = nowhere;
}

function unmark(name) {
  for (const element of document.querySelectorAll("." + name)) element.classList.remove(name);
}

function choose(key, focus = false) {
  unmark("now");
  unmark("partner");
  unmark("chosen");
  current = key;
  headline();
  reach();
  tell(key);
  if (window.review) window.review.show(key);
  if (key === null) return;
  const elements = view().elements.get(key);
  elements.forEach((element) => element.classList.add("now"));
  const ribbon = sections[page].querySelectorAll('[data-ribbon="' + key + '"]');
  ribbon.forEach((element) => element.classList.add("chosen"));
  if (focus) {
    elements[0].focus({ preventScroll: true });
    show(elements);
  }
}

function room() { // what of the window is free: on narrow screens the panel covers the lower part
  const panel = $("detail");
  return getComputedStyle(panel).position === "fixed" ? innerHeight - panel.offsetHeight : innerHeight;
}

function show(elements) { // both sides if they fit, else the raw one
  const boxes = elements.map((element) => element.getBoundingClientRect()), free = room();
  let top = Math.min(...boxes.map((box) => box.top)), bottom = Math.max(...boxes.map((box) => box.bottom));
  if (bottom - top > free) ({ top, bottom } = boxes[0]);
  if (top < 0 || (bottom > free && top > 20)) scrollTo({ top: scrollY + top - Math.max((free - bottom + top) / 3, 20) });
}

function step(by) { // behind the last change of a page the next page that has some follows
  const { shown } = view(), end = by > 0 ? 0 : -1;
  const at = shown.indexOf(current), to = at < 0 ? shown.at(end) : shown[at + by];
  if (to !== undefined) return choose(to, true);
  const order = sections.map((_, n) => (page + by * (n + 1) + 2 * sections.length) % sections.length);
  const number = order.find((n) => view(n).shown.length > 0);
  if (number === undefined) return;
  if (number !== page) open(number);
  choose(view().shown.at(end), true);
}

function keyOf(target) {
  const element = target.closest(".e:not(.off), .f:not(.off)");
  if (!element || !element.closest("section.page") || target.closest("a")) return null;
  if (element.dataset.e !== undefined) return "e" + element.dataset.e;
  return "f" + element.dataset.f.split(" ").find((n) => view().shown.includes("f" + n));
}

// The panel

function tell(key) {
  const panel = $("told");
  panel.replaceChildren();
  if (key === null) {
    panel.append(make("p", { class: "small" }, "Point at a mark in the text, or step through the changes."));
  } else {
    const item = describe(key);
    panel.append(...(item.flag ? flagged(item) : changed(item)));
  }
}

function head(item, name) {
  const line = make("p", {}, make("strong", { class: item.flag ? "label-flag" : "k-" + item.kind }, name), " ", make("code", {}, item.rule));
  if (item.tier) line.append(" ", make("span", { class: "tier" }, item.tier));
  return line;
}

function where(item) {
  return make("p", { class: "small" }, "Line " + item.line + ", column " + item.column + " of the raw text");
}

function changed(item) {
  const parts = [head(item, data.kinds[item.kind])];
  const pair = make("div", { class: "pair", lang: "zh" });
  if (item.before) pair.append(make("span", { class: "small", lang: "en" }, item.kind === "move" ? "text" : "raw"), make(item.kind === "move" ? "span" : "del", { class: "long" }, signed(item.before)));
  if (item.kind !== "move") pair.append(make("span", { class: "small", lang: "en" }, "clean"), item.after ? make("ins", {}, signed(item.after)) : make("span", { class: "small", lang: "en" }, "nothing"));
  parts.push(pair);
  for (const name of item.rule.split("+")) if (data.rules[name]) parts.push(make("p", {}, data.rules[name]));
  if (Array.isArray(item.note)) parts.push(evidence(item.note));
  else if (item.note) parts.push(make("p", {}, "Note: " + item.note));
  const sure = make("p", { class: "small" }, "Confidence ", make("meter", { min: 0, max: 1, value: item.sure, "aria-label": "Confidence" }), " " + item.sure.toFixed(2));
  return [...parts, sure, where(item)];
}

function evidence(pairs) {
  const body = make("tbody");
  const number = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
  for (const [name, weight] of pairs) {
    const about = make("td", {}, make("code", {}, name), " ", make("span", { class: "small" }, data.rules[name] || ""));
    body.append(make("tr", {}, make("td", {}, number(weight)), about));
  }
  const sum = pairs.reduce((total, [, weight]) => total + weight, 0);
  body.append(make("tr", { class: "sum" }, make("td", {}, number(sum)), make("td", {}, "sum of the log-odds: above 0 is joined")));
  return make("table", {}, make("caption", {}, "Evidence"), body);
}

function flagged(item) {
  const parts = [head(item, "flag"), make("p", {}, item.message)];
  if (item.suggestion !== null) parts.push(make("div", { class: "pair", lang: "zh" }, make("span", { class: "small", lang: "en" }, "suggested"), item.suggestion ? make("ins", {}, signed(item.suggestion)) : make("span", { lang: "en" }, "take it out")));
  return [...parts, where(item)];
}

function hint(target, key) {
  const { rule, message } = describe(key);
  target.title = rule + ": " + (message || rule.split("+").map((name) => data.rules[name] || name).join(" "));
}

// Pages

function open(number) {
  page = number;
  current = null;
  sections.forEach((section, n) => { section.hidden = n !== number; });
  $("page").value = String(number);
  filter();
  choose(null);
  if (window.review) window.review.paint();
}

function turn(by) {
  if (page + by < 0 || page + by >= sections.length) return;
  open(page + by);
  sections[page].scrollIntoView();
}

function fillFilters() {
  const count = {}, rules = {}, tiers = {}, flags = {};
  const add = (counts, name) => { counts[name] = (counts[name] || 0) + 1; };
  for (const { changes, flags: raised } of data.pages) {
    for (const [kind, rule, tier] of changes) {
      add(count, kind);
      add(tiers, tier);
      for (const name of new Set(rule.split("+"))) add(rules, name);
    }
    for (const [code] of raised) {
      add(count, "flag");
      add(flags, code);
    }
  }
  for (const [kind, name] of [...Object.entries(data.kinds), ["flag", "flags"]]) {
    if (!count[kind]) continue;
    const box = make("input", { type: "checkbox", value: kind, checked: "" });
    $("kinds").append(make("label", { class: kind === "flag" ? "label-flag" : "k-" + kind }, box, name + " " + count[kind]));
  }
  for (const [id, counts] of [["rule", rules], ["tier", tiers], ["flag", flags]]) {
    for (const name of Object.keys(counts).sort()) $(id).append(make("option", { value: name }, name + " (" + counts[name] + ")"));
  }
  data.pages.forEach(({ name }, number) => $("page").append(make("option", { value: number }, signed(name))));
}

// Events

$("filters").addEventListener("change", (event) => event.target.id === "page" ? open(Number(event.target.value)) : filter());
$("filters").addEventListener("reset", () => setTimeout(() => { $("page").value = String(page); filter(); }));
$("filters").addEventListener("submit", (event) => event.preventDefault());
$("back").addEventListener("click", () => step(-1));
$("next").addEventListener("click", () => step(1));
$("theme").addEventListener("change", () => {
  document.documentElement.dataset.theme = $("theme").value;
});
$("overview").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.page !== undefined) open(Number(button.dataset.page));
  if (button.dataset.rule !== undefined) { $("filters").reset(); $("rule").value = button.dataset.rule; filter(); step(1); }
  else $("work").scrollIntoView();
});
$("pages").addEventListener("click", (event) => {
  const key = keyOf(event.target);
  if (key !== null) choose(key);
});
$("pages").addEventListener("mouseover", (event) => {
  const key = keyOf(event.target);
  unmark("partner");
  if (key === null) return;
  view().elements.get(key).forEach((element) => element.classList.add("partner"));
  if (window.review) hint(event.target, key); // the panel shows what the buttons are about, and nothing else
  else if (key !== current) tell(key);
});
$("pages").addEventListener("mouseout", (event) => {
  if (keyOf(event.target) === null) return;
  unmark("partner");
  if (!window.review) tell(current);
});
$("pages").addEventListener("focusin", (event) => {
  const key = keyOf(event.target);
  if (key !== null && key !== current && event.target.matches(":focus-visible")) choose(key);
});
document.addEventListener("keydown", (event) => {
  if (!$("keys").checked || event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input[type=text], select, textarea")) return;
  const deeds = { j: () => step(1), k: () => step(-1), "]": () => turn(1), "[": () => turn(-1), "/": () => $("page").focus() };
  const deed = deeds[event.key] || (window.review && window.review.keys[event.key]);
  if (!deed) return;
  event.preventDefault();
  deed();
});

fillFilters();
if (matchMedia("(max-width: 60rem)").matches) $("overview").open = false;
open(0);
document.documentElement.dataset.ready = "yes";
