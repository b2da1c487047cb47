import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { fetch } from './fetch.ts';
import { packaged } from './packaged.ts';
import { produce } from './produce.ts';
import { type Row, toMarkdown } from './table.ts';

// Measures the gateway against kafkajs, and prints a table:
//   npm run bench [-- <part>…]

const parts: Record<string, () => AsyncGenerator<Row>> = { produce, fetch, packaged };

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.find((name) => parts[name] === undefined);
if (unknown !== undefined) throw new Error(`There is no benchmark ${unknown}: choose from ${Object.keys(parts).join(', ')}`);

const before = loadavg()[0];
const rows: Row[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
  const started = performance.now();
  console.error(`Measuring ${name} …`);
  for await (const row of parts[name]()) rows.push(row);
  console.error(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
const [{ model }] = cpus();
console.log(`\n${toMarkdown(rows)}`);
console.log(
  `Node ${process.version}, ${cpus().length} cores (${model}), load ${before.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after.`,
);
