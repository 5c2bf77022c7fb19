// Runs every story in a browser against the built binary, and prints how many hold.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const folder = path.join(import.meta.dirname, 'stories');
const wanted = process.argv[2] ?? '';
const files = readdirSync(folder).filter((name) => name.endsWith('.test.js') && name.includes(wanted)).map((name) => path.join(folder, name));
let passed = 0;
let failed = 0;
const stream = run({ files, concurrency: 1, timeout: 900_000 });
const counts = (event) => event.details?.type !== 'suite' && !files.includes(event.name) && !files.includes(path.resolve(event.name));
stream.on('test:pass', (event) => { if (counts(event)) passed += 1; });
stream.on('test:fail', (event) => { failed += 1; void event; process.exitCode = 1; });
stream.compose(new spec()).pipe(process.stdout);
stream.on('end', () => setImmediate(() => console.log(`${passed} passed, ${failed} failed`)));
