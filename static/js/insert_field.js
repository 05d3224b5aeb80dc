// Turns each merge field into a button that puts it where the cursor last stood. Without this the list is there to read.
const list = document.querySelector("[data-merge-fields]");
const targets = list ? [...list.closest("form").querySelectorAll("[name=subject], [name=body]")] : [];
let target = targets.at(-1);
for (const one of targets) one.addEventListener("focus", () => { target = one; });
for (const code of list ? list.querySelectorAll("code") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = code.textContent;
  button.setAttribute("aria-label", list.dataset.label.replace("#", code.textContent));
  button.addEventListener("click", () => {
    const at = target.selectionStart;
    target.setRangeText(code.textContent, at, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.focus();
  });
  code.replaceWith(button);
}
