// Buttons that copy what a field holds. Without this they are not there, and the field can be marked and copied by hand.
const told = document.querySelector("[data-copied]");
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const words = [...button.childNodes].find((one) => one.nodeType === Node.TEXT_NODE);
  const before = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return; // the browser does not let us; the text is marked, ready to be copied by hand
    }
    told.textContent = button.dataset.done;
    words.textContent = button.dataset.word;
    setTimeout(() => { words.textContent = before; }, 2000);
  });
}
