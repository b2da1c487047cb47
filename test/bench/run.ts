import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { fetch } from './fetch.ts';
import { packaged } from './packaged.ts';
import { pages } from './pages.ts';
import { produce } from './produce.ts';
import { schemas } from './schemas.ts';
import { type Row, toMarkdown } from './table.ts';

// Measures the gateway against kafkajs, and prints a table:
//   npm run bench [-- <part>…]

const parts: Record<string, () => AsyncGenerator<Row>> = { produce, schemas, fetch, pages, packaged };

const { positionals } = parseArgs({ allowPositionals: true });
const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = chosen.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`There is no benchmark ${unknown}: choose from ${Object.keys(parts).join(', ')}`);

const loadBefore = loadavg()[0];
const rows: Row[] = [];
for (const name of chosen) {
  console.error(`Measuring: ${name} …`);
  for await (const row of parts[name]()) rows.push(row);
}
console.log(`\n${toMarkdown(rows)}\n${remarks()}`);

function remarks(): string {
  const [{ model }] = cpus();
  const load = `load ${loadBefore.toFixed(1)} before and ${loadavg()[0].toFixed(1)} after`;
  return [
    'Produce and fetch: CPU time of a request, records of 100 bytes, one partition, acks=all, both sides against the same broker in turns.',
    'kafkajs: `producer.send` of messages that are ready; its fetch and decoding, and the same response text by JSON.stringify.',
    'Pages: beside them stands what a record of the gateway’s fetch of 1 MiB from one partition takes; a record of a page has its id, too.',
    `Node ${process.version}, ${cpus().length} cores (${model}), ${load}. Times are of this machine; ratios can be compared.`,
  ].join('\n');
}
