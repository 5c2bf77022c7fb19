// Those who set the rules: freezing, writing policy, allowing again. With scripts and without.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { world } from '../harness/browser.js';
import { agent } from '../harness/server.js';

let it;
before(async () => { it = await world(); });
after(async () => { await it.end(); assert.deepEqual(it.troubles, []); });

const POLICY = 'kind: Policy\nname: refunds\nrules:\n  - name: small\n    actions: ["story.refund"]\n    when: params.amount <= 100\n    verdict: allow\n';

for (const scripts of [true, false]) {
  const how = scripts ? 'with scripts' : 'without scripts';

  test(`everything is frozen from any page and goes on again, ${how}`, async () => {
    const bot = await agent(it.server, `freeze-bot-${scripts}`);
    await it.server.admin.put(`agents/${bot.id}/permissions`, { action: '**', effect: 'allow' });
    const context = await it.browser.newContext({ javaScriptEnabled: scripts, reducedMotion: 'reduce', storageState: it.state, viewport: scripts ? { width: 1280, height: 900 } : { width: 390, height: 844 } });
    const page = await it.page('/approvals', context);
    await page.locator('[data-stop]').click();
    const everything = page.locator('form', { has: page.getByRole('button', { name: 'Freeze everything' }) });
    await everything.getByLabel('Why').fill('something is wrong');
    await everything.getByRole('button').click();
    await page.getByText('Everything is frozen', { exact: false }).first().waitFor();
    assert.equal((await bot.post('checks', { action: 'x.y', params: {} })).reason_code, 'FROZEN');
    await page.goto(`${it.server.url}/audit`);
    await page.getByText('something is wrong').first().waitFor();
    await page.getByRole('link', { name: 'See what is frozen' }).click();
    await page.locator('summary', { hasText: 'Let it go on…' }).click();
    await page.getByLabel('Why it may go on').fill('it was a drill');
    await page.getByRole('button', { name: 'Let it go on' }).click();
    await page.getByText('Nothing. Agents are judged').waitFor();
    assert.equal((await bot.post('checks', { action: 'x.y', params: {} })).verdict, 'allow');
    await context.close();
  });

  test(`a policy is written with a mistake, mended, looked at and applied, ${how}`, async () => {
    const bot = await agent(it.server, `policy-bot-${scripts}`);
    await it.server.admin.post('policies/apply', { files: [{ name: 'p.yaml', text: POLICY }] });
    await bot.post('checks', { action: 'story.refund', params: { amount: 80 } });
    const context = await it.browser.newContext({ javaScriptEnabled: scripts, reducedMotion: 'reduce', storageState: it.state });
    const page = await it.page('/policies', context);
    await page.getByRole('link', { name: 'refunds', exact: true }).click();
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    const typed = POLICY.replace('<= 100', '<= 50');
    await page.getByLabel('YAML', { exact: true }).fill(typed.replace('verdict', 'verdct'));
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByRole('link', { name: 'Line 7, column 5' }).click();
    await page.getByText('Did you mean').first().waitFor();
    assert.match(await page.getByLabel('YAML', { exact: true }).inputValue(), /verdct: allow/);
    await page.getByLabel('YAML', { exact: true }).fill(typed);
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('would come to something else').waitFor();
    await page.getByRole('button', { name: 'Apply 1 change' }).click();
    await page.waitForURL(/\/policies\/Policy\/refunds$/);
    await page.getByText('params.amount <= 50').waitFor();
    assert.equal((await bot.post('checks', { action: 'story.refund', params: { amount: 81 } })).verdict, 'escalate');
    await context.close();
  });

  test(`a request is allowed again within bounds, and that is taken back, ${how}`, async () => {
    const bot = await agent(it.server, `again-bot-${scripts}`);
    const params = { amount: 20, customer: 'A. Lee' };
    const { id } = await bot.post('approvals', { action: 'story.voucher', risk: 'medium', params });
    const context = await it.browser.newContext({ javaScriptEnabled: scripts, reducedMotion: 'reduce', storageState: it.state });
    const page = await it.page(`/approvals/${id}`, context);
    await page.getByRole('link', { name: 'Allow this again…' }).click();
    await page.getByText('without asking, 10 times').waitFor();
    await page.getByLabel('How often').fill('2');
    await page.getByLabel('any value of customer').check();
    await page.getByRole('button', { name: 'Show what it would cover' }).click();
    await page.getByText('customer may differ').waitFor();
    await page.getByRole('button', { name: 'Allow it again as shown' }).click();
    await page.getByText('0 of 2 uses').waitFor();
    const auto = await bot.post('approvals', { action: 'story.voucher', params: { amount: 15, customer: 'B. Ito' } });
    assert.equal(auto.answered_by, 'auto:grant');
    await page.reload();
    await page.getByText('1 of 2 uses').waitFor();
    await page.locator('summary', { hasText: 'Revoke…' }).click();
    await page.getByRole('button', { name: /^Revoke again-/ }).click();
    await page.waitForURL(/\/grants$/);
    const asked = await bot.post('approvals', { action: 'story.voucher', params: { amount: 14, customer: 'B. Ito' } });
    assert.equal(asked.status, 'pending');
    await context.close();
  });
}

test('keys lead to the new pages, and the point freezes', async () => {
  const page = await it.page('/approvals');
  for (const [key, address] of [['l', 'policies'], ['b', 'budgets'], ['n', 'grants'], ['t', 'tools'], ['u', 'groups'], ['f', 'freezes']]) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await page.waitForURL(new RegExp(`/${address}$`));
  }
  await page.goto(`${it.server.url}/approvals`);
  await page.keyboard.press('.');
  await page.waitForURL(/\/freezes$/);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('budg');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/budgets$/);
  await page.close();
});
