// Keeps what the page says about seats true while somebody reads it: asks for the same page again now and then, and puts
// the server's own words and picture in place. Without this they are as they were when the page was opened.
const EVERY = 30_000;
const UNTIL = 30 * 60_000;
const told = document.querySelector("[data-live-said]");
const opened = Date.now();
let asked = opened;
let timer = 0;
let closed = false;
if (told) wait();

function wait() {
  clearTimeout(timer);
  if (closed || document.hidden || Date.now() - opened >= UNTIL) return;
  timer = setTimeout(ask, Math.max(0, asked + EVERY - Date.now()));
}

async function ask() {
  asked = Date.now();
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(10_000) });
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch { /* no line: what stands here stays, and is asked for again */ }
  wait();
}

function show(page) {
  const parts = [...document.querySelectorAll("[data-live]")];
  const pairs = parts.map((part) => [part, page.querySelector(`[data-live="${part.dataset.live}"]`)]);
  if (pairs.some(([, fresh]) => !fresh)) { // it cannot be signed up for any more, so another page answered
    closed = true;
    told.classList.remove("ds-sr-only");
    say(told.dataset.closed);
    return;
  }
  const seats = (part) => part.querySelector(".seats") ? [...part.querySelectorAll(".seats")].map(words).join(" ") : words(part);
  let news = "";
  for (const [part, fresh] of pairs) {
    if (part.innerHTML === fresh.innerHTML) continue;
    if (part.dataset.live === "seats" && seats(part) !== seats(fresh)) news = seats(fresh);
    const here = part.contains(document.activeElement);
    part.replaceChildren(...fresh.childNodes);
    if (here) part.querySelector("a, button")?.focus();
  }
  const main = document.querySelector("main[data-event]");
  if (main) main.dataset.seatsLeft = page.querySelector("main").dataset.seatsLeft ?? "";
  if (news) say(told.dataset.words.replace("#", news));
}

function words(part) {
  return part.textContent.replace(/\s+/g, " ").trim();
}

function say(text) {
  if (told.textContent !== text) told.textContent = text;
}

document.addEventListener("visibilitychange", wait);
