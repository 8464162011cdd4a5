/* The reader's own time beside the event's: rows that say UTC say the time of this device instead,
   where its zone is another than the event's. Without scripts they go on saying UTC. */

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const row of document.querySelectorAll("[data-own-time]")) {
  const [term, value] = row.children;
  if (own === row.dataset.zone) {
    row.hidden = true;
    continue;
  }
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
    hour12: false, timeZoneName: "short",
  });
  const start = new Date(row.dataset.start);
  const end = row.dataset.end && new Date(row.dataset.end);
  term.textContent = row.dataset.term;
  value.textContent = end ? format.formatRange(start, end) : format.format(start);
}
