import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { zipSync } from 'fflate';
import { type StartOptions, startFunction } from '../harness/lambda/start-function.ts';

/** Starts a function whose zip holds nothing but this CommonJS module, for the time of a test. */
async function startModule(t: TestContext, source: string, options?: StartOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'zip-'));
  t.after(() => rm(folder, { recursive: true }));
  const zip = join(folder, 'example.zip');
  await writeFile(zip, zipSync({ 'functions/example.js': Buffer.from(source) }));
  const fn = await startFunction(zip, options);
  t.after(() => fn.stop());
  return fn;
}

suite('a function under the runtime client', () => {
  test('keeps its state between invocations, frozen or not', async (t) => {
    const source = 'let n = 0; exports.handler = async ({ add }) => ({ statusCode: 200, headers: {}, body: String(n += add) });';
    const fn = await startModule(t, source, { freezeWhenIdle: true });

    const bodies = [await fn.invoke({ add: 1 }), await fn.invoke({ add: 2 })].map(({ body }) => body);

    assert.deepEqual(bodies, ['1', '3']);
  });

  test('finds the wall clock moved on by the length of a freeze', async (t) => {
    const source = 'exports.handler = async () => ({ statusCode: 200, headers: {}, body: String(Date.now()) });';
    const fn = await startModule(t, source, { freezeWhenIdle: true, instruments: ['clock'] });
    const before = await fn.invoke({});

    await fn.thaw({ after: 3_600_000 });
    const after = await fn.invoke({});

    assert.ok(Number(after.body) - Number(before.body) >= 3_600_000);
  });

  test('reports what its handler throws', async (t) => {
    const fn = await startModule(t, "exports.handler = async () => { throw new RangeError('too far'); };");

    await assert.rejects(fn.invoke({}), { errorType: 'RangeError', message: 'RangeError: too far' });
  });

  test('reports what its module throws', async (t) => {
    await assert.rejects(startModule(t, "throw new RangeError('too far');"), { errorType: 'RangeError' });
  });

  test('is ended at its timeout', async (t) => {
    const fn = await startModule(t, 'exports.handler = () => new Promise((resolve) => setInterval(() => {}, 1000));');

    await assert.rejects(fn.invoke({}, { deadlineMs: 100 }), { errorType: 'Sandbox.Timedout' });
    await assert.rejects(fn.invoke({}), { errorType: 'Sandbox.Timedout' });
  });

  test('fails when its process ends', async (t) => {
    const fn = await startModule(t, "exports.handler = async () => { console.log('last words'); process.exit(7); };");

    await assert.rejects(fn.invoke({}), /exit status 7.*last words/s);
  });

  test('cannot return more than 6 MB', async (t) => {
    const fn = await startModule(t, "exports.handler = async (n) => ({ statusCode: 200, headers: {}, body: 'x'.repeat(n) });");

    await assert.rejects(fn.invoke(6_300_000), { errorType: 'Function.ResponseSizeTooLarge' });
    const { body } = await fn.invoke(6_200_000);

    assert.equal(body?.length, 6_200_000);
  });
});
