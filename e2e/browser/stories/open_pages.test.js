// Pages that stay open, and pages for looking back: a freeze appears without anything moving, parameters come and go
// in an edit, the record is searched, a webhook is tested, an unknown run is settled.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { read, world } from '../harness/browser.js';
import { agent } from '../harness/server.js';

let it, bot;
before(async () => { it = await world({}, ['--allow-private-targets', '127.0.0.0/8']); bot = await agent(it.server, 'support-bot'); });
after(async () => { await it.end(); assert.deepEqual(it.troubles, []); });

let n = 0;
const ask = async (more) => { n += 1; return (await bot.post('approvals', { action: 'shop.buy', risk: 'medium', params: { amount: 240, note: 'x', n }, ...more })).id; };
const shift = (page) => page.evaluate(() => globalThis.shifted ?? 0);
const watchShift = (page) => page.evaluate(() => {
  globalThis.shifted = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.shifted += entry.value; }).observe({ type: 'layout-shift', buffered: false });
});

for (const [what, viewport] of [['on a desk', { width: 1280, height: 800 }], ['on a phone', { width: 360, height: 740 }]]) {
  test(`a freeze appears on open pages and goes again, and nothing moves under the pointer, ${what}`, async () => {
    const id = await ask();
    const context = await it.browser.newContext({ viewport, storageState: it.state });
    for (const [address, target] of [['/approvals', `[data-id="${id}"] a`], [`/approvals/${id}`, '.case-main h1']]) {
      const page = await it.page(address, context);
      await page.locator('html[data-stream=live]').waitFor();
      const spot = page.locator(target).first();
      await spot.hover();
      const before_ = await spot.boundingBox();
      await watchShift(page);
      await it.server.admin.post('freezes', { scope: 'all', reason: 'a drill' });
      const line = page.getByRole('alert').filter({ hasText: 'Everything is frozen' });
      await line.waitFor();
      assert.deepEqual(await spot.boundingBox(), before_);
      const box = await line.boundingBox();
      const pointer = before_.y + before_.height / 2;
      assert.ok(pointer < box.y || pointer > box.y + box.height, 'it does not lie over what one points at');
      assert.ok(box.x >= 0 && box.x + box.width <= viewport.width, 'it stands on the screen');
      await page.waitForTimeout(150);
      assert.equal(await shift(page), 0);
      await it.server.admin.delete('freezes?scope=all');
      await line.waitFor({ state: 'detached' });
      assert.deepEqual(await spot.boundingBox(), before_);
      assert.equal(await shift(page), 0);

      await it.server.admin.post('freezes', { scope: 'all', reason: 'another' });
      await page.goto('about:blank');
      await page.goto(it.server.url + address);
      await page.locator('html[data-stream=live]').waitFor();
      await page.locator('.frozen', { hasText: 'another' }).waitFor();
      const lower = await spot.boundingBox();
      await it.server.admin.delete('freezes?scope=all');
      await page.getByText('Nothing is frozen any more.').waitFor();
      assert.deepEqual(await spot.boundingBox(), lower, 'a line that stood in the page keeps its place');
      await page.close();
    }
    await context.close();
  });
}

for (const javaScriptEnabled of [true, false]) {
  test(`an edit adds a parameter and leaves one out, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    const id = await ask();
    const context = await it.browser.newContext({ javaScriptEnabled, storageState: it.state });
    const page = await it.page(`/approvals/${id}/edit`, context);
    await page.getByLabel('Leave note out').check();
    await page.getByText('Add a parameter').click();
    await page.getByLabel('Name').first().fill('memo');
    await page.getByLabel('Value').first().fill('order 17');
    await page.getByRole('button', { name: 'Show the difference' }).click();
    await page.getByRole('row', { name: /note.*gone/ }).waitFor();
    await page.getByRole('row', { name: /memo.*not there.*order 17/ }).waitFor();
    assert.equal((await it.server.admin.get(`approvals/${id}`)).status, 'pending');
    if (javaScriptEnabled) await read(page);
    await page.getByRole('button', { name: /^Approve/ }).click();
    await page.getByText('with edits').first().waitFor();
    const told = await bot.get(`approvals/${id}`);
    assert.deepEqual(told.effective.params, { amount: 240, memo: 'order 17', n });
    await context.close();
  });

  test(`the record is searched, filtered and read, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    const id = await ask({ params: { customer: 'cus_0042', n: javaScriptEnabled } });
    await it.server.admin.post(`approvals/${id}/deny`, { reason: 'the zeppelin is full' });
    const context = await it.browser.newContext({ javaScriptEnabled, storageState: it.state });
    const page = await it.page('/audit', context);
    await page.getByRole('searchbox').fill('zeppel* cus_0042');
    await page.getByRole('searchbox').press('Enter');
    await page.getByRole('heading', { name: 'No record fits' }).waitFor();
    await page.getByRole('searchbox').fill('ZEPPELIN');
    await page.getByRole('searchbox').press('Enter');
    await page.waitForURL(/q=ZEPPELIN/);
    await page.locator('summary', { hasText: 'Filter' }).click();
    await page.getByLabel('About the request').fill(id);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL(/approval=apr_/);
    await page.getByRole('link', { name: /remove this filter/ }).waitFor();
    assert.equal(await page.locator('.row-link').count(), 1);
    await page.locator('.row-link').click();
    await page.getByText('127.0.0.1').waitFor();
    await page.getByText('the zeppelin is full').first().waitFor();
    await context.close();
  });
}

test('on a phone the filters of list and record open on the screen', async () => {
  const context = await it.browser.newContext({ viewport: { width: 360, height: 740 }, storageState: it.state });
  for (const address of ['/approvals', '/audit']) {
    const page = await it.page(address, context);
    await page.locator('.filters summary', { hasText: 'Filter' }).click();
    const box = await page.locator('.filters .drop').boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 360, `${address}: ${JSON.stringify(box)}`);
    await page.close();
  }
  await context.close();
});

test('without scripts: a webhook is tested and what it missed is sent again, and the page says how that went', async () => {
  let status = 503;
  const receiver = createServer((request, answer) => { request.resume(); answer.writeHead(status).end('thanks'); });
  await new Promise((done) => receiver.listen(0, '127.0.0.1', done));
  const hook = await it.server.admin.post('webhooks', { url: `http://127.0.0.1:${receiver.address().port}/`, events: ['approval.denied'] });
  await it.server.admin.post(`approvals/${await ask()}/deny`, { reason: 'no' });
  const context = await it.browser.newContext({ javaScriptEnabled: false, storageState: it.state });
  const page = await it.page(`/webhooks/${hook.id}`, context);
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('The test answered 503').waitFor();
  status = 200;
  await page.getByRole('button', { name: 'Send again' }).first().click();
  await page.getByText('Sent again: the receiver answered 200').waitFor();
  await page.getByRole('cell', { name: 'delivered' }).waitFor();
  await context.close();
  receiver.close();
});

// A day passes between the time of a run and that its end counts as unknown; here its time is moved back instead.
function backdate(database, id) {
  const then = new Date(Date.now() - 3 * 86_400_000);
  const sql = `UPDATE approvals SET use_by = ${then.getTime()}, body = json_set(body, '$.state.use_by', '${then.toISOString()}') WHERE id = '${id}'`;
  const tools = [['sqlite3', [database, sql]], ['python3', ['-c', 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()', database, sql]]];
  for (const [tool, words] of tools) {
    try { execFileSync(tool, words, { stdio: ['ignore', 'ignore', 'ignore'] }); return true; } catch { /* the next one */ }
  }
  return false;
}

test('a run whose end nobody saw is settled on its page, by whoever approved it, with how they know', async (t) => {
  const id = await ask();
  await it.server.admin.post(`approvals/${id}/approve`);
  await bot.post(`approvals/${id}/redeem`, { params: { amount: 240, note: 'x', n } });
  let moved = false;
  await it.server.restart((database) => { moved = backdate(database, id); });
  if (!moved) { t.skip('neither sqlite3 nor python3 is here to move a time back'); return; }
  const page = await it.page(`/approvals/${id}`);
  await page.getByText('Run unknown').first().waitFor();
  assert.equal(await page.getByRole('button', { name: /^Approve/ }).count(), 0);
  await page.getByLabel('It ran and succeeded').check();
  await page.getByRole('button', { name: 'Record this' }).click();
  assert.equal(await page.locator('#resolve-notes:invalid').count(), 1, 'it takes how they know');
  await page.getByLabel('How you know').fill('the shop has the order');
  await page.getByRole('button', { name: 'Record this' }).click();
  await page.getByRole('button', { name: 'Record this' }).waitFor({ state: 'detached' });
  assert.equal((await bot.get(`approvals/${id}`)).execution.state, 'succeeded');
  const record = await it.server.admin.get('audit?kind=execution.resolved&newest=true');
  assert.equal(record.items.at(-1).data.notes, 'the shop has the order');
  await page.close();
});

test('an empty inbox sends a test request, with and without scripts', async () => {
  for (const one of (await it.server.admin.get('approvals?status=pending&limit=200')).items) await it.server.admin.post(`approvals/${one.id}/cancel`);
  for (const javaScriptEnabled of [true, false]) {
    const context = await it.browser.newContext({ javaScriptEnabled, storageState: it.state });
    const page = await it.page('/approvals', context);
    await page.getByRole('button', { name: 'Send a test request' }).click();
    await page.waitForURL(/approvals\/apr_/);
    await page.getByText('Nothing runs, whatever you say.').waitFor();
    await it.server.admin.post(`approvals/${page.url().split('/').pop()}/deny`, { reason: 'tried' });
    await context.close();
  }
});
