// The inbox and several at once: what a row says, what answers what, what is read before a yes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { read, world } from '../harness/browser.js';
import { agent } from '../harness/server.js';

let it, bot;
before(async () => {
  it = await world();
  bot = await agent(it.server, 'list-bot');
});
after(async () => { await it.end(); assert.deepEqual(it.troubles, []); });

const ask = async (body) => (await bot.post('approvals', { risk: 'low', ...body })).id;
const see = (id) => it.server.admin.get(`approvals/${id}`);
const PHONE = { width: 390, height: 844 };

test('several at once: a yes waits until every request was on the screen, and says which was not', async () => {
  const ids = [];
  for (let n = 1; n <= 8; n += 1) ids.push(await ask({ action: 'gate.several', params: { amount: n, currency: 'EUR', body: `line\n${'a paragraph\n'.repeat(12)}` }, cost: n === 8 ? {} : { usd: '2' } }));
  const page = await it.page(`/approvals/several?say=approve&${ids.map((id) => `id=${id}`).join('&')}`);
  const yes = page.getByRole('button', { name: /^Approve 8 × .*gate\.several.*, 36 .*EUR.* in all/ });
  await page.getByText(/^Not on the screen yet: /).waitFor();
  assert.equal(await yes.isDisabled(), true);
  await yes.scrollIntoViewIfNeeded();
  await page.waitForTimeout(700);
  assert.equal(await yes.isDisabled(), true, 'to jump to the end is no reading');
  await read(page);
  await page.waitForFunction(() => !document.querySelector('[data-yes]').disabled);
  await page.getByText('A yes to all costs 14 USD as stated, and more: 1 of 8 states no cost.').first().waitFor();
  await yes.click();
  await page.getByText('Approved 8 of 8').waitFor();
  for (const id of ids) assert.equal((await see(id)).status, 'approved');
  await page.close();
});

test('several at once: folded text is opened first, and a no waits for nothing', async () => {
  const long = 'word '.repeat(700);
  const ids = [await ask({ action: 'gate.fold', params: { text: long } }), await ask({ action: 'gate.fold', params: { text: 'short' } })];
  const query = ids.map((id) => `id=${id}`).join('&');
  const page = await it.page(`/approvals/several?say=approve&${query}`);
  await read(page);
  await page.getByText('Open the folded text first (1 left).').waitFor();
  await page.locator('.fold > summary').click();
  await read(page);
  await page.waitForFunction(() => !document.querySelector('[data-yes]').disabled);
  await page.goto(`${it.server.url}/approvals/several?say=deny&${query}`);
  assert.equal(await page.getByRole('button', { name: /^Deny 2 ×/ }).isDisabled(), false);
  await page.close();
});

test('a group: its buttons answer all of it, and while some are picked only the bar answers', async () => {
  const ids = [];
  for (const n of [1, 2, 3]) ids.push(await ask({ action: 'group.or.bar', params: { n }, cost: { usd: `${n}` } }));
  for (const viewport of [{ width: 1280, height: 900 }, PHONE]) {
    const context = await it.browser.newContext({ viewport, storageState: it.state });
    const page = await it.page('/approvals?action=group.or.bar', context);
    await page.getByText('costs 6 USD').waitFor();
    await page.locator('.alike > summary').click();
    const all = page.getByRole('link', { name: /^Approve all 3 ×/ });
    const bar = page.getByRole('button', { name: 'Approve 1 picked…' });
    const height = (await page.locator('.group-actions').boundingBox()).height;
    assert.deepEqual([await all.isVisible(), await page.locator('[data-bulk]').isVisible()], [true, false]);
    await page.locator(`input[name=id][value=${ids[1]}]`).check();
    assert.deepEqual([await all.isVisible(), await bar.isVisible()], [false, true], 'never both');
    if (viewport.width > 1000) assert.equal((await page.locator('.group-actions').boundingBox()).height, height, 'nothing moves');
    await page.getByRole('button', { name: 'Pick none' }).click();
    assert.deepEqual([await all.isVisible(), await page.locator('[data-bulk]').isVisible()], [true, false]);
    await context.close();
  }
});

test('on the first screen of a phone a row tells risk, warnings and the time left', async () => {
  const id = await ask({ action: 'phone.first', params: { to: 'production', amount: 1, total: 2 }, risk: 'high', expires_in: '2h' });
  await ask({ action: 'phone.first', params: { to: 'x' }, expires_in: '1h' });
  const context = await it.browser.newContext({ viewport: PHONE, storageState: it.state });
  const page = await it.page('/approvals?action=phone.first', context);
  const row = page.locator(`#row-${id}`);
  const box = await row.boundingBox();
  assert.ok(box.y + box.height < PHONE.height, JSON.stringify(box));
  for (const part of [row.getByText(/1 h 59 min left|2 h left/), row.locator('.row-warns'), row.getByText('you can decide')]) {
    const at = await part.boundingBox();
    assert.ok(at && at.x >= 0 && at.x + at.width <= PHONE.width && at.y < PHONE.height, JSON.stringify(at));
  }
  assert.match(await row.locator('.row-warns').textContent(), /^\d+ things to look at$/);
  await context.close();
});

test('no word is cut in two, in a group and in several at once', async () => {
  const ids = [];
  for (const customer of ['J. Okafor', 'M. Berg', 'L. Chen']) ids.push(await ask({ action: 'narrow.voucher', params: { amount: 20, currency: 'EUR', customer, campaign: customer.slice(-4), description: `for ${customer}` } }));
  for (const width of [1280, 390]) {
    const context = await it.browser.newContext({ viewport: { width, height: 844 }, storageState: it.state });
    const page = await it.page('/approvals?action=narrow.voucher', context);
    await page.locator('.alike > summary').click();
    const cut = () => page.evaluate(() => {
      const found = [];
      for (const part of document.querySelectorAll('.alike th, .alike td, .picked dt, .picked dd')) {
        // On a phone names stand beside their values, and the head of the table is only read out.
        if (innerWidth < 500 && part.matches('thead th')) continue;
        for (const text of (function* texts(node) { for (const one of node.childNodes) if (one.nodeType === 3) yield one; else yield* texts(one); })(part)) {
          for (const word of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.top)));
            if (lines.size > 1) found.push(word[0]);
          }
        }
      }
      return found;
    });
    assert.deepEqual(await cut(), [], `the group at ${width}`);
    const scrolls = await page.locator('.alike .table-wrap').evaluate((wrap) => [wrap.scrollWidth > wrap.clientWidth + 1, getComputedStyle(wrap, '::before').content]);
    assert.deepEqual(scrolls, [false, 'none'], 'all of it is on the screen');
    const named = await page.locator('.alike tbody tr').first().locator('td').evaluateAll((all) => all.map((one) => getComputedStyle(one, '::before').content.replaceAll('"', '')));
    const names = ['campaign', 'customer', 'description', 'Time left'];
    if (width === 390) for (const name of names) assert.ok(named.includes(name), `${name} in ${named}`);
    await page.goto(`${it.server.url}/approvals/several?say=approve&${ids.map((id) => `id=${id}`).join('&')}`);
    assert.deepEqual(await cut(), [], `several at ${width}`);
    await context.close();
  }
});

test('filters are chosen from what there is, without scripts as well, and stand in the address', async () => {
  await ask({ action: 'filter.this', params: {} });
  const context = await it.browser.newContext({ javaScriptEnabled: false, storageState: it.state });
  const page = await context.newPage();
  await page.goto(`${it.server.url}/approvals?view=all`);
  assert.equal(await page.locator('datalist#actions option[value="filter.this"]').count(), 1);
  await page.locator('.filters summary').click();
  await page.getByLabel('Why a person is asked').selectOption('the agent asks for a person');
  await page.getByLabel('Status', { exact: true }).selectOption('Pending');
  await page.getByLabel('Agent', { exact: true }).selectOption('list-bot');
  await page.getByLabel('Action', { exact: true }).fill('filter.this');
  await page.getByRole('button', { name: 'Apply' }).click();
  const asked = new URL(page.url()).searchParams;
  assert.deepEqual(['reason', 'status', 'agent', 'action'].map((name) => asked.get(name)), ['AGENT_REQUESTED', 'pending', 'list-bot', 'filter.this']);
  assert.equal(await page.locator('li.row').count(), 1);
  await page.locator('.chip', { hasText: 'the agent asks for a person' }).waitFor();
  await context.close();
});

test('a question shows in the row without a reload, and nothing moves', async () => {
  const id = await ask({ action: 'row.question', params: {} });
  const page = await it.page('/approvals?action=row.question');
  await page.locator('html[data-stream=live]').waitFor();
  const row = page.locator(`#row-${id}`);
  const before_ = await row.boundingBox();
  await it.server.admin.post(`approvals/${id}/ask`, { question: 'for whom?' });
  await row.getByText('asked, not answered yet').waitFor();
  await bot.post(`approvals/${id}/answer`, { answer: 'for A. Lee' });
  await row.getByText('answered by the agent').waitFor();
  assert.deepEqual(await row.boundingBox(), before_);
  await page.close();
});
