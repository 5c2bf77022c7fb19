// What is frozen, on a page that is open. The line about it comes over the page, so that nothing moves, at the edge
// that is farther from where one points; the next page has it in its place.
import { load } from './main.js';
import { isLive, onHint } from './live.js';
import { showTimes } from './times.js';

export function watchFreezes() {
  if (!isLive()) return;
  let pointer = 0, waiting = 0;
  document.addEventListener('pointermove', (event) => { pointer = event.clientY; }, { passive: true });

  async function look() {
    waiting = 0;
    let page;
    try { page = await load('/menu'); } catch { return; }
    const there = page.querySelector('[data-frozen]');
    const inPlace = document.querySelector('[data-frozen]:not(.floating)');
    const floating = document.querySelector('[data-frozen].floating');
    const same = there && inPlace && said(inPlace) === said(there);
    if (inPlace && same) uncover(inPlace);
    else if (inPlace) cover(inPlace, there ? 'What is frozen has changed.' : 'Nothing is frozen any more.');
    if (!there || same) floating?.remove();
    else if (!floating) over(there);
    else if (said(floating) !== said(there)) { floating.replaceChildren(...document.importNode(there, true).childNodes); showTimes(floating); }
  }

  // Without the time, which goes on, and without what was put over it.
  function said(line) {
    const copy = line.cloneNode(true);
    for (const part of copy.querySelectorAll('time, .now')) part.remove();
    return copy.textContent.trim();
  }

  function over(there) {
    const line = document.importNode(there, true);
    line.classList.add('floating', edge());
    line.setAttribute('role', 'alert');
    document.getElementById('main').append(line);
    showTimes(line);
  }

  // A line that stands in the page keeps its place, whatever it says now.
  function cover(line, text) {
    uncover(line);
    const now = document.createElement('p');
    now.className = 'now';
    now.textContent = text;
    line.classList.add('over');
    line.setAttribute('role', 'status');
    line.append(now);
  }

  function uncover(line) {
    line.querySelector('.now')?.remove();
    line.classList.remove('over');
  }

  function edge() {
    const focus = document.activeElement?.getBoundingClientRect();
    const focused = focus && document.activeElement !== document.body ? focus.top : pointer;
    return Math.min(pointer, focused) < innerHeight / 2 ? 'low' : 'high';
  }

  onHint((hint) => { if ((hint.event === 'freezes' || hint.event === 'missed') && !waiting) waiting = setTimeout(look, 100); });
}
