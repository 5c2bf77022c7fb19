// Ana is away, and Ben answers in her place.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { read, world } from '../harness/browser.js';
import { agent } from '../harness/server.js';

const policy = `
kind: Policy
name: refunds
rules: [{name: refunds, actions: [stripe.refund], verdict: escalate, risk: low, approval: {stages: [{name: finance, groups: [finance]}]}}]
`;

let it, bot, ana, ben;
before(async () => {
  it = await world();
  bot = await agent(it.server, 'support-bot', { version: '1.4.0' });
  ana = await it.person('ana@example.com', 'approver', {}, ['finance']);
  ben = await it.person('ben@example.com', 'approver');
  await it.server.admin.post('policies/apply', { files: [{ name: 'refunds.yaml', text: policy }] });
});
after(async () => { await it.end(); assert.deepEqual(it.troubles, [], 'nothing went wrong in a page'); });

const ask = async (amount) => (await bot.post('checks', { action: 'stripe.refund', params: { amount, currency: 'EUR', customer: 'A. Lee' } })).approval_id;
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test('Ana lets Ben answer until Friday; he does, and the card and the record say in whose place', async () => {
  const id = await ask(45);
  const bens = await it.page(`/approvals/${id}`, ben);
  await bens.getByText('Only these can answer it: finance').waitFor();

  const anas = await it.page('/account', ana);
  await anas.getByText('Let someone answer for you').click();
  await anas.getByLabel('Who answers instead').selectOption('ben@example.com');
  await anas.getByLabel('Last day (until ended if empty)').fill(day(4));
  await anas.getByLabel('Why', { exact: true }).fill('at the sea');
  await anas.getByRole('button', { name: 'Let them answer' }).click();
  await anas.waitForURL(/account#away/);
  await anas.getByRole('row', { name: /ben@example\.com.*Holds.*at the sea/s }).waitFor();

  await bens.goto(`${it.server.url}/approvals`);
  await bens.getByText('you can decide for ana@example.com').waitFor();
  await bens.goto(`${it.server.url}/approvals/${id}`);
  await bens.getByText('You answer for ana@example.com').waitFor();
  await read(bens);
  await bens.getByRole('button', { name: /^Approve .*stripe\.refund.* of 45\.00 .*A\. Lee/ }).click();
  await bens.waitForURL(/after=/);
  await bens.getByText('Approved by ben@example.com for ana@example.com').first().waitFor();

  await anas.goto(`${it.server.url}/approvals/${id}`);
  await anas.locator('[data-live=people]').getByText('ben@example.com for ana@example.com').waitFor();
  const { items: [record] } = await it.server.admin.get(`audit?approval_id=${id}&kind=approval.approved`);
  assert.equal(record.caller.name, 'ben@example.com');
  assert.equal(record.data.in_place_of.person.email, 'ana@example.com');
  const told = await bot.post('checks', { action: 'stripe.refund', params: { amount: 45, currency: 'EUR', customer: 'A. Lee' } });
  assert.deepEqual([told.verdict, told.reason_code], ['allow', 'APPROVED']);
  await bens.close();
  await anas.close();
});

test('Ana is back and ends it: what comes now is hers alone', async () => {
  const id = await ask(46);
  const anas = await it.page('/account', ana);
  await anas.getByRole('button', { name: 'End that ben@example.com answers for ana@example.com' }).click();
  await anas.getByText('Nobody answers in your place, and you in nobody’s.').waitFor();
  const bens = await it.page(`/approvals/${id}`, ben);
  await bens.getByText('Only these can answer it: finance').waitFor();
  await bens.close();
  await anas.close();
});

test('an admin says it for someone who cannot, and everyone sees it', async () => {
  const people = await it.page('/people');
  await people.getByText('Let someone answer for another').click();
  await people.getByLabel('Who is away').selectOption('ana@example.com');
  await people.getByLabel('Who answers instead').selectOption('ben@example.com');
  await people.getByLabel('Why', { exact: true }).fill('Ana is ill');
  await people.getByRole('button', { name: 'Let them answer' }).click();
  await people.waitForURL(/people#away/);
  await people.getByText('(made by admin@localhost)').waitFor();
  await people.close();
});
