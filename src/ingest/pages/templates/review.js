"use strict";
// Search, filters and keys of the review page. Without it the page is whole, and can be read and printed.
(() => {
  const tools = document.getElementById("tools");
  const shown = document.getElementById("shown");
  const answers = document.getElementById("answers");
  const none = document.getElementById("none");
  const active = document.getElementById("active");
  const filters = document.getElementById("filters");
  const cards = [...document.querySelectorAll(".card")];
  const sheets = [...document.querySelectorAll(".sheet")];
  const clear = document.getElementById("clear");
  const NAMES = ["search", "doubtful", "file", "topic", "type", "rule", "severity"];
  const texts = new Array(cards.length);
  let current = -1;

  // Words are found whatever their accents and capitals.
  const fold = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
  const textOf = (at) => {
    if (texts[at] === undefined) {
      const card = cards[at];
      const parts = card.querySelectorAll(card.classList.contains("rejected") ? "h3, .note, .raw p" : "h3, .meta, .record");
      texts[at] = fold([...parts].map((part) => part.textContent).join("\n"));
    }
    return texts[at];
  };
  const prepare = (from) => {
    const end = performance.now() + 12;
    let at = from;
    while (at < cards.length && performance.now() < end) textOf(at++);
    if (at < cards.length) later(() => prepare(at));
  };
  const later = window.requestIdleCallback ? (work) => requestIdleCallback(work) : (work) => setTimeout(work, 30);

  const wanted = () => {
    const values = {};
    for (const [name, value] of new FormData(tools)) if (value.trim()) values[name] = value;
    return values;
  };
  const fits = (at, want, words) => {
    const card = cards[at], data = card.dataset;
    return !(want.doubtful && !card.matches(".doubtful, .rejected"))
      && (!want.file || data.file === want.file)
      && (!want.topic || data.topic === want.topic)
      && (!want.type || data.type === want.type)
      && (!want.rule || data.rule.split(" ").includes(want.rule))
      && (!want.severity || data.severity.split(" ").includes(want.severity))
      && words.every((word) => textOf(at).includes(word));
  };
  const counted = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, shown.dataset.thousands);
  // Thousands of cards that appear take longer than an answer may: the first ones come at once.
  let showing = 0;
  const show = (outs, from, most) => {
    let at = from;
    for (let changed = 0; at < cards.length && changed < most; at++) {
      if (cards[at].hidden === outs[at]) continue;
      cards[at].hidden = outs[at];
      if (!outs[at]) changed++;
    }
    if (at < cards.length) showing = setTimeout(() => show(outs, at, most));
  };
  // What was found is marked where it is on the screen; the browser paints it, so that no text changes.
  const hits = window.Highlight && CSS.highlights && new Highlight();
  if (hits) CSS.highlights.set("hit", hits);
  let words = [], marking = 0;
  const markIn = (node) => {
    let folded = "";
    const places = [];
    for (let at = 0; at < node.data.length; at++) {
      const letters = fold(node.data[at]);
      folded += letters;
      for (let count = letters.length; count > 0; count--) places.push(at);
    }
    for (const word of words) {
      for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
        hits.add(new StaticRange({ startContainer: node, startOffset: places[at], endContainer: node, endOffset: places[at + word.length - 1] + 1 }));
      }
    }
  };
  const mark = () => {
    hits.clear();
    if (!words.length) return;
    for (const card of cards) {
      if (card.hidden) continue;
      const { top, bottom } = card.getBoundingClientRect();
      if (top > innerHeight) break;
      if (bottom < 0) continue;
      const nodes = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
      while (nodes.nextNode()) {
        const text = fold(nodes.currentNode.data);
        if (words.some((word) => text.includes(word))) markIn(nodes.currentNode);
      }
    }
  };
  const markSoon = () => {
    if (!hits || !(words.length || hits.size)) return;
    clearTimeout(marking);
    marking = setTimeout(mark, 80);
  };
  addEventListener("scroll", markSoon, { passive: true });
  const apply = (atOnce = false) => {
    const want = wanted();
    words = fold(want.search || "").split(/\s+/).filter(Boolean);
    markSoon();
    const outs = cards.map((_, at) => !fits(at, want, words));
    const count = outs.filter((out) => !out).length;
    const filled = new Set(cards.filter((_, at) => !outs[at]).map((card) => card.parentElement));
    clearTimeout(showing);
    show(outs, 0, atOnce ? Infinity : 500);
    for (const sheet of sheets) sheet.hidden = count < cards.length && !filled.has(sheet);
    shown.value = shown.dataset.text.replace("{n}", counted(count)).replace("{total}", counted(cards.length));
    none.hidden = count > 0 || !cards.length;
    clear.hidden = !Object.keys(want).length;
    const chosen = NAMES.slice(2).filter((name) => want[name])
      .map((name) => name === "rule" ? want.rule : tools.elements[name].selectedOptions[0].text);
    filters.classList.toggle("active", chosen.length > 0);
    active.textContent = chosen.length ? `: ${chosen.join(" · ")}` : "";
  };

  // The address: "#q8" is a question, "#topic=Tea&doubtful=1" a filter, "#topic=Tea&at=q8" both.
  const here = (at) => {
    const values = new URLSearchParams(wanted());
    if (at !== undefined && !values.size) return `#${at}`;
    if (at !== undefined) values.set("at", at);
    return values.size ? `#${values}` : location.pathname + location.search;
  };
  let writing = 0;
  const write = (at) => {
    clearTimeout(writing);
    writing = setTimeout(() => history.replaceState(null, "", here(at)), 150);
  };
  const read = (opening) => {
    const hash = location.hash.slice(1);
    const values = hash.includes("=") ? new URLSearchParams(hash) : null;
    const anchor = values ? values.get("at") : hash;
    const at = anchor ? cards.findIndex((card) => card.id === anchor) : -1;
    if (values) {
      tools.reset();
      for (const name of NAMES) {
        const field = tools.elements[name];
        if (!field || !values.has(name)) continue;
        if (field.type === "checkbox") field.checked = true;
        else field.value = values.get(name);
      }
      apply(true);
      if (at < 0) document.getElementById("questions").scrollIntoView();
    } else if (opening || (at >= 0 && cards[at].hidden)) {
      tools.reset();
      apply(true);
    }
    if (at >= 0) go(at, false);
  };

  const go = (at, writes = true) => {
    current = at;
    const covered = getComputedStyle(tools).position === "sticky" ? tools.offsetHeight : 0;
    document.documentElement.style.scrollPaddingTop = `${covered + 12}px`;
    cards[at].focus({ preventScroll: true });
    cards[at].scrollIntoView({ block: "start" });
    if (writes) write(cards[at].id);
  };
  const step = (by) => {
    let at = current;
    if (at < 0) {
      // From what is on the screen now.
      const top = tools.getBoundingClientRect().bottom;
      at = cards.findIndex((card) => !card.hidden && card.getBoundingClientRect().bottom > top + 40);
      if (at < 0) at = cards.length;
      if (by > 0) at -= 1;
    }
    for (at += by; at >= 0 && at < cards.length; at += by) if (!cards[at].hidden) return go(at);
  };
  const answerOf = (card) => card.querySelector(":scope > .record > .answer");
  const reveal = () => {
    if (current < 0 || cards[current].hidden) step(1);
    const answer = current >= 0 && answerOf(cards[current]);
    if (answer) answer.open = !answer.open;
  };
  const revealAll = () => {
    const show = answers.getAttribute("aria-pressed") === "false";
    for (const card of cards) {
      const answer = answerOf(card);
      if (answer) answer.open = show;
    }
    answers.setAttribute("aria-pressed", show);
    answers.textContent = show ? answers.dataset.hide : answers.dataset.show;
  };
  const search = tools.elements.search;
  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    a: reveal,
    A: revealAll,
    d: () => { tools.elements.doubtful.click(); },
    "/": () => { search.focus(); search.select(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const panel = event.key === "Escape" && event.target.closest("#tools details[open]");
    if (panel) {
      panel.open = false;
      panel.firstElementChild.focus();
      return;
    }
    if (event.target.matches("input[type=search], select, textarea")) {
      if (event.key === "Escape" && event.target === search) {
        event.preventDefault();
        search.blur();
      } else if (event.key === "Enter" && event.target === search) {
        current = -1;
        step(1);
      }
      return;
    }
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  const note = (event) => {
    const card = event.target.closest && event.target.closest(".card");
    if (card) current = cards.indexOf(card);
  };
  document.addEventListener("focusin", note);
  document.addEventListener("pointerdown", note);

  let pending = 0;
  tools.addEventListener("input", () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => {
      // The first one found is wanted, wherever the page was. Asked before anything moves, which would cost a layout.
      const all = document.getElementById("questions");
      const isAbove = all.getBoundingClientRect().top < 0;
      current = -1;
      apply();
      write();
      if (isAbove) all.scrollIntoView();
    });
  });
  clear.addEventListener("click", () => { tools.reset(); current = -1; apply(); write(); search.focus(); });
  // What lies over the questions goes when one of them, or the other panel, is wanted.
  const leave = (event) => {
    for (const panel of tools.querySelectorAll("details[open]")) if (!panel.contains(event.target)) panel.open = false;
  };
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);
  tools.addEventListener("submit", (event) => event.preventDefault());
  answers.addEventListener("click", revealAll);
  for (const button of document.querySelectorAll(".copy")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest(".copy");
    if (!button) return;
    const entry = button.previousElementSibling;
    getSelection().selectAllChildren(entry);
    try {
      await navigator.clipboard.writeText(entry.textContent);
    } catch {
      document.execCommand("copy");
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = button.dataset.copy; }, 2000);
  });
  addEventListener("hashchange", () => read(false));

  tools.hidden = !cards.length;
  read(true);
  later(() => prepare(0));
})();
