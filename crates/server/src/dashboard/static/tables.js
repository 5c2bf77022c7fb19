// Tables that are wider than their place: what holds one can be scrolled by keys as well, has a name, and says that
// there is more.

const name = (wrap) => {
  const title = wrap.closest('details')?.querySelector(':scope > summary') ?? wrap.closest('section, .panel')?.querySelector('h2, h3');
  return `${title?.textContent.trim() || 'Table'}, scrolls sideways`;
};

function look(wrap) {
  const scrolls = wrap.scrollWidth - wrap.clientWidth > 1;
  wrap.toggleAttribute('data-scrolls', scrolls);
  wrap.toggleAttribute('data-at-end', scrolls && wrap.scrollLeft + wrap.clientWidth >= wrap.scrollWidth - 1);
  if (!scrolls) return;
  wrap.tabIndex = 0;
  if (!wrap.hasAttribute('role')) wrap.setAttribute('role', 'group');
  if (!wrap.hasAttribute('aria-label')) wrap.setAttribute('aria-label', name(wrap));
}

const sizes = new ResizeObserver((changes) => { for (const change of changes) look(change.target); });

/** Watches every table below an element. */
export function watchTables(root = document) {
  for (const wrap of root.querySelectorAll('.table-wrap')) {
    sizes.observe(wrap);
    wrap.addEventListener('scroll', () => look(wrap), { passive: true });
  }
}
