// Review: accept, reject or edit the chosen change or flag; the server keeps each decision at once.
window.review = (() => {
  const names = { accept: "Accept", reject: "Reject", edit: "Edit…" };
  const signs = { accept: "accepted", reject: "rejected", edit: "edited" };
  const originals = new Map(); // what the clean side showed before a decision
  let state = data.review;
  let trouble = ""; // why the last decision was not saved
  let last = Promise.resolve(); // requests go one after the other
  let writing = null; // page and item of which the text is being written

  const decisionOf = (number, key) => state.decisions[number + ":" + key];

  function send(path, body) {
    return last = last.then(() => post(path, body));
  }

  async function post(path, body) {
    trouble = "";
    try {
      const headers = { "Content-Type": "application/json", "X-Cleaner-Token": data.review.token };
      const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(await answer.text());
      state = { ...state, ...await answer.json() };
      return true;
    } catch (error) {
      trouble = "Not saved: " + error.message;
      return false;
    } finally {
      paint();
      redraw();
    }
  }

  async function decide(verdict, text = "") {
    if (current === null || !allowed(describe(current)).includes(verdict)) return;
    const key = current, number = page, old = decisionOf(page, key);
    const same = verdict !== "edit" && old && old.verdict === verdict;
    const saved = await send("/decide", { page, item: key, verdict: same ? "clear" : verdict, text });
    if (!saved) return; // what was written stays to be read
    if (verdict === "edit") leave(number, key);
    if (!same && current === key && page === number) step(1);
  }

  function allowed(item) {
    if (item.flag) return item.suggestion === null ? ["reject", "edit"] : ["accept", "reject", "edit"];
    return item.kind === "move" ? ["accept", "reject"] : ["accept", "reject", "edit"];
  }

  function edit() {
    if (current === null) return;
    const item = describe(current), old = decisionOf(page, current);
    if (!allowed(item).includes("edit")) return;
    const box = make("textarea", { id: "own", lang: "zh", "aria-label": "Text that shall stand here" });
    box.value = old && old.verdict === "edit" ? old.text : item.flag ? item.suggestion || flaggedText(item) : item.after;
    const save = make("button", { type: "button", id: "save" }, "Save");
    const back = make("button", { type: "button" }, "Leave");
    save.addEventListener("click", () => decide("edit", box.value));
    back.addEventListener("click", () => show(current));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") show(current);
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) decide("edit", box.value);
    });
    show(current);
    writing = [page, current];
    $("decide").append(make("div", { class: "writing" }, box, save, " ", back));
    box.focus();
  }

  function leave(number, key) {
    if (writing && writing[0] === number && writing[1] === key) show(current);
  }

  const flaggedText = (item) => (view().elements.get(item.key) || []).filter((e) => e.closest(".raw")).map((e) => e.textContent).join("");

  function show(key) { // of another item: what was being written is let go
    writing = null;
    redraw(key);
  }

  function redraw(key = current) {
    const panel = $("decide"), kept = writing === null ? [] : [...panel.querySelectorAll(".writing")];
    for (const child of [...panel.childNodes]) if (!kept.includes(child)) child.remove();
    panel.hidden = false;
    const buttons = make("div", { class: "verdicts", role: "group", "aria-label": "Decision" });
    const decision = key === null ? undefined : decisionOf(page, key);
    if (key !== null) {
      for (const verdict of allowed(describe(key))) {
        const button = make("button", { type: "button", "data-verdict": verdict, "aria-pressed": String(decision?.verdict === verdict) }, describe(key).flag && verdict === "reject" ? "Dismiss" : names[verdict]);
        button.addEventListener("click", () => verdict === "edit" ? edit() : decide(verdict));
        buttons.append(button);
      }
    }
    const undo = make("button", { type: "button", id: "undo" }, "Undo");
    undo.disabled = state.undo === 0;
    undo.addEventListener("click", () => send("/undo", {}));
    buttons.append(undo);
    const done = Object.keys(state.decisions).length;
    const all = data.pages.reduce((sum, { changes, flags }) => sum + changes.length + flags.length, 0);
    panel.prepend(buttons, make("p", { id: "verdict", class: "small" }, (decision ? "This one is " + signs[decision.verdict] + ". " : "") + done + " of " + all + " decided."), make("p", { id: "trouble", role: "alert" }, trouble));
  }

  function paint() {
    const { elements } = view();
    for (const [key, marks] of elements) {
      const decision = decisionOf(page, key), item = describe(key);
      for (const element of marks) {
        for (const verdict of Object.keys(signs)) element.classList.toggle("v-" + verdict, decision?.verdict === verdict);
        if (element.matches(".clean ins")) stand(element, item, decision);
      }
      if (item.flag) answer(marks.filter((element) => element.matches(".clean .f")), item, decision);
    }
  }

  function answer(marks, item, decision) { // what stands now in the place of a flagged text
    const text = { accept: item.suggestion, edit: decision?.text }[decision?.verdict];
    marks.forEach((element) => { delete element.dataset.stands; });
    if (marks.length && text !== undefined) marks[marks.length - 1].dataset.stands = signed(text);
  }

  function stand(element, item, decision) { // show on the clean side what stands there now
    if (!originals.has(element)) originals.set(element, [...element.childNodes].map((node) => node.cloneNode(true)));
    if (decision?.verdict === "reject") element.textContent = signed(item.before);
    else if (decision?.verdict === "edit") element.textContent = signed(decision.text);
    else element.replaceChildren(...originals.get(element).map((node) => node.cloneNode(true)));
    element.classList.toggle("nil", element.textContent === "");
  }

  document.body.classList.add("reviewing");
  document.querySelector("h1").textContent = "Review";
  document.title = "Cleaner: review";
  return { show, paint, keys: { a: () => decide("accept"), r: () => decide("reject"), e: edit, u: () => send("/undo", {}) } };
})();
choose(null);
review.paint();
