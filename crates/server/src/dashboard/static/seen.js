// What of a request was on the screen. A place counts once it stood there for a moment: to be scrolled past is
// not to be seen. Each part is measured by itself, so that one taller than the screen is seen piece by piece.

const EVERY = 120;
const MOMENT = 3;
const SLACK = 3;
// Every row, paragraph and item, by itself; one with a fold in it as a whole, with what was unfolded.
const WHOLE = 'h1, h2, h3, p, tr, li, dt, dd, blockquote, pre, .budget';
const PARTS = `${WHOLE}, summary`;

/** Watches until every part of what is to be read was seen; `changed` is told how many are left, and is called at once. */
export function watch(reading, changed) {
  const seen = new WeakMap();
  const recent = new WeakMap();
  let told = -1;

  const parts = () => [...reading.querySelectorAll(PARTS)]
    .filter((part) => !part.querySelector(WHOLE) && !part.closest('[data-final], .unseen, form') && part.checkVisibility());

  const look = () => {
    if (document.visibilityState !== 'visible') return;
    const { top, bottom } = uncovered();
    const all = parts();
    for (const part of all) {
      const box = part.getBoundingClientRect();
      const known = seen.get(part);
      // Something was opened or came in: what moved is looked at again.
      if (!known || Math.abs(known.height - box.height) > SLACK) { seen.set(part, { height: box.height, spans: [] }); recent.delete(part); }
      const now = [Math.max(top, box.top) - box.top, Math.min(bottom, box.bottom) - box.top];
      const last = (recent.get(part) ?? []).slice(1 - MOMENT);
      last.push(now);
      recent.set(part, last);
      const from = Math.max(...last.map((span) => span[0]));
      const to = Math.min(...last.map((span) => span[1]));
      if (last.length === MOMENT && to > from) add(seen.get(part).spans, from, to);
    }
    const left = all.filter((part) => !whole(seen.get(part)));
    if (left.length !== told) { told = left.length; changed(left); }
  };

  setInterval(look, EVERY);
  look();
}

// What stands under something that keeps its place is not seen: the bars at the foot of a phone, a notice that
// came in.
function uncovered() {
  let [top, bottom] = [0, innerHeight];
  for (const over of document.querySelectorAll('[data-bar], .nav, .frozen.floating')) {
    const box = over.getBoundingClientRect();
    if (box.height === 0 || getComputedStyle(over).position !== 'fixed' || 'out' in over.dataset) continue;
    if (box.top + box.height / 2 > innerHeight / 2) bottom = Math.min(bottom, box.top);
    else top = Math.max(top, box.bottom);
  }
  return { top, bottom };
}

function add(spans, from, to) {
  spans.push([from, to]);
  spans.sort((a, b) => a[0] - b[0]);
  for (let at = 0; at + 1 < spans.length;) {
    if (spans[at + 1][0] <= spans[at][1] + SLACK) spans[at] = [spans[at][0], Math.max(spans[at][1], spans.splice(at + 1, 1)[0][1])];
    else at += 1;
  }
}

function whole({ height, spans }) {
  return height <= SLACK || (spans.length === 1 && spans[0][0] <= SLACK && spans[0][1] >= height - SLACK);
}

/** Under which heading a part stands. */
export function named(part) {
  const title = part.closest('section')?.querySelector('h2') ?? part.closest('.two, .panel')?.querySelector('h2');
  return title ? `“${title.textContent.trim()}”` : 'what would happen';
}
