// People answer, in the browser, and agents go on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { read, world } from '../harness/browser.js';
import { agent } from '../harness/server.js';

let it, bot;
before(async () => { it = await world(); bot = await agent(it.server, 'support-bot', { version: '1.4.0' }); });
after(async () => { await it.end(); assert.deepEqual(it.troubles, [], 'nothing went wrong in a page'); });

const refund = (amount, more = {}) => ({ action: 'stripe.refund', params: { amount, currency: 'EUR', customer: 'A. Lee' }, risk: 'low', reasoning: 'because', ...more });
const ask = async (body) => (await bot.post('approvals', body)).id;
const see = (id) => it.server.admin.get(`approvals/${id}`);
const waits = (id, revision) => bot.get(`approvals/${id}?wait=20s${revision ? `&after_revision=${revision}` : ''}`);

test('the whole story: one asks, another approves with one press, the agent runs it, the page tells', async () => {
  const id = await ask(refund(45));
  const waiting = waits(id);
  const page = await it.page(`/approvals/${id}`);
  await read(page);
  await page.getByRole('button', { name: /^Approve .*stripe\.refund.* of 45\.00 .*A\. Lee/ }).click();
  await page.waitForURL(/after=/);
  await page.getByText('Approved by admin@localhost').first().waitFor();
  assert.equal((await waiting).outcome, 'approved');
  await page.goto(`${it.server.url}/approvals/${id}`);
  await bot.post(`approvals/${id}/redeem`, { params: refund(45).params });
  await bot.post(`approvals/${id}/result`, { status: 'succeeded', result: { refund: 're_1' } });
  await page.getByText('It ran and succeeded.').first().waitFor();
  await page.close();
});

test('a no takes a reason, which the agent is told; a prepared answer fills it in', async () => {
  const id = await ask(refund(50, { responses: [{ name: 'later', title: 'Goods first', text: 'ask for the goods first' }] }));
  const page = await it.page(`/approvals/${id}`);
  await page.getByText('Deny…').first().click();
  await page.getByRole('button', { name: 'Deny it' }).click();
  await page.getByText('Not answered.').waitFor();
  assert.equal((await see(id)).status, 'pending');
  await page.getByText('Deny…').first().click({ trial: true });
  if (!(await page.getByLabel('Why not').isVisible())) await page.getByText('Deny…').first().click();
  await page.getByText('Goods first', { exact: true }).click();
  assert.equal(await page.getByLabel('Why not').inputValue(), 'ask for the goods first');
  await page.getByRole('button', { name: 'Deny it' }).click();
  await page.waitForURL(/after=/);
  const told = await waits(id);
  assert.deepEqual([told.outcome, told.reason], ['denied', 'ask for the goods first']);
  await page.close();
});

test('a question is answered by the agent, and the answer appears by itself', async () => {
  const id = await ask(refund(60));
  const page = await it.page(`/approvals/${id}`);
  await page.getByText('Ask a question').click();
  await page.getByLabel('What the agent should explain').fill('which order?');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.getByText('Question open').waitFor();
  const told = await waits(id);
  assert.deepEqual([told.outcome, told.question], ['asked_question', 'which order?']);
  await bot.post(`approvals/${id}/answer`, { answer: 'order 1047' });
  await page.getByText('order 1047').waitFor();
  await page.getByText('written by the agent, not verified').first().waitFor();
  await page.close();
});

test('an edit is shown side by side before it is approved, and replaces the request', async () => {
  const id = await ask(refund(240, { risk: 'medium' }));
  const page = await it.page(`/approvals/${id}/edit`);
  await page.getByLabel('amount', { exact: true }).fill('30');
  await page.getByRole('button', { name: 'Show the difference' }).click();
  await page.getByText('−210 (−88 %)').waitFor();
  assert.equal((await see(id)).status, 'pending', 'nothing is decided by looking');
  await read(page);
  await page.getByRole('button', { name: /^Approve .*stripe\.refund.* of 30\.00 .*A\. Lee/ }).click();
  await page.waitForURL(/after=/);
  const told = await waits(id);
  assert.deepEqual([told.outcome, told.effective.params.amount], ['edited', 30]);
  await page.close();
});

test('an edit of the wrong kind says so and keeps what was typed', async () => {
  const id = await ask(refund(240, { risk: 'medium' }));
  const page = await it.page(`/approvals/${id}/edit`);
  await page.getByLabel('amount', { exact: true }).fill('"much"');
  assert.equal(await page.getByLabel('amount', { exact: true }).evaluate((field) => field.validationMessage), 'This has to be a number.');
  // The server says so as well, where no script does.
  await page.locator('form.stack').first().evaluate((form) => { form.noValidate = true; });
  await page.getByRole('button', { name: 'Show the difference' }).click();
  await page.getByText('is a number, the new value is a text').waitFor();
  assert.equal(await page.getByLabel('amount', { exact: true }).inputValue(), '"much"');
  await page.close();
});

test('high risk takes a note at the end, critical the name of what it is about', async () => {
  const high = await ask(refund(70, { risk: 'high' }));
  const page = await it.page(`/approvals/${high}`);
  assert.equal(await page.locator('.decide').getByRole('button', { name: /^Approve/ }).count(), 0);
  await read(page);
  await page.getByLabel('Why you approve it').fill('seen the photographs');
  await page.locator('#final').getByRole('button', { name: /^Approve/ }).click();
  await page.waitForURL(/after=/);
  assert.equal((await see(high)).answers[0].notes, 'seen the photographs');

  const critical = await ask(refund(80, { risk: 'critical' }));
  await page.goto(`${it.server.url}/approvals/${critical}`);
  await read(page);
  await page.getByLabel('Why you approve it').fill('yes');
  await page.getByLabel(/^Type/).fill('B. Lee');
  await page.locator('#final').getByRole('button', { name: /^Approve/ }).click();
  await page.getByText('has to be typed exactly').waitFor();
  assert.equal((await see(critical)).status, 'pending');
  await read(page);
  await page.getByLabel('Why you approve it').fill('yes');
  await page.getByLabel(/^Type/).fill('A. Lee');
  await page.locator('#final').getByRole('button', { name: /^Approve/ }).click();
  await page.waitForURL(/after=/);
  assert.equal((await see(critical)).status, 'approved');
  await page.close();
});

test('what was edited while one looked cannot be answered: the difference is shown instead', async () => {
  // Two people: the second one edits a request that needs more, here by changing it under the first.
  const id = await ask(refund(90, { risk: 'medium' }));
  const page = await it.page(`/approvals/${id}`);
  await page.evaluate(() => { for (const field of document.querySelectorAll('input[name=presented]')) field.value = `sha256:${'0'.repeat(64)}`; });
  await read(page);
  await page.locator('[data-confirm] > summary').click();
  await page.getByRole('button', { name: 'Yes, approve it' }).click();
  await page.getByText('Not answered.').waitFor();
  await page.getByText('It changed since you saw it').waitFor();
  assert.equal((await see(id)).status, 'pending');
  await page.close();
});

test('two tabs: what one answers, the other shows, and no button is left', async () => {
  const id = await ask(refund(95));
  const one = await it.page(`/approvals/${id}`);
  const other = await it.page(`/approvals/${id}`);
  await other.locator('html[data-stream=live]').waitFor();
  await one.bringToFront();
  await read(one);
  await one.getByRole('button', { name: /^Approve .*stripe\.refund/ }).click();
  await one.waitForURL(/after=/);
  await other.bringToFront();
  await other.locator('.decide').getByText('Approved by admin@localhost').waitFor();
  assert.equal(await other.getByRole('button', { name: /^Approve/ }).count(), 0);
  await one.close();
  await other.close();
});

test('time runs out while one looks: the buttons go and the reason stands there', async () => {
  const id = await ask(refund(99, { expires_in: '3s' }));
  const page = await it.page(`/approvals/${id}`);
  await page.getByText('Time is up: it can no longer be answered, and nothing runs.').or(page.getByText('Nobody answered in time').first()).first().waitFor({ timeout: 15_000 });
  assert.equal(await page.getByRole('button', { name: /^Approve/ }).count(), 0);
  await page.close();
});

test('nobody answers what they stand behind, and is told so', async () => {
  const mine = await agent(it.server, 'mine', { owner: 'admin@localhost' });
  const { id } = await mine.post('approvals', refund(5));
  const page = await it.page(`/approvals/${id}`);
  await page.getByText('Nobody answers their own request').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Approve/ }).count(), 0);
  await page.close();
});

test('several at once: exactly the picked ones, each with a result of its own', async () => {
  const ids = [];
  for (const amount of [11, 12, 13]) ids.push(await ask(refund(amount, { action: 'shop.voucher' })));
  const high = await ask(refund(14, { action: 'shop.voucher', risk: 'high' }));
  const page = await it.page('/approvals?action=shop.voucher');
  assert.equal(await page.locator(`input[name=id][value=${high}]`).count(), 0, 'what is dangerous cannot be picked');
  await page.locator('.alike > summary').click();
  await page.locator(`input[name=id][value=${ids[0]}]`).check();
  await page.locator(`input[name=id][value=${ids[1]}]`).check();
  await page.getByText('2 picked', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Approve 2 picked…' }).click();
  await page.getByRole('heading', { name: 'Exactly these 2' }).waitFor();
  assert.equal((await see(ids[0])).status, 'pending', 'looking once more decides nothing');
  await read(page);
  await it.server.admin.post(`approvals/${ids[1]}/deny`, { reason: 'meanwhile' });
  await page.getByRole('button', { name: /^Approve 2 × .*shop\.voucher.*, 23 .*EUR.* in all/ }).click();
  await page.getByText('Approved 1 of 2').waitFor();
  await page.getByText('It is already denied').waitFor();
  assert.deepEqual([(await see(ids[0])).status, (await see(ids[1])).status, (await see(ids[2])).status], ['approved', 'denied', 'pending']);
  await page.close();
});

test('two people: what one decides, the list of the other shows in its place', async () => {
  const ben = await it.person('ben@example.com');
  const id = await ask(refund(31, { action: 'list.shown', risk: 'medium' }));
  const page = await it.page('/approvals?action=list.shown');
  const row = page.locator(`#row-${id}`);
  await row.locator('a').focus();
  await page.locator('html[data-stream=live]').waitFor();
  const place = await row.boundingBox();
  await ask(refund(32, { action: 'list.shown', risk: 'critical' }));
  await page.getByRole('button', { name: 'Show 1 new' }).waitFor();
  assert.deepEqual(await row.boundingBox(), place, 'nothing moved when something arrived');
  const bens = await it.page(`/approvals/${id}`, ben);
  await read(bens);
  await bens.locator('[data-confirm] > summary').click();
  await bens.getByRole('button', { name: 'Yes, approve it' }).click();
  await bens.waitForURL(/after=/);
  await page.bringToFront();
  await row.getByText('Approved by ben@example.com').waitFor();
  const now = await row.boundingBox();
  assert.deepEqual([now.x, now.y], [place.x, place.y]);
  assert.equal(await page.evaluate((wanted) => document.activeElement.closest('li')?.id === wanted, `row-${id}`), true, 'the focus stays');
  await page.getByRole('button', { name: 'Show 1 new' }).click();
  assert.equal(await page.locator('li.row').count(), 1);
  await page.close();
  await ben.close();
});
