// Buttons that copy what a field holds, or where a link leads. Without this they are not there, and it can be marked and copied by hand.
const told = document.querySelector("[data-copied]");
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const words = [...button.childNodes].find((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
  const before = words.data;
  button.hidden = false;
  button.addEventListener("click", async () => {
    source.select?.();
    try {
      await navigator.clipboard.writeText(source.value ?? source.href);
    } catch {
      return; // the browser does not let us; what is in a field is marked, ready to be copied by hand
    }
    told.textContent = button.dataset.done;
    words.data = button.dataset.word;
    setTimeout(() => { words.data = before; }, 2000);
  });
}
