// Forms and lists: what was typed stays, the focus stands where one writes, and nothing is cut without a word.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { read, world } from '../harness/browser.js';
import { agent } from '../harness/server.js';

let it, bot;
before(async () => { it = await world(); bot = await agent(it.server, 'form-bot'); });
after(async () => { await it.end(); assert.deepEqual(it.troubles, []); });

const ask = async (params, risk = 'medium') => (await bot.post('approvals', { action: 'form.change', risk, params })).id;
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());

test('a webhook that cannot be called stays in its field, with how an operator opens it', async () => {
  const page = await it.page('/webhooks');
  await page.getByText('Add a webhook').click();
  await page.getByLabel('Address').fill('http://10.1.2.3/hook');
  await page.getByRole('checkbox', { name: /approval\.denied/ }).check();
  await page.getByRole('button', { name: 'Add and make its secret' }).click();
  await page.getByText('is not a public address').waitFor();
  assert.equal(await page.getByLabel('Address').inputValue(), 'http://10.1.2.3/hook');
  assert.ok(await page.getByRole('checkbox', { name: /approval\.denied/ }).isChecked());
  assert.equal(await page.locator('#opens-it').textContent(), 'countersign serve --allow-private-targets 10.1.2.3');
  assert.equal(await focused(page), 'url');
  await page.getByLabel('Address').fill('https://hooks.example.com/');
  await page.getByRole('button', { name: 'Add and make its secret' }).click();
  await page.locator('#fresh-secret').waitFor();
  await page.close();
});

test('a test of a webhook stands among what was sent', async () => {
  const hook = await it.server.admin.post('webhooks', { url: 'https://nowhere.invalid/', events: ['approval.denied'] });
  const page = await it.page(`/webhooks/${hook.id}`);
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.locator('#deliveries').getByText('webhook.test', { exact: true }).waitFor();
  await page.close();
});

test('the focus stands at the first field: after e, at a one-time link, at signing in', async () => {
  const id = await ask({ amount: 12 });
  const page = await it.page(`/approvals/${id}`);
  await page.keyboard.press('e');
  await page.waitForURL(/edit$/);
  assert.equal(await focused(page), 'f-1');
  await page.close();
  await it.server.admin.post('users', { email: 'lee@example.com', role: 'viewer' });
  const people = await it.page('/people');
  const row = people.locator('tr', { hasText: 'lee@example.com' });
  await row.getByText('Change').click();
  await row.getByRole('button', { name: 'Make a sign-in link' }).click();
  const link = (await people.locator('#fresh-secret').textContent()).trim();
  await people.close();
  const visitor = await (await it.browser.newContext()).newPage();
  await visitor.goto(link);
  assert.equal(await focused(visitor), 'Sign in');
  await visitor.goto(`${it.server.url}/sign-in`);
  assert.equal(await focused(visitor), 'email');
  await visitor.context().close();
});

test('a parameter that reads like a number and is a text is said to be one, without words of the command line', async () => {
  const id = await ask({ amount: 12 });
  const page = await it.page(`/approvals/${id}/edit`);
  await page.getByText('Add a parameter').click();
  await page.locator('[name="comes.name.1"]').fill('rate');
  await page.locator('[name="comes.value.1"]').fill('12x');
  await page.getByRole('button', { name: 'Show the difference' }).click();
  await page.getByText('text, not a number').waitFor();
  await page.goto(`${it.server.url}/approvals/${id}/edit`);
  await page.getByText('Add a parameter').click();
  await page.locator('[name="comes.name.1"]').fill('amount');
  await page.locator('[name="comes.value.1"]').fill('13');
  await page.getByRole('button', { name: 'Show the difference' }).click();
  const said = await page.getByRole('alert').textContent();
  assert.match(said, /There is already a .*amount.*: change that one/);
  assert.ok(!said.includes('+'), said);
  await page.close();
});

test('on a phone the bar says that one has to read on, and what a bar covers is not seen', async () => {
  const params = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`row_${n}`, n]));
  const id = await ask(params);
  const phone = await it.browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, storageState: it.state });
  const page = await it.page(`/approvals/${id}`, phone);
  await page.getByText('Read on…').waitFor();
  await page.goto(`${it.server.url}/approvals/${id}/edit`);
  await page.getByLabel('row_0', { exact: true }).fill('7');
  await page.getByRole('button', { name: 'Show the difference' }).click();
  await page.getByText('All that would run').waitFor();
  // Up to the row before the last, with the last behind the navigation at the foot.
  const cover = await page.locator('.nav').boundingBox();
  assert.ok(cover.y > 700 && cover.y < 844, JSON.stringify(cover));
  const bottom = () => page.evaluate(() => [...document.querySelectorAll('[data-reading] tr')].at(-1).getBoundingClientRect().bottom);
  for (let end = await bottom(); end > 844 - 4;) {
    await page.evaluate((by) => scrollBy({ top: by, behavior: 'instant' }), Math.min(300, end - 844 + 5));
    await page.waitForTimeout(600);
    end = await bottom();
  }
  await page.waitForTimeout(600);
  assert.match(await page.locator('[data-gate]').textContent(), /Not on the screen yet/);
  await read(page);
  await page.waitForFunction(() => document.querySelector('[data-gate]').textContent === '');
  await phone.close();
});

test('a table that is wider than the screen has a name, takes the focus, and says that there is more', async () => {
  await bot.post('approvals', { action: 'form.wide', risk: 'low', params: {} });
  const phone = await it.browser.newContext({ viewport: { width: 390, height: 844 }, storageState: it.state });
  const page = await it.page('/approvals/stats', phone);
  await page.getByText('The same as a table, with links').nth(1).click();
  const wrap = page.locator('.table-wrap[data-scrolls]').first();
  await wrap.waitFor();
  assert.equal(await wrap.getAttribute('tabindex'), '0');
  assert.match(await wrap.getAttribute('aria-label'), /scrolls sideways/);
  assert.match(await wrap.evaluate((one) => getComputedStyle(one, '::after').content), /More to the right/);
  await phone.close();
});

test('the figures leave as CSV, table by table, in the time that is shown', async () => {
  await it.server.admin.post(`approvals/${await ask({ amount: 1 })}/approve`);
  const page = await it.page('/approvals/stats');
  assert.ok((await page.locator('svg.chart').count()) >= 6, 'each has a chart');
  for (const chart of await page.locator('svg.chart').all()) {
    const [title, text] = (await chart.getAttribute('aria-labelledby')).split(' ');
    assert.ok(await page.locator(`#${title}`).textContent() && await page.locator(`#${text}`).textContent());
  }
  await page.getByText('CSV', { exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'By agent' }).click()]);
  const text = await readFile(await file.path(), 'utf8');
  assert.match(text, /^agent,total,pending,approved,denied,expired,canceled\r\nform-bot,/);
  await page.goto(`${it.server.url}/approvals/stats?from=2020-01-01&to=2020-01-02`);
  await page.getByText('CSV', { exact: true }).click();
  const [none] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'By agent' }).click()]);
  assert.equal(await readFile(await none.path(), 'utf8'), 'agent,total,pending,approved,denied,expired,canceled\r\n');
  await page.close();
});

test('an admin makes a group, puts someone in, and takes someone out', async () => {
  for (const email of ['gil@example.com', 'hal@example.com']) await it.server.admin.post('users', { email, role: 'approver' });
  const page = await it.page('/groups');
  await page.getByText('New group').click();
  await page.getByLabel('Name').fill('night-shift');
  await page.getByRole('checkbox', { name: 'gil@example.com' }).check();
  await page.getByRole('button', { name: 'Make the group' }).click();
  const row = page.locator('tbody tr', { hasText: 'night-shift' });
  await row.getByText('Members…').click();
  await row.getByLabel('Comes').selectOption('hal@example.com');
  await row.getByRole('checkbox', { name: 'gil@example.com' }).check();
  await row.getByRole('button', { name: 'Save' }).click();
  await row.getByText('hal@example.com by hand').waitFor();
  assert.equal(await row.locator('li', { hasText: 'gil@example.com' }).count(), 0);
  await page.close();
});

test('keys are told apart, and every setting says where it comes from', async () => {
  const page = await it.page('/keys');
  const likes = await page.locator('td[data-label="Looks like"]').allTextContents();
  assert.ok(likes.length >= 3 && likes.every((text) => /^cs[akp]….{4}$/.test(text)), likes.join(' '));
  assert.equal(new Set(likes).size, likes.length);
  await page.goto(`${it.server.url}/settings`);
  const line = page.locator('tr', { hasText: 'requests_per_second' });
  assert.match(await line.textContent(), /100000.*flag/s);
  await page.close();
});

test('the record is narrowed by its filters, and leaves as a whole whatever they are', async () => {
  const page = await it.page('/audit?kind=webhook.created');
  const kinds = await page.locator('tbody th code').allTextContents();
  assert.ok(kinds.length > 0 && kinds.every((kind) => kind === 'webhook.created'), kinds.join(' '));
  await page.locator('.filters summary', { hasText: 'Filter' }).click();
  await page.getByLabel('About the agent').selectOption('form-bot');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('No record fits').waitFor();
  assert.equal((await page.locator('.pager').textContent()).trim(), '', 'nothing is counted where nothing is');
  await page.getByRole('link', { name: /about form-bot/ }).click();
  await page.locator('tbody th code').first().waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export everything' }).click()]);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n').map((line) => JSON.parse(line));
  const all = new Set(lines.map((line) => line.kind));
  assert.ok(all.has('webhook.created') && all.has('approval.opened'), [...all].join(' '));
  assert.match(file.suggestedFilename(), /countersign-record\.jsonl/);
  await page.close();
});

test('a delegation that is refused comes back open, with all that was entered and the focus on what is wrong', async () => {
  await it.server.admin.post('users', { email: 'ida@example.com', role: 'approver' });
  const page = await it.page('/account');
  await page.getByText('Let someone answer for you').click();
  await page.getByLabel('Who answers instead').selectOption('ida@example.com');
  await page.getByLabel('Last day').fill('2020-01-01');
  await page.getByLabel('Only for actions').fill('stripe.**');
  await page.getByLabel('Why', { exact: true }).fill('on leave');
  await page.getByRole('button', { name: 'Let them answer' }).click();
  await page.getByText('It has to end after it begins').waitFor();
  assert.equal(await focused(page), 'away-until');
  assert.equal(await page.getByLabel('Who answers instead').inputValue(), 'ida@example.com');
  assert.equal(await page.getByLabel('Only for actions').inputValue(), 'stripe.**');
  assert.equal(await page.getByLabel('Why', { exact: true }).inputValue(), 'on leave');
  await page.getByLabel('Last day').fill('2099-01-01');
  await page.getByRole('button', { name: 'Let them answer' }).click();
  await page.locator('td', { hasText: 'on leave' }).waitFor();
  await page.close();
});
