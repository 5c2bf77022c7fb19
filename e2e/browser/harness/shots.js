// Pictures of every page, for looking at: `node harness/shots.js DIRECTORY`.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startServer } from './server.js';
import { seed } from './seed.js';
import { launch, signIn } from './browser.js';

const [directory = '/tmp/shots', only] = process.argv.slice(2);
await mkdir(directory, { recursive: true });
const server = await startServer();
const browser = await launch();
try {
  const world = await seed(server);
  const context = await browser.newContext();
  const state = await signIn(context, server);
  const pages = Object.entries(world.pages).filter(([name]) => !only || name.includes(only));
  for (const scheme of ['light', 'dark']) {
    for (const [width, height] of [[1280, 900], [360, 780]]) {
      const sized = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, storageState: state });
      const page = await sized.newPage();
      page.on('console', (message) => { if (message.type() === 'error') console.log(page.url(), message.text()); });
      page.on('pageerror', (error) => console.log(page.url(), String(error)));
      for (const [name, address] of pages) {
        await page.goto(server.url + address);
        await page.waitForTimeout(120);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) console.log(`${name} is ${wide} px too wide at ${width}`);
        await page.screenshot({ path: path.join(directory, `${name}-${width}-${scheme}.png`), fullPage: true });
      }
      await sized.close();
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
