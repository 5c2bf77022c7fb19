// Everywhere: by keys alone, on a phone, zoomed, with forced colours, while scripts are slow, after one was signed out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { read, world } from '../harness/browser.js';
import { agent } from '../harness/server.js';
import { seed } from '../harness/seed.js';

let it, filled;
before(async () => { it = await world(); filled = await seed(it.server); });
after(async () => { await it.end(); assert.deepEqual(it.troubles, []); });

const status = async (id) => (await it.server.admin.get(`approvals/${id}`)).status;
const asker = async (name) => {
  const bot = await agent(it.server, name);
  return async (risk, n) => (await bot.post('approvals', { action: `${name}.press`, risk, params: { n, target: `target-${n}` }, reasoning: 'because' })).id;
};

test('the whole story by keys alone: low, medium, high, critical, a no, a question', async () => {
  const ask = await asker('keyed');
  const page = await it.page('/settings');
  const press = (...keys) => keys.reduce((before_, key) => before_.then(() => page.keyboard.press(key)), Promise.resolve());
  const open = async (id) => {
    await page.goto(`${it.server.url}/settings`);
    await press('a');
    await page.waitForURL(/\/approvals$/);
    await press('/');
    await page.keyboard.type('keyed');
    await press('Enter');
    await page.waitForURL(/q=keyed/);
    await press('j');
    for (let tries = 0; tries < 30 && !(await page.evaluate((wanted) => document.activeElement?.href?.endsWith(wanted), id)); tries += 1) await press('j');
    await press('Enter');
    await page.waitForURL(new RegExp(id));
    // A screen at a time, as one reads.
    for (let tries = 0; tries < 12; tries += 1) { await page.waitForTimeout(700); await press('PageDown'); }
    await page.waitForFunction(() => [...document.querySelectorAll('[data-gate]')].every((line) => line.textContent === ''));
  };
  const [low, medium, high, critical, no, question] = [await ask('low', 1), await ask('medium', 2), await ask('high', 3), await ask('critical', 4), await ask('low', 5), await ask('medium', 6)].map((id) => id);
  await open(low);
  await press('y');
  await page.waitForURL(/after=/);
  assert.equal(await status(low), 'approved');
  await open(medium);
  await press('y');
  await page.waitForFunction(() => document.activeElement?.matches('[data-confirm] form'));
  // Another one from habit neither answers nor writes.
  await press('y');
  assert.equal(await status(medium), 'pending');
  assert.equal(await page.locator('#notes').inputValue(), '');
  await press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'notes');
  await page.keyboard.type('looks right');
  for (let tries = 0; tries < 6 && !(await page.evaluate(() => document.activeElement?.textContent === 'Yes, approve it')); tries += 1) await press('Tab');
  await press('Enter');
  await page.waitForURL(/after=/);
  assert.equal(await status(medium), 'approved');
  for (const [id, typed] of [[high, null], [critical, 'target-4']]) {
    await open(id);
    await press('y');
    await page.waitForFunction(() => document.activeElement?.id === 'notes');
    await page.keyboard.type('I looked it up');
    await press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'evidence');
    await press('Tab');
    if (typed) { await page.keyboard.type(typed); await press('Tab'); }
    for (let tries = 0; tries < 6 && !(await page.evaluate(() => document.activeElement?.matches('#final .yes'))); tries += 1) await press('Tab');
    await press('Enter');
    await page.waitForURL(/after=/);
    assert.equal(await status(id), 'approved');
  }
  await open(no);
  await press('n');
  await page.waitForFunction(() => document.activeElement?.id === 'reason');
  await page.keyboard.type('not this one');
  for (let tries = 0; tries < 6 && !(await page.evaluate(() => document.activeElement?.textContent === 'Deny it')); tries += 1) await press('Tab');
  await press('Enter');
  await page.waitForURL(/after=/);
  assert.equal(await status(no), 'denied');
  await open(question);
  await press('q');
  await page.waitForFunction(() => document.activeElement?.id === 'question');
  await page.keyboard.type('which one?');
  await press('Tab', 'Enter');
  await page.getByText('Question open').waitFor();
  await page.close();
});

test('the whole story on a phone, by touch', async () => {
  const ask = await asker('touched');
  const phone = await it.browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, storageState: it.state });
  const page = await it.page('/approvals?q=touched', phone);
  for (const risk of ['low', 'medium', 'high', 'critical']) {
    const id = await ask(risk, risk.length);
    await page.goto(`${it.server.url}/approvals?q=touched`);
    await page.locator(`#row-${id} a.row-title`).tap();
    await page.waitForURL(new RegExp(id));
    await page.locator('[data-bar-approve]').tap();
    if (risk === 'high' || risk === 'critical') await page.locator('#final #notes').fill('seen');
    if (risk === 'critical') await page.getByLabel(/^Type/).fill('target-8');
    await read(page);
    const button = risk === 'low' ? page.locator('.decide').getByRole('button', { name: /^Approve/ }) : risk === 'medium' ? page.getByRole('button', { name: 'Yes, approve it' }) : page.locator('#final').getByRole('button', { name: /^Approve/ });
    await page.waitForFunction(() => [...document.querySelectorAll('[data-gate]')].every((line) => line.textContent === ''));
    if (risk === 'medium' && !(await button.isVisible())) await page.locator('[data-confirm] > summary').tap();
    await button.tap();
    await page.waitForURL(/after=/);
    assert.equal(await status(id), 'approved', risk);
  }
  const no = await ask('medium', 99);
  await page.goto(`${it.server.url}/approvals/${no}`);
  await page.locator('[data-bar-deny]').tap();
  await page.getByLabel('Why not').fill('no');
  await page.getByRole('button', { name: 'Deny it' }).tap();
  await page.waitForURL(/after=/);
  assert.equal(await status(no), 'denied');
  await phone.close();
});

test('nothing moves when something arrives or is decided elsewhere: the shift is 0', async () => {
  const ask = await asker('shifty');
  const first = await ask('medium', 1);
  await ask('low', 2);
  const page = await it.page('/approvals');
  await page.locator('html[data-stream=live]').waitFor();
  await page.waitForTimeout(700);
  await page.evaluate(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.shift += entry.value; }).observe({ type: 'layout-shift' });
  });
  await ask('critical', 3);
  await page.locator('[data-news][data-any]').waitFor();
  await it.server.admin.post(`approvals/${first}/deny`, { reason: 'elsewhere' });
  await page.locator(`#row-${first}.over`).waitFor();
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => globalThis.shift), 0);
  await page.close();
});

test('at 400 % zoom nothing is lost and nothing scrolls sideways', async () => {
  const zoomed = await it.browser.newContext({ viewport: { width: 320, height: 480 }, storageState: it.state });
  const page = await it.page('/approvals', zoomed);
  for (const [name, address] of Object.entries(filled.pages)) {
    await page.goto(it.server.url + address);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
    const cut = await page.$$eval('main button, main .button, main h1, main h2, main td, main dd, main label', (all) => all.filter((one) => one.checkVisibility() && !one.closest('.table-wrap, .unseen, pre, svg, .chart') && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 100)));
    assert.deepEqual(cut, [], name);
  }
  await zoomed.close();
});

test('what has the focus is never hidden by a bar', async () => {
  for (const viewport of [{ width: 1280, height: 700 }, { width: 390, height: 700 }]) {
    const context = await it.browser.newContext({ viewport, storageState: it.state, reducedMotion: 'reduce' });
    const page = await it.page('/approvals', context);
    for (const address of ['/approvals', `/approvals/${filled.medium}`, `/approvals/${filled.critical}`]) {
      await page.goto(it.server.url + address);
      const picks = page.locator('input[name=id]');
      if (await picks.count()) await picks.first().check();
      for (let step = 0; step < 45; step += 1) {
        await page.keyboard.press('Tab');
        const hidden = await page.evaluate(() => {
          const one = document.activeElement;
          if (!one || one === document.body || !one.checkVisibility()) return null;
          const box = one.getBoundingClientRect();
          if (box.width < 2 || box.height < 2) return null;
          const top = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(0, box.left + box.width / 2)), Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height / 2, 20))));
          const bar = top?.closest('.bar, .bulk-bar, .nav, .status-line');
          return bar && !bar.contains(one) ? `${one.outerHTML.slice(0, 100)} under ${bar.className}` : null;
        });
        assert.equal(hidden, null, `${address} at ${viewport.width}`);
      }
    }
    await context.close();
  }
});

test('the page stands before any script came', async () => {
  const context = await it.browser.newContext({ storageState: it.state });
  const page = await context.newPage();
  let release;
  const held = new Promise((done) => { release = done; });
  await page.route('**/*.js', async (route) => { await held; await route.continue().catch(() => {}); });
  await page.goto(`${it.server.url}/approvals/${filled.medium}`, { waitUntil: 'commit' });
  await page.getByRole('heading', { level: 1 }).waitFor();
  const painted = await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  assert.ok(painted);
  release();
  await context.close();
});

test('with forced colours risks keep their words, and the focus its ring', async () => {
  const context = await it.browser.newContext({ storageState: it.state, forcedColors: 'active', reducedMotion: 'reduce' });
  const page = await it.page(`/approvals/${filled.critical}`, context);
  assert.ok(await page.evaluate(() => matchMedia('(forced-colors: active)').matches));
  await page.getByText('Critical risk').first().waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(ring, 'none');
  const moving = await page.evaluate(() => document.getAnimations().length);
  assert.equal(moving, 0, 'nothing moves where that is not wanted');
  await context.close();
});

test('a session that is ended while one looks: the stream ends, the page says so, and nothing can be answered', async () => {
  const dan = await it.person('dan@example.com', 'approver');
  const ask = await asker('ended');
  const id = await ask('low', 1);
  const [list, card] = [await it.page('/approvals', dan), await it.page(`/approvals/${id}`, dan)];
  await list.locator('[data-pulse][data-state=live]').waitFor();
  await card.locator('html[data-stream=live]').waitFor();
  const people = await it.server.admin.get('users');
  await it.server.admin.patch(`users/${people.items.find((one) => one.email === 'dan@example.com').id}`, { status: 'locked' });
  await list.bringToFront();
  // At once, and not only when the browser looks for the stream again.
  await list.locator('[data-pulse][data-state=out]').waitFor({ timeout: 2_000 });
  await list.getByText('You are signed out here, so').waitFor();
  await card.bringToFront();
  await card.getByText('You are signed out here, so').waitFor({ timeout: 20_000 });
  assert.equal(await card.locator('.decide [data-yes]').first().isDisabled(), true);
  await card.getByRole('link', { name: 'Sign in again' }).click();
  await card.waitForURL(/sign-in\?next=/);
  assert.equal(await status(id), 'pending');
  await dan.close();
  it.troubles.length = 0;
});

test('who writes on while somebody else decides writes words, and no keys', async () => {
  const ask = await asker('writing');
  const [first, second] = [await ask('low', 1), await ask('critical', 2)];
  const page = await it.page(`/approvals/${first}`);
  await page.locator('html[data-stream=live]').waitFor();
  await page.keyboard.press('n');
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await page.keyboard.type('This is b');
  await it.server.admin.post(`approvals/${first}/approve`, {});
  await page.locator('.unsent textarea').waitFor();
  await page.keyboard.type('ad and not needed');
  assert.equal(await page.locator('.unsent textarea').inputValue(), 'This is bad and not needed');
  // And where there is nothing to write in any more, letters do nothing until one pauses.
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.type('and so on');
  await page.waitForTimeout(300);
  assert.equal(new URL(page.url()).pathname, `/approvals/${first}`);
  assert.equal(await status(second), 'pending');
  await page.waitForTimeout(1800);
  await page.keyboard.press('a');
  await page.waitForURL(/approvals$/);
  await page.close();
});
