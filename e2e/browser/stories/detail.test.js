// The page of one request: what is told at its top, what one can do there, and what stays of what one wrote.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { read, world } from '../harness/browser.js';
import { agent } from '../harness/server.js';

let it, bot;
before(async () => { it = await world({ timezoneId: 'Europe/Berlin', locale: 'en-GB' }); bot = await agent(it.server, 'pay-bot'); });
after(async () => { await it.end(); assert.deepEqual(it.troubles, [], 'nothing went wrong in a page'); });

const ask = async (body, who = bot) => (await who.post('approvals', body)).id;
const pay = (params, more = {}) => ({ action: 'bank.pay', params, risk: 'medium', reasoning: 'because', ...more });
const policy = (name, rule) => it.server.admin.post('policies/apply', { files: [{ name: `${name}.yaml`, text: `kind: Policy\nname: ${name}\nrules:\n  - name: all\n    actions: [${name}]\n    verdict: escalate\n    risk: medium\n    ${rule}\n` }] });

test('what is hidden is named first, with its length; amounts, ids and addresses read as what they are', async () => {
  const page = await it.page(`/approvals/${await ask(pay({ amount_text: '1.000,50', currency: 'EUR', account_id: 1234567890, payee_token: 'DE02120300000000202051', url: 'https://hooks.example.com/x', body: 'all' }))}`);
  const looks = page.locator('.looks li');
  assert.match(await looks.first().textContent(), /Hidden here.*payee_token.*\(22 characters\); a receiver could stand there/);
  await page.locator('h1', { hasText: '(that is 1000.50)' }).waitFor();
  await page.locator('h1', { hasText: /to\s*https:\/\/hooks\.example\.com\/x/ }).waitFor();
  assert.match(await page.locator('tr', { hasText: 'account_id' }).textContent(), /1234567890/);
  await looks.getByText('Money: do amount').waitFor();
  await looks.getByText('Others will read it').waitFor();
  await page.close();
});

test('times stand in the zone of whoever looks, with UTC at hand; without scripts they are UTC and say so', async () => {
  const id = await ask(pay({ amount: 1 }));
  const page = await it.page(`/approvals/${id}`);
  const asked = page.locator('time[data-whole]').first();
  assert.match(await asked.textContent(), /\(Europe\/Berlin\)$/);
  assert.match(await asked.getAttribute('title'), /Z$/);
  const plain = await it.browser.newContext({ javaScriptEnabled: false, storageState: it.state });
  const still = await it.page(`/approvals/${id}`, plain);
  assert.match(await still.locator('time[data-whole]').first().textContent(), /UTC$/);
  await plain.close();
  await page.close();
});

test('who has nothing to confirm an answer with is told so, on a phone as well, and can still ask', async () => {
  await policy('vault.open', 'approval: {assurance: step_up}');
  const { approval_id: id } = await bot.post('checks', { action: 'vault.open' });
  // Without a scroll that glides, or what is pressed next may still be moving.
  const phone = await it.browser.newContext({ viewport: { width: 390, height: 844 }, storageState: it.state, reducedMotion: 'reduce' });
  const page = await it.page(`/approvals/${id}`, phone);
  await page.getByText('What you can do here…').click();
  await page.getByText('A yes and a no to this are each confirmed').waitFor();
  assert.equal(await page.getByText('Deny…').count(), 0, 'a no takes it too');
  assert.equal(await page.getByRole('link', { name: 'Add a passkey or an app' }).getAttribute('href'), '/account');
  await page.getByText('Ask a question').click();
  await page.getByLabel('What the agent should explain').fill('which vault?');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.waitForURL(/#thread$/);
  await page.locator('#thread').getByText('which vault?').waitFor();
  assert.equal((await it.server.admin.get(`approvals/${id}`)).outcome, 'asked_question');
  await phone.close();
});

test('a quorum that cannot be met is told, with what to do', async () => {
  const made = [];
  for (const name of ['fay', 'gil']) made.push(await it.server.admin.post('users', { email: `${name}@example.com`, role: 'approver', groups: ['duo'] }));
  await policy('duo.go', 'approval: {stages: [{name: duo, groups: [duo], need: 2}]}');
  const { approval_id: id } = await bot.post('checks', { action: 'duo.go' });
  const page = await it.page(`/approvals/${id}`);
  assert.equal(await page.locator('[data-out-of-reach]').count(), 0);
  await it.server.admin.patch(`users/${(made[1].user ?? made[1]).id}`, { status: 'locked' });
  await page.reload();
  await page.locator('[data-out-of-reach]', { hasText: 'duo needs 2 yeses, and only 1 can be had' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'To the groups' }).getAttribute('href'), '/groups');
  await page.close();
});

test('the risk says where it comes from, and a budget what this adds', async () => {
  const text = 'kind: Budget\nname: few\nscope: {actions: [few.do]}\nunit: actions\nlimit: 4\nwindow: day\n';
  await it.server.admin.post('policies/apply', { files: [{ name: 'few.yaml', text }] });
  await policy('few.do', 'message: few and signed');
  const { approval_id: id } = await bot.post('checks', { action: 'few.do' });
  const page = await it.page(`/approvals/${id}`);
  assert.match(await page.locator('.because').textContent(), /Rule few\.do\/all says medium: few and signed/);
  await page.locator('.budget', { hasText: '0 of 4 actions used, this 1' }).waitFor();
  assert.equal(await page.locator('.gauge .adds').getAttribute('width'), '25');
  await page.close();
});

test('the button follows the text, and Ctrl and Enter send it where the button would', async () => {
  const id = await ask(pay({ amount: 2 }));
  const page = await it.page(`/approvals/${id}`);
  await page.locator('[data-confirm] > summary').click();
  assert.equal(await page.locator('[data-confirm] form').isVisible(), false, 'held back until it was read');
  await read(page);
  await page.locator('[data-confirm] > summary').click();
  await page.locator('[data-deny] > summary').click();
  await page.getByLabel('Why not').focus();
  await page.keyboard.press('Control+Enter');
  assert.equal((await it.server.admin.get(`approvals/${id}`)).status, 'pending', 'a reason is still missing');
  await page.keyboard.type('not today');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Deny it');
  await page.getByLabel('Why not').focus();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/after=/);
  assert.equal((await it.server.admin.get(`approvals/${id}`)).status, 'denied');
  await page.close();
});

test('what was not read is not approved by Ctrl and Enter either', async () => {
  const id = await ask(pay({ amount: 3, text: 'x'.repeat(3000) }, { risk: 'high' }));
  const page = await it.page(`/approvals/${id}`);
  await page.getByLabel('Why you approve it').fill('sure');
  await page.getByLabel('Why you approve it').press('Control+Enter');
  await page.waitForTimeout(300);
  assert.equal((await it.server.admin.get(`approvals/${id}`)).status, 'pending');
  await page.close();
});

test('a note stays when somebody else decides first, and can be sent as a remark', async () => {
  const id = await ask(pay({ amount: 4 }));
  const page = await it.page(`/approvals/${id}`);
  await page.locator('html[data-stream=live]').waitFor();
  await page.locator('[data-deny] > summary').click();
  await page.getByLabel('Why not').fill('ask the supplier first');
  await it.server.admin.post(`approvals/${id}/approve`, { notes: 'fine' });
  const kept = page.getByLabel('Copy it, or send it as a remark');
  await kept.waitFor();
  assert.equal(await kept.inputValue(), 'ask the supplier first');
  await page.reload();
  assert.equal(await kept.inputValue(), 'ask the supplier first', 'also when the page is loaded again');
  await page.getByRole('button', { name: 'Send it as a remark' }).click();
  await page.waitForURL(/#thread$/);
  await page.locator('#thread').getByText('ask the supplier first').waitFor();
  assert.equal(await page.locator('.unsent').count(), 0);
  await page.close();
});

test('without scripts a refused note is shown to be copied or sent', async () => {
  const id = await ask(pay({ amount: 5 }));
  const plain = await it.browser.newContext({ javaScriptEnabled: false, storageState: it.state });
  const page = await it.page(`/approvals/${id}`, plain);
  await page.getByText('Deny…').first().click();
  await page.getByLabel('Why not').fill('wait for the invoice');
  await it.server.admin.post(`approvals/${id}/approve`, { notes: 'fine' });
  await page.getByRole('button', { name: 'Deny it' }).click();
  assert.equal(await page.getByLabel('Copy it, or send it as a remark').inputValue(), 'wait for the invoice');
  await page.getByRole('button', { name: 'Send it as a remark' }).click();
  await page.locator('#thread').getByText('wait for the invoice').waitFor();
  await plain.close();
});

test('a request that ran says when, and by which receipt', async () => {
  const body = pay({ amount: 6 });
  const id = await ask(body);
  await it.server.admin.post(`approvals/${id}/approve`, { notes: 'fine' });
  await bot.post(`approvals/${id}/redeem`, { params: body.params });
  await bot.post(`approvals/${id}/result`, { status: 'succeeded', result: { id: 're_1' } });
  const page = await it.page(`/approvals/${id}`);
  const facts = page.locator('.outcome dl');
  for (const name of ['Started', 'Ended', 'Receipt']) await facts.getByText(name, { exact: true }).waitFor();
  assert.match(await facts.textContent(), /rcp_/);
  await page.close();
});
