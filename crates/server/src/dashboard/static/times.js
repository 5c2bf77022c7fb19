// Times: how long ago, or how long still, with the exact time in the viewer's own zone at hand; where a time stands
// whole, it is that one, and UTC is at hand.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const short = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

const span = (ms) => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const at = parts.findIndex(([size]) => seconds >= size);
  if (at < 0) return '0 s';
  const [size, unit] = parts[at];
  const whole = `${Math.floor(seconds / size)} ${unit}`;
  const next = parts[at + 1];
  const rest = next && Math.floor((seconds % size) / next[0]);
  return rest && (at < 2 || seconds < 900) ? `${whole} ${rest} ${next[1]}` : whole;
};

function show(element, now) {
  const at = Date.parse(element.dateTime);
  if ('whole' in element.dataset) { element.textContent = `${exact.format(at)} (${zone})`; }
  else if ('until' in element.dataset) { element.textContent = at > now ? `${span(at - now)} left` : 'time is up'; }
  else {
    const ago = now - at;
    element.textContent = ago < 5000 ? 'just now' : ago < 7 * 86400000 ? `${span(ago)} ago` : short.format(at);
  }
  const title = 'whole' in element.dataset ? element.dateTime : `${exact.format(at)} (${zone}), ${element.dateTime}`;
  if (element.title !== title) element.title = title;
}

/** Shows every time below an element. */
export function showTimes(root = document) {
  const now = Date.now();
  for (const element of root.querySelectorAll('time[datetime]')) show(element, now);
}

/** Shows every time, again and again; as often as needed. */
export function keepTimes() {
  showTimes();
  setInterval(() => { if (!document.hidden) showTimes(); }, 1000);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) showTimes(); });
}
