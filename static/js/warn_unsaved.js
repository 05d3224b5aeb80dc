// Asks before what was typed in a long form is left behind. Without this the browser leaves at once.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  const said = () => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
  const before = said();
  const typed = form.dataset.unsaved === "POST"; // sent once, and shown again without being saved
  let leaving = false;
  document.querySelector("main").addEventListener("submit", () => {
    leaving = true;
    setTimeout(() => { leaving = false; }, 1000); // by then the browser has asked, or it stays here
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && (typed || said() !== before)) event.preventDefault();
  });
}
