// Shows how far a message has come while it is being sent: asks for the same page again every few seconds until nothing is in
// line any more. Without this it is as it was when the page was opened.
const EVERY = 4_000;
const UNTIL = 30 * 60_000;
const opened = Date.now();
const parts = [...document.querySelectorAll("[data-live]")];
const told = document.querySelector("[data-live-done]");
wait();

function wait() {
  const underWay = document.querySelector("[data-under-way]");
  if (underWay && !document.hidden && Date.now() - opened < UNTIL) setTimeout(ask, EVERY);
}

async function ask() {
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(10_000) });
    if (answer.ok && !answer.redirected) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch { /* no line: what stands here stays, and is asked for again */ }
  wait();
}

function show(page) {
  for (const part of parts) {
    const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!fresh || part.innerHTML === fresh.innerHTML || part.contains(document.activeElement)) continue;
    part.toggleAttribute("data-under-way", fresh.hasAttribute("data-under-way"));
    part.replaceChildren(...fresh.childNodes);
  }
  if (!document.querySelector("[data-under-way]")) told.textContent = told.dataset.liveDone;
}

document.addEventListener("visibilitychange", wait);
