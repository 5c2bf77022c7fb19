// What helps a reviewer to be right, in the browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { read, world } from '../harness/browser.js';
import { agent } from '../harness/server.js';

let it, bot;
before(async () => { it = await world(); bot = await agent(it.server, 'support-bot', { version: '1.4.0' }); });
after(async () => { await it.end(); assert.deepEqual(it.troubles, [], 'nothing went wrong in a page'); });

const refund = (amount, more = {}) => ({ action: 'stripe.refund', params: { amount, currency: 'EUR', customer: 'A. Lee' }, risk: 'low', reasoning: 'because', ...more });
const ask = async (body, who = bot) => (await who.post('approvals', body)).id;
const see = (id) => it.server.admin.get(`approvals/${id}`);

test('two groups as stages: the first yes says what is still needed, the second lets it run', async () => {
  const text = 'kind: Policy\nname: pay\nrules:\n  - name: two\n    actions: [pay]\n    verdict: escalate\n    risk: medium\n    approval:\n      stages: [{name: finance, groups: [finance], need: 1}, {name: security, groups: [security], need: 1}]\n';
  const fay = await it.person('fay@example.com', 'approver', {}, ['finance']);
  const sue = await it.person('sue@example.com', 'approver', {}, ['security']);
  await it.server.admin.post('policies/apply', { files: [{ name: 'p.yaml', text }] });
  const { approval_id: id } = await bot.post('checks', { action: 'pay', params: { amount: 5 } });
  const waiting = bot.get(`approvals/${id}?wait=20s`);
  const fays = await it.page(`/approvals/${id}`, fay);
  await fays.getByText('only fay@example.com can').waitFor();
  await read(fays);
  await fays.locator('[data-confirm] > summary').click();
  await fays.getByText('After you: 1 more from security.').waitFor();
  const sues = await it.page(`/approvals/${id}`, sue);
  await sues.locator('html[data-stream=live]').waitFor();
  await fays.getByRole('button', { name: 'Yes, approve it' }).click();
  await fays.getByText('Your yes is kept; nothing runs before 1 more from security').waitFor();
  assert.equal((await see(id)).status, 'pending');
  await sues.bringToFront();
  await sues.locator('.stages li.met', { hasText: 'finance' }).waitFor();
  await read(sues);
  await sues.locator('[data-confirm] > summary').click();
  await sues.getByText('Add what you base it on').first().click();
  await sues.getByLabel('A ticket, an address, whom you asked').first().fill('ticket 81');
  await sues.getByRole('button', { name: 'Yes, approve it' }).click();
  await sues.waitForURL(/after=/);
  assert.equal((await waiting).outcome, 'approved');
  assert.deepEqual((await see(id)).answers.map((one) => one.evidence), [null, 'ticket 81']);
  await fay.close();
  await sue.close();
});

test('what is unusual stands at its parameter, and what to look at before everything else', async () => {
  for (const amount of [20, 30, 40]) {
    const id = await ask(refund(amount));
    await it.server.admin.post(`approvals/${id}/approve`);
  }
  const page = await it.page(`/approvals/${await ask(refund(120))}`);
  await page.locator('tr', { hasText: 'amount' }).getByText('4× its median of 30').waitFor();
  const [looks, params] = [await page.locator('.looks').boundingBox(), await page.locator('.params').first().boundingBox()];
  assert.ok(looks.y + looks.height <= params.y, 'what to look at stands first');
  await page.close();
});

test('lists are kept, offered to others, and given up', async () => {
  await ask(refund(7, { risk: 'high' }));
  const ben = await it.person('ben@example.com');
  const page = await it.page('/approvals?risk=high&action=stripe.refund');
  await page.getByText('Save this view').click();
  await page.getByLabel('Name').fill('Dangerous refunds');
  await page.getByLabel('Offer it to everyone').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.view.current', { hasText: 'Dangerous refunds' }).waitFor();
  const bens = await it.page('/approvals', ben);
  await bens.getByRole('link', { name: 'Dangerous refunds' }).click();
  await bens.waitForURL(/risk=high/);
  assert.equal(await bens.getByRole('button', { name: 'Give up this view' }).count(), 0);
  await page.getByRole('button', { name: 'Give up this view' }).click();
  await page.waitForURL(/\/approvals$/);
  assert.equal(await page.locator('.view').count(), 0);
  await page.close();
  await ben.close();
});

test('a group is answered together by its own button, which says how many and how much', async () => {
  const ids = [];
  for (const amount of [21, 22, 23]) ids.push(await ask(refund(amount, { action: 'shop.gift' })));
  const page = await it.page('/approvals?action=shop.gift');
  await page.locator('.alike > summary').click();
  await page.getByRole('link', { name: /^Approve all 3 × .*gift.*…$/ }).click();
  await read(page);
  await page.getByRole('button', { name: /^Approve 3 × .*gift.*, 66 .*EUR.* in all/ }).click();
  await page.getByText('Approved 3 of 3').waitFor();
  for (const id of ids) assert.equal((await see(id)).status, 'approved');
  await page.close();
});

test('title and icon carry the count, also when something arrives', async () => {
  const page = await it.page('/approvals');
  await page.locator('html[data-stream=live]').waitFor();
  const count = async () => Number(/^\((\d+)\)/.exec(await page.title())?.[1] ?? 0);
  const before_ = await count();
  await ask(refund(77));
  await page.waitForFunction((wanted) => document.title.startsWith(`(${wanted})`), before_ + 1);
  assert.equal(await page.locator('link[rel=icon]').getAttribute('href'), `/approvals/icon/${before_ + 1}.svg`);
  await page.close();
});

test('the clock speaks at five minutes and at one, and not in between', async () => {
  const id = await ask(refund(8, { expires_in: '7m' }));
  const page = await it.context.newPage();
  await page.clock.install();
  await page.goto(`${it.server.url}/approvals/${id}`);
  const said = page.locator('[data-status]');
  assert.equal(await said.textContent(), '');
  await page.clock.runFor('02:02');
  assert.equal(await said.textContent(), '5 minutes left to answer');
  await page.clock.runFor('01:00');
  assert.equal(await said.textContent(), '');
  await page.clock.runFor('03:00');
  assert.equal(await said.textContent(), '1 minute left to answer');
  await page.clock.runFor('01:10');
  await page.getByText('Time is up: it can no longer be answered, and nothing runs.').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Approve/ }).count(), 0);
  await page.close();
});


test('an edited version notices that the request was answered while it is looked at', async () => {
  const bot = await agent(it.server, 'payer');
  const { id } = await bot.post('approvals', { action: 'bank.pay', risk: 'low', params: { amount: 20, total: 50000, to: 'https://paypal.com@evil.example/x' } });
  const page = await it.page(`/approvals/${id}/edit`);
  await page.getByLabel('amount', { exact: true }).fill('10');
  await page.getByRole('button', { name: 'Show the difference' }).click();
  await page.getByText('It also names what reads like an amount').waitFor();
  assert.equal(await page.locator('.value strong').first().textContent(), 'evil.example');
  await page.waitForFunction(() => document.documentElement.dataset.stream === 'live');
  await it.server.admin.post(`approvals/${id}/deny`, { reason: 'not this one' });
  await page.locator('[data-changed]:not([hidden])', { hasText: 'Denied by' }).waitFor();
  assert.equal(await page.locator('button[data-yes]').isDisabled(), true);
  await page.waitForTimeout(1500);
  assert.equal(await page.locator('button[data-yes]').isDisabled(), true, 'reading on does not open it again');
  await page.close();
});
