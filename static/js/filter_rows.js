// Narrows the rows of this page while one types, and says how many are left. Without this the page's own search is there.
for (const told of document.querySelectorAll("[data-found]")) start(told);

function start(told) {
  const field = document.getElementById(told.dataset.found);
  const tables = [...document.querySelectorAll("[data-rows]")];
  const rows = tables.flatMap((table) => [...table.querySelectorAll("tbody tr:not(.group)")]);
  const plain = (text) => text.toLocaleLowerCase("nb").replace(/\s+/g, " ");
  const texts = new Map(rows.map((row) => [row, plain(row.textContent)]));
  const box = field.closest("[data-find]");
  if (box) box.hidden = rows.length < 6;

  field.addEventListener("input", () => {
    const wanted = plain(field.value).trim().split(" ");
    for (const row of rows) row.hidden = !wanted.every((word) => texts.get(row).includes(word));
    for (const body of document.querySelectorAll("[data-rows] tbody")) body.hidden = empty(body);
    for (const table of tables) (table.closest("section") ?? table).hidden = empty(table);
    const shown = rows.filter((row) => !row.hidden).length;
    const words = shown ? told.dataset.words : told.dataset.none;
    told.textContent = wanted.join("") ? words.replace("#", shown).replace("§", rows.length) : "";
  });

  function empty(part) {
    const own = rows.filter((row) => part.contains(row));
    return own.length > 0 && own.every((row) => row.hidden);
  }
}
