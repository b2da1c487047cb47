import assert from 'node:assert/strict';
import { afterEach, beforeEach, type TestContext, test } from 'node:test';
import { FreshConfiguration } from '../../../lib/config/fresh-configuration.ts';
import { letHold } from '../../../lib/config/running.ts';
import { ofProcess, section } from '../../../lib/config/section.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { startParameterStore } from '../../harness/aws/parameter-store.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { metricsOf } from '../../harness/metrics/emf-schema.ts';

const acks = ofProcess(section((reader) => reader.text('GATEWAY_ACKS')));
const before = { ...process.env };

beforeEach(() => {
  process.env = { ...before, GATEWAY_ACKS: '1', GATEWAY_STACK: 'gateway-test' };
});
afterEach(() => {
  process.env = before;
  letHold(null);
  setLogLevel('info');
});

/** Time that passes when the test says so. */
function clock(t: TestContext): (seconds: number) => void {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  return (seconds) => t.mock.timers.tick(seconds * 1000);
}

test('without a document, nobody waits', () => {
  assert.equal(new FreshConfiguration().ensure(), undefined);
  assert.equal(acks(), '1');
});

test('a document holds for its lifetime, and then the next one does', async (t) => {
  await using store = await startParameterStore('{"GATEWAY_ACKS":"all"}');
  Object.assign(process.env, store.environment);
  const pass = clock(t);
  const lines = captureLog(t);
  const fresh = new FreshConfiguration();

  await fresh.ensure();
  const seen = [acks()];
  store.put('{"GATEWAY_ACKS":"0","GATEWAY_LOG_LEVEL":"warn"}');
  pass(29);
  assert.equal(fresh.ensure(), undefined);
  seen.push(acks());
  pass(1);
  await Promise.all([fresh.ensure(), fresh.ensure()]);
  seen.push(acks());

  assert.deepEqual(seen, ['all', 'all', '0']);
  assert.equal(store.asked.length, 2);
  // The second one is not told of, as it says itself.
  assert.deepEqual(
    lines.map(({ event, names }) => [event, names]),
    [['config_taken', ['GATEWAY_ACKS']]],
  );
});

test('one that is wrong, or cannot be read, is told with a metric; what held before holds on', async (t) => {
  await using store = await startParameterStore('{"GATEWAY_ACKS":"all"}');
  Object.assign(process.env, store.environment);
  const pass = clock(t);
  const fresh = new FreshConfiguration();
  await fresh.ensure();
  const lines = captureLog(t);

  store.put('{"GATEWAY_ACKS":"some"}');
  pass(31);
  await fresh.ensure();
  store.isAway = true;
  pass(31);
  await fresh.ensure();

  assert.equal(acks(), 'all');
  assert.deepEqual(
    lines.map(({ event }) => event),
    ['config_refused', 'config_unread'],
  );
  for (const line of lines) assert.deepEqual(metricsOf(line), [{ name: 'KafkaHttpGateway ConfigNotTaken stack=gateway-test', value: 1 }]);
});

test('a document that is away for the first look is looked for once more', async (t) => {
  await using store = await startParameterStore('{"GATEWAY_ACKS":"all"}');
  Object.assign(process.env, store.environment);
  const lines = captureLog(t);
  store.failing = 1;

  await new FreshConfiguration().ensure();

  assert.equal(acks(), 'all');
  assert.deepEqual(
    lines.map(({ event }) => event),
    ['config_unread', 'config_taken'],
  );
});

test('one that stays away is a failure that passes', async (t) => {
  await using store = await startParameterStore('{"GATEWAY_ACKS":"all"}');
  Object.assign(process.env, store.environment);
  captureLog(t);
  store.failing = 2;
  const fresh = new FreshConfiguration();

  await assert.rejects(async () => fresh.ensure(), { name: 'StorageUnavailable', status: 503, retriable: true });
  await fresh.ensure();

  assert.equal(store.asked.length, 3);
});

test('nothing is served by an instance that could never read one, until it can', async (t) => {
  await using store = await startParameterStore('{"GATEWAY_ACKS":"all"}');
  Object.assign(process.env, store.environment);
  captureLog(t);
  store.isAway = true;
  const fresh = new FreshConfiguration();

  await assert.rejects(async () => fresh.ensure(), { name: 'InternalError', status: 500 });
  store.isAway = false;
  await fresh.ensure();

  assert.equal(acks(), 'all');
});
