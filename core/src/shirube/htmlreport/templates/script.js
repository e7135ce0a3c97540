"use strict";
(() => {
  const lang = document.documentElement.lang;
  const key = cell => cell.dataset.sort !== undefined ? Number(cell.dataset.sort) : cell.textContent.trim();
  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), lang, { numeric: true });
  };
  const sort = (table, head, column) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row, index) => ({ row, index, key: key(row.cells[column]) }));
    rows.sort((a, b) => {
      const empty = (a.key === "") - (b.key === "");
      return empty || (down ? compare(b.key, a.key) : compare(a.key, b.key)) || a.index - b.index;
    });
    body.append(...rows.map(one => one.row));
  };
  const prepare = part => {
    for (const table of part.querySelectorAll("table.sortable")) {
      if (table.tBodies[0].rows.length < 2) continue;
      Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => sort(table, head, column));
      });
    }
  };
  // Of very many items only the details that somebody looks at become elements.
  const unpack = async item => {
    const packed = item.querySelector("script");
    if (!packed) return;
    packed.remove();
    const bytes = Uint8Array.from(atob(packed.textContent), sign => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    item.insertAdjacentHTML("beforeend", await new Response(stream).text());
    prepare(item);
  };
  for (const item of document.querySelectorAll("details.item")) item.addEventListener("toggle", () => unpack(item));
  prepare(document);
  for (const filter of document.querySelectorAll(".filter")) {
    const rows = Array.from(filter.nextElementSibling.querySelectorAll("tbody tr"));
    if (rows.length < 2) continue;
    const [text, status] = ["text", "status"].map(name => filter.querySelector(`[data-filter=${name}]`));
    const said = filter.querySelector("output");
    const apply = () => {
      const wanted = text.value.trim().toLocaleLowerCase(lang);
      let shown = 0;
      for (const row of rows) {
        row.hidden = !(row.textContent.toLocaleLowerCase(lang).includes(wanted)
          && (status.value === "" || row.dataset.status === status.value));
        shown += !row.hidden;
      }
      said.textContent = said.dataset.shown.replace("#", String(shown));
    };
    text.addEventListener("input", apply);
    status.addEventListener("change", apply);
    filter.hidden = false;
    apply();
  }
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let one = target; one; one = one.parentElement) {
      if (!(one instanceof HTMLDetailsElement)) continue;
      unpack(one);
      one.open = true;
    }
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("details.printed:not([open])"));
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of opened) one.open = false; });
})();
