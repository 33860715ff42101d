// A hint only: the page states times in a named zone; the tooltip says what this device's clock shows.
export function start(root) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const words = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  for (const time of root.querySelectorAll("time[data-moment][datetime*='T']")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.valueOf()) && !time.title) {
      time.title = `${words.format(moment)} (${zone.replaceAll("_", " ")})`;
    }
  }
}
