// A button that prints the page. Without this the button is not there, and the browser's own way of printing is.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
