// Every page, light and dark, on a desk and on a phone, as axe sees it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { world } from '../harness/browser.js';
import { seed } from '../harness/seed.js';

let it, filled, pages;
before(async () => {
  it = await world();
  filled = await seed(it.server);
  pages = { ...filled.pages, stats: '/approvals/stats', agents: '/agents', agent: '/agents/support-bot', people: '/people', keys: '/keys', webhooks: '/webhooks', settings: '/settings', record: '/audit', fact: '/audit/3' };
  const strict = 'kind: Policy\nname: strict\nrules:\n  - {name: sure, actions: [iam.grant], verdict: escalate, risk: critical, approval: {assurance: step_up}}\n';
  await it.server.admin.post('policies/apply', { files: [{ name: 'strict.yaml', text: strict }] });
  pages['takes a step-up'] = `/approvals/${(await filled.ops.post('approvals', { action: 'iam.grant', params: { to: 'dana' } })).id}`;
});
after(async () => { await it.end(); assert.deepEqual(it.troubles, []); });

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };

for (const scheme of ['light', 'dark']) {
  for (const width of [1280, 390]) {
    test(`every page passes axe, ${scheme}, ${width} px wide, and nothing runs over the edge`, async () => {
      const context = await it.browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, storageState: it.state, bypassCSP: true, reducedMotion: 'reduce' });
      const page = await context.newPage();
      for (const [name, address] of Object.entries(pages)) {
        await page.goto(it.server.url + address);
        for (const fold of await page.locator('details.adding > summary, form details.as-table > summary').all()) await fold.click();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
        await page.evaluate(axe);
        const found = await page.evaluate((options) => globalThis.axe.run(document, options), rules);
        const told = found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
        assert.deepEqual(told, [], name);
      }
      await context.close();
    });
  }
}
