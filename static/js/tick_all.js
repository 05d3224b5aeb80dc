// A button that ticks all boxes of a list, or none. Without this it is not there, and each box is ticked by itself.
for (const button of document.querySelectorAll("[data-tick-all]")) {
  const frame = document.getElementById(button.dataset.tickAll);
  const told = document.getElementById(button.getAttribute("aria-describedby"));
  const words = button.textContent;
  const boxes = () => [...frame.querySelectorAll("[type=checkbox]:enabled")].filter((box) => !box.closest("[hidden]"));
  const all = () => boxes().length > 0 && boxes().every((box) => box.checked);
  const show = () => { button.textContent = all() ? button.dataset.none : words; };
  button.hidden = boxes().length < 3;
  button.addEventListener("click", () => {
    const ticked = !all();
    for (const box of boxes()) box.checked = ticked;
    frame.dispatchEvent(new Event("change", { bubbles: true }));
    told.textContent = button.dataset.said.replace("#", boxes().filter((box) => box.checked).length);
  });
  frame.addEventListener("change", show);
  show();
}
