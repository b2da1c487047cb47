import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { withTable } from '../harness/docs/page.ts';
import { consumers } from './consumers.ts';
import { fetch } from './fetch.ts';
import { packaged } from './packaged.ts';
import { pages } from './pages.ts';
import { produce } from './produce.ts';
import { push } from './push.ts';
import { queues } from './queues.ts';
import { schemas } from './schemas.ts';
import { streams } from './streams.ts';
import { type Row, toMarkdown } from './table.ts';

// Measures the gateway against kafkajs, prints a table for each part, and writes it into docs/reference/benchmarks.md:
//   npm run bench [-- <part>…]

const PAGE = new URL('../../docs/reference/benchmarks.md', import.meta.url);

const parts: Record<string, () => AsyncGenerator<Row>> = { produce, schemas, fetch, pages, consumers, queues, streams, push, packaged };

const { positionals } = parseArgs({ allowPositionals: true });
const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = chosen.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`There is no benchmark ${unknown}: choose from ${Object.keys(parts).join(', ')}`);

const loadBefore = loadavg()[0];
for (const name of chosen) {
  console.error(`Measuring: ${name} …`);
  const rows: Row[] = [];
  for await (const row of parts[name]()) rows.push(row);
  const table = toMarkdown(rows);
  console.log(`\n${name}\n\n${table}`);
  await writeFile(PAGE, withTable(await readFile(PAGE, 'utf8'), name, table));
}
const measuredOn = `\n${machine()}\n`;
console.log(measuredOn);
await writeFile(PAGE, withTable(await readFile(PAGE, 'utf8'), 'machine', measuredOn));

/** What the numbers of the latest run depend on. */
function machine(): string {
  const [{ model }] = cpus();
  const load = `load ${loadBefore.toFixed(1)} before and ${loadavg()[0].toFixed(1)} after`;
  return `Last measured (${chosen.join(', ')}): Node ${process.version}, ${cpus().length} cores (${model}), ${load}.`;
}
