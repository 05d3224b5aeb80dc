// Marks attendance without leaving the page. A tap is kept here until the server has it: the line may be bad, so it is sent
// again, with the same name, until it is heard. Without this every button is a plain form.
const roll = document.querySelector("[data-roll]");
if (roll) start(roll);

function start(roll) {
  const box = `attendance:${roll.dataset.roll}:`;
  const line = roll.querySelector("[data-line]");
  const rows = [...roll.querySelectorAll("[data-person]")];
  const rowOf = (id) => rows.find((row) => row.dataset.person === id);
  let since = roll.dataset.since;
  let taps = kept();
  let busy = false;
  let timer = 0;
  let stuck = "";

  function kept() {
    const found = [];
    try {
      for (let at = 0; at < localStorage.length; at += 1) {
        const key = localStorage.key(at);
        if (key.startsWith(box)) found.push(JSON.parse(localStorage.getItem(key)));
      }
    } catch { /* no storage: taps live as long as the page */ }
    return found.sort((one, other) => one.order - other.order);
  }

  const keep = (tap) => { try { localStorage.setItem(box + tap.token, JSON.stringify(tap)); } catch { /* as above */ } };
  const drop = (tap) => {
    taps = taps.filter((one) => one.token !== tap.token);
    try { localStorage.removeItem(box + tap.token); } catch { /* as above */ }
  };

  function show(row, state, minutes) {
    row.dataset.state = state;
    for (const button of row.querySelectorAll(".roll__two button")) {
      const on = button.value === state;
      button.setAttribute("aria-pressed", String(on));
      button.dataset.variant = on ? "primary" : "secondary";
    }
    const partly = row.querySelector(".roll__partly");
    if (partly) {
      partly.querySelector("summary").dataset.variant = state === "partly" ? "primary" : "secondary";
      if (minutes) partly.querySelector("[name=minutes]").value = minutes;
      partly.open = false;
    }
    count();
  }

  function count() {
    const here = rows.filter((row) => ["present", "partly"].includes(row.dataset.state)).length;
    const rest = rows.filter((row) => !row.dataset.state).length;
    roll.querySelectorAll("[data-sum-mode]").forEach((line) => {
      const room = rows.filter((row) => row.dataset.mode === line.dataset.sumMode);
      const there = room.filter((row) => ["present", "partly"].includes(row.dataset.state)).length;
      line.textContent = line.dataset.words.replace("#", there).replace("§", room.length);
    });
    roll.querySelector("[data-sum-here]").textContent = roll.dataset.here.replace("#", here).replace("§", rows.length);
    roll.querySelector("[data-sum-rest]").textContent = rest ? roll.dataset.rest.replace("#", rest) : "";
  }

  function settle(fact) {
    const row = rowOf(String(fact.id));
    const newer = taps.some((tap) => tap.person === String(fact.id) || (tap.person === "all" && !fact.state));
    if (!row || newer) return;
    show(row, fact.state, fact.minutes);
    const minutes = fact.state === "partly" ? `${fact.minutes} min. ` : "";
    row.querySelector("[data-said]").textContent = minutes + fact.said;
    const undo = row.querySelector("[data-tap=undo]");
    if (!undo) return;
    undo.hidden = !fact.state;
    undo.querySelector("[name=state]").value = fact.undo;
    undo.querySelector("[name=minutes]").value = fact.undo_minutes ?? "";
  }

  function guess(tap) {
    const state = tap.state === "none" ? "" : tap.state;
    const hit = tap.person === "all" ? rows.filter((row) => !row.dataset.state) : [rowOf(tap.person)].filter(Boolean);
    for (const row of hit) {
      show(row, tap.person === "all" ? "present" : state, tap.minutes);
      row.querySelector("[data-said]").textContent = "";
      const undo = row.querySelector("[data-tap=undo]");
      if (undo) undo.hidden = true;
    }
  }

  function tell(words) {
    line.classList.toggle("roll-line--waiting", taps.length > 0);
    line.textContent = words.replace("#", taps.length);
  }

  async function send() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    let refused = "";
    while (taps.length) {
      const tap = taps[0];
      stuck = "";
      if (navigator.onLine) tell(line.dataset.sending);
      const answer = await post(tap);
      if (!answer) break;
      drop(tap);
      for (const fact of answer.rows ?? []) settle(fact);
      since = answer.since ?? since;
      if (answer.refused) refused = answer.refused;
    }
    busy = false;
    tell(taps.length ? stuck || line.dataset.waiting : refused || line.dataset.saved);
    if (taps.length) timer = setTimeout(send, 4000);
  }

  // What the server said; nothing when the tap must be kept.
  async function post(tap) {
    const form = document.querySelector(tap.person === "all" ? "form[data-tap=all]" : `#p${CSS.escape(tap.person)} form[data-tap]`);
    if (!form) return { refused: line.dataset.gone };
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, tap: tap.token, since, state: tap.state, minutes: tap.minutes });
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(15000) });
      if (answer.type === "opaqueredirect") stuck = line.dataset.logIn;
      if (answer.status === 404) return { refused: line.dataset.gone };
      if (![200, 422].includes(answer.status)) return null;
      const told = await answer.json();
      if (!told.again) return told;
      stuck = line.dataset.again;
    } catch { /* no line, or it broke: the tap stays */ }
    return null;
  }

  roll.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.tap) return;
    event.preventDefault();
    const state = form.dataset.tap === "all" ? "" : event.submitter?.name === "state" ? event.submitter.value : form.elements.state.value;
    const field = form.elements.minutes;
    const minutes = state === "partly" ? field.value.trim() : "";
    if (state === "partly" && form.dataset.tap === "one") {
      const right = /^\d+$/.test(minutes) && Number(minutes) >= 1 && Number(minutes) <= Number(roll.dataset.longest);
      field.setCustomValidity(right ? "" : roll.dataset.wrong);
      if (!field.reportValidity()) return;
    }
    const person = form.dataset.tap === "all" ? "all" : form.closest("[data-person]").dataset.person;
    for (const old of taps.slice(busy ? 1 : 0)) if (old.person === person && person !== "all") drop(old);
    const tap = { person, state, minutes, token: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, order: Math.max(Date.now(), (taps.at(-1)?.order ?? 0) + 1) };
    taps.push(tap);
    keep(tap);
    guess(tap);
    tell(navigator.onLine ? line.dataset.sending : line.dataset.waiting);
    send();
  });
  roll.addEventListener("input", (event) => event.target.setCustomValidity?.(""));
  addEventListener("online", send);

  const search = roll.querySelector("[data-search]");
  search.hidden = rows.length < 6;
  search.querySelector("input").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLocaleLowerCase("nb");
    for (const row of rows) row.hidden = !row.querySelector(".roll__name").textContent.toLocaleLowerCase("nb").includes(wanted);
    for (const group of roll.querySelectorAll(".roll-group")) group.hidden = ![...group.nextElementSibling.children].some((row) => !row.hidden);
  });

  for (const tap of taps) guess(tap);
  if (taps.length) send();
}
