import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

const module = new URL('../../../lib/telemetry/output.ts', import.meta.url).href;

/** Runs a program whose stdout is read only when it says, on stderr, that it is done; resolves with all that it wrote. */
async function outputOf(program: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', `import { output } from '${module}';\n${program}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child.stderr, 'data');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(child, 'close');
  return text;
}

test('a line is written before the process can be frozen, and after those of the stream', async () => {
  const text = await outputOf(`
    process.stdout.write('first\\n');
    output.write('second\\n');
    process.stdout.write('third\\n');
    output.write('fourth Zoë\\n');
    process.stderr.write('done');
    process.kill(process.pid, 'SIGKILL');
  `);

  assert.equal(text, 'first\nsecond\nthird\nfourth Zoë\n');
});

test('no line is lost, cut or mixed with others when nobody reads for a while', async () => {
  const text = await outputOf(`
    for (let i = 0; i < 3000; i++) {
      output.write(JSON.stringify({ i, text: 'é'.repeat(i % 700) }) + '\\n');
      if (i % 10 === 0) process.stdout.write(JSON.stringify({ i, text: 'stream' }) + '\\n');
    }
    process.stderr.write('done');
  `);

  const lines: { i: number; text: string }[] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.filter((line) => line.text !== 'stream').map((line) => [line.i, line.text.length]),
    Array.from({ length: 3000 }, (_, i) => [i, i % 700]),
  );
  assert.deepEqual(
    lines.filter((line) => line.text === 'stream').map((line) => line.i),
    Array.from({ length: 300 }, (_, i) => 10 * i),
  );
  const positions = lines.map((line, at) => [line.i, at]);
  assert.deepEqual(
    positions.toSorted(([a, b], [c, d]) => a - c || b - d),
    positions,
  );
});

test('a thread writes to its own stdout', async () => {
  const worker = new Worker(`import('${module}').then(({ output }) => output.write('from a thread\\n'));`, { eval: true, stdout: true });

  const [chunk] = await once(worker.stdout, 'data');

  assert.equal(String(chunk), 'from a thread\n');
  await worker.terminate();
});
