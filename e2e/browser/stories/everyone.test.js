// For everyone: with scripts and without, by keys, on a phone, and light enough.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { read, world } from '../harness/browser.js';
import { agent } from '../harness/server.js';
import { seed } from '../harness/seed.js';

let it, filled, pages;
before(async () => {
  it = await world();
  filled = await seed(it.server);
  pages = { ...filled.pages, stats: '/approvals/stats', agents: '/agents', agent: '/agents/support-bot', people: '/people', keys: '/keys', webhooks: '/webhooks', settings: '/settings', record: '/audit', fact: '/audit/3' };
});
after(async () => { await it.end(); assert.deepEqual(it.troubles, []); });

test('every page weighs at most 100 kB with all that it needs', async () => {
  const context = await it.browser.newContext({ storageState: it.state });
  for (const [name, address] of Object.entries(pages)) {
    const page = await context.newPage();
    let bytes = 0;
    page.on('response', async (answer) => { if (!answer.url().endsWith('/live')) bytes += (await answer.body().catch(() => Buffer.alloc(0))).length; });
    await page.goto(it.server.url + address, { waitUntil: 'load' });
    assert.ok(bytes < 100_000, `${name} weighs ${bytes} bytes`);
    await page.close();
  }
  await context.close();
});

test('without scripts: ask, look, approve at the end of the page, deny, ask back, edit', async () => {
  const bot = await agent(it.server, 'plain-bot');
  const ask = async (risk, amount) => (await bot.post('approvals', { action: 'plain.refund', risk, params: { amount } })).id;
  // Without a scroll that glides: the browser of the stories does not come to rest after one.
  const context = await it.browser.newContext({ javaScriptEnabled: false, storageState: it.state, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const status = async (id) => (await it.server.admin.get(`approvals/${id}`)).status;

  const low = await ask('low', 1);
  await page.goto(`${it.server.url}/approvals/${low}`);
  const [end, button] = [await page.locator('.agent-says').boundingBox(), await page.getByRole('button', { name: /^Approve/ }).boundingBox()];
  assert.ok(button.y > end.y + end.height, 'the button stands below everything there is to read');
  await page.getByRole('button', { name: /^Approve/ }).click();
  await page.getByText('Approved by admin@localhost').first().waitFor();
  assert.equal(await status(low), 'approved');

  const medium = await ask('medium', 2);
  await page.goto(`${it.server.url}/approvals/${medium}`);
  await page.locator('[data-confirm] > summary').click();
  await page.getByRole('button', { name: 'Yes, approve it' }).click();
  await page.getByText('Approved by admin@localhost').first().waitFor();

  const denied = await ask('medium', 3);
  await page.goto(`${it.server.url}/approvals/${denied}`);
  await page.getByText('Deny…').first().click();
  await page.getByLabel('Why not').fill('no');
  await page.getByRole('button', { name: 'Deny it' }).click();
  await page.getByText('Denied by admin@localhost').first().waitFor();

  const edited = await ask('medium', 400);
  await page.goto(`${it.server.url}/approvals/${edited}/edit`);
  await page.getByLabel('amount', { exact: true }).fill('40');
  await page.getByRole('button', { name: 'Show the difference' }).click();
  await page.getByRole('button', { name: /^Approve .*plain\.refund/ }).click();
  await page.getByText('with edits').first().waitFor();

  const several = [await ask('low', 5), await ask('low', 6)];
  await page.goto(`${it.server.url}/approvals?action=plain.refund`);
  for (const id of several) await page.locator(`input[name=id][value=${id}]`).check();
  await page.getByRole('button', { name: 'Deny picked…' }).click();
  await page.getByLabel('One reason for all of them').fill('not these');
  await page.getByRole('button', { name: /^Deny 2 × .*refund/ }).click();
  await page.getByText('Denied 2 of 2').waitFor();
  await context.close();
});

test('keys: a closed group is a stop, Enter opens it, and n on a row of it goes to where one says no', async () => {
  const page = await it.page('/approvals?q=voucher');
  await page.keyboard.press('j');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SUMMARY');
  await page.keyboard.press('Enter');
  await page.keyboard.press('j');
  assert.match(await page.evaluate(() => document.activeElement.href), /\/approvals\/apr_/);
  await page.keyboard.press('n');
  await page.waitForURL(/#deny$/);
  await page.waitForFunction(() => document.activeElement.tagName === 'TEXTAREA');
  await page.close();
});

test('keys: through the list, into a request, back, help and palette; none while one writes; all off at will', async () => {
  const page = await it.page('/approvals');
  await page.keyboard.press('j');
  const first = await page.evaluate(() => document.activeElement.href);
  await page.keyboard.press('j');
  const second = await page.evaluate(() => document.activeElement.href);
  assert.notEqual(first, second);
  await page.keyboard.press('k');
  assert.equal(await page.evaluate(() => document.activeElement.href), first);
  await page.keyboard.press('Enter');
  await page.waitForURL(first);
  await page.keyboard.press('u');
  await page.waitForURL(/\/approvals$/);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.keyboard.type('jk?');
  assert.equal(await page.locator('#q').inputValue(), 'jk?');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.getByLabel('Switch single keys off').check();
  await page.keyboard.press('Escape');
  await page.locator('h1').click();
  await page.keyboard.press('j');
  assert.notEqual(await page.evaluate(() => document.activeElement.href), first);
  await page.evaluate(() => localStorage.clear());
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.waitForURL(/\/agents$/);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('statist');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/stats$/);
  await page.close();
});

test('keys: y approves what is low, opens the confirmation of what is medium, and leads to the end on high', async () => {
  const bot = await agent(it.server, 'key-bot');
  const ask = async (risk) => (await bot.post('approvals', { action: 'key.press', risk, params: { n: 1 } })).id;
  const status = async (id) => (await it.server.admin.get(`approvals/${id}`)).status;
  const [low, medium, high] = [await ask('low'), await ask('medium'), await ask('high')];
  const small = await it.browser.newContext({ viewport: { width: 1200, height: 400 }, storageState: await it.context.storageState() });
  const page = await it.page(`/approvals/${high}`, small);
  await page.keyboard.press('y');
  await page.getByText('Not on the screen yet').first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), '', 'what was not read is not skipped');
  await page.keyboard.type('checked and approved');
  assert.equal(await page.locator('#thread details[open]').count(), 0, 'who takes it for the form does nothing by what they write');
  assert.equal(new URL(page.url()).pathname, `/approvals/${high}`);
  await read(page);
  await page.waitForFunction(() => [...document.querySelectorAll('[data-gate]')].every((line) => line.textContent === ''));
  await page.keyboard.press('y');
  await page.waitForFunction(() => document.activeElement.id === 'notes');
  assert.equal(await status(high), 'pending');
  await page.goto(`${it.server.url}/approvals/${medium}`);
  await read(page);
  await page.waitForFunction(() => document.querySelector('[data-confirm] > summary').getAttribute('aria-disabled') === 'false');
  await page.keyboard.press('y');
  await page.getByRole('button', { name: 'Yes, approve it' }).waitFor();
  assert.equal(await status(medium), 'pending');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/after=/);
  assert.equal(await status(medium), 'approved');
  await page.goto(`${it.server.url}/approvals/${low}`);
  await read(page);
  await page.waitForFunction(() => !document.querySelector('.decide [data-yes]').disabled);
  await page.keyboard.press('y');
  await page.waitForURL(/after=/);
  assert.equal(await status(low), 'approved');
  await small.close();
});

test('on a phone everything to press is large enough', async () => {
  const context = await it.browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, storageState: it.state });
  const page = await context.newPage();
  for (const address of ['/approvals', `/approvals/${filled.medium}`, `/approvals/${filled.critical}`, '/agents', '/agents/support-bot', '/settings', '/people', filled.pages.freezes, '/policies', filled.pages.policy, filled.pages.policyEdit, filled.pages.policyRemove, '/budgets', '/grants', filled.pages.grant, '/tools', filled.pages.tool, '/groups', filled.pages.again]) {
    await page.goto(it.server.url + address);
    const small = await page.$$eval('button, .button, .nav a, select, input:not([type=hidden], [type=checkbox], [type=radio])', (all) => all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML.slice(0, 120)));
    assert.deepEqual(small, [], address);
  }
  await context.close();
});

test('a lost stream says so, and comes back', async () => {
  const context = await it.browser.newContext({ storageState: it.state });
  const page = await it.page('/approvals', context);
  await page.locator('[data-pulse][data-state=live]').waitFor();
  await page.route('**/live', (route) => route.abort());
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await context.setOffline(true);
  await page.reload().catch(() => {});
  await context.setOffline(false);
  await page.goto(`${it.server.url}/approvals`);
  await page.getByText('not live, reconnecting').waitFor();
  await page.unroute('**/live');
  await page.locator('[data-pulse][data-state=live]').waitFor({ timeout: 20_000 });
  await context.close();
  it.troubles.length = 0;
});
