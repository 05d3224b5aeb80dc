// Shows the sum of the sessions' hours while they are typed. The server counts again; without this the page is complete.
for (const line of document.querySelectorAll("[data-sum]")) {
  const fields = [...line.closest("form").querySelectorAll("input")].filter((one) => one.name.endsWith(line.dataset.sum) && !one.name.startsWith("a"));
  const show = () => {
    const gone = (one) => document.getElementsByName(one.name.replace(line.dataset.sum, "_removed"))[0]?.checked;
    const dated = (one) => document.getElementsByName(one.name.replace(line.dataset.sum, "_date"))[0]?.value || !one.name.startsWith("new");
    const hours = fields.filter((one) => !gone(one) && dated(one)).reduce((sum, one) => sum + (Number(one.value.replace(",", ".")) || 0), 0);
    const goal = Number(line.dataset.goal);
    const verdict = goal ? (hours === goal ? line.dataset.right : line.dataset.wrong) : "";
    line.textContent = hours ? `${line.dataset.text.replace("#", String(hours).replace(".", ","))} ${verdict}` : "";
    line.classList.toggle("sum--wrong", Boolean(goal) && hours !== goal);
  };
  line.closest("form").addEventListener("input", show);
  show();
}
