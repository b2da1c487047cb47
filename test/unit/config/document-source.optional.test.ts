import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDocument } from '../../../lib/config/document-source.optional.ts';
import { startParameterStore } from '../../harness/aws/parameter-store.ts';

const GOOD = '{"GATEWAY_LOG_LEVEL":"debug"}';
const OTHER = '{"GATEWAY_LOG_LEVEL":"warn"}';
const BAD = '{"GATEWAY_LOG_LEVEL":"chatty"}';
const taken = (version: string, level: string) => ({ version, variables: { GATEWAY_LOG_LEVEL: level } });

test('without a document there is nothing to look at', () => {
  assert.equal(openDocument({}), null);
});

test('a version is taken once', async () => {
  await using store = await startParameterStore(GOOD);
  const look = openDocument(store.environment);
  assert.ok(look);

  const looks = [await look(), await look()];
  store.put(OTHER);

  assert.deepEqual(
    [...looks, await look()],
    [
      { taken: taken('1', 'debug'), refused: null },
      { taken: null, refused: null },
      { taken: taken('2', 'warn'), refused: null },
    ],
  );
});

test('who has a good version keeps it when the next one is wrong; who starts then looks for it', async () => {
  await using store = await startParameterStore(OTHER, GOOD);
  const before = openDocument(store.environment);
  await before?.();
  store.put(BAD);
  store.put(BAD);

  const kept = await before?.();
  const started = await openDocument(store.environment)?.();

  const refused = { version: '4', problem: 'GATEWAY_LOG_LEVEL must be one of debug, info, warn, error' };
  assert.deepEqual(
    [kept, started],
    [
      { taken: null, refused },
      { taken: taken('2', 'debug'), refused },
    ],
  );
});

test('what is wrong ever since is refused, after so many versions', async () => {
  await using store = await startParameterStore(...Array.from({ length: 30 }, () => BAD));

  const look = await openDocument(store.environment)?.();

  assert.deepEqual([look?.taken, look?.refused?.version, store.asked.length], [null, '30', 11]);
});

test('what cannot be had is no document', async () => {
  await using store = await startParameterStore();

  await assert.rejects(async () => openDocument(store.environment)?.(), /SSM did not give the parameter .*: 400 ParameterNotFound/);
});
