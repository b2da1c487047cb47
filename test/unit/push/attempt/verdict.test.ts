import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nextAttempt, STANDARD_SCHEDULE, verdictOn } from '../../../../lib/push/attempt/verdict.ts';

const retry = { statuses: null, schedule: STANDARD_SCHEDULE };
const now = Date.UTC(2031, 0, 1);
const on = (status: number, headers: Record<string, string> = {}, rules: Parameters<typeof verdictOn>[1] = retry) =>
  verdictOn({ status, headers, text: '' }, rules, now);

suite('an answer means', () => {
  for (const [kind, statuses] of Object.entries({
    delivered: [200, 204, 299],
    refused: [400, 401, 403, 404, 413, 415, 422],
    gone: [410],
    again: [300, 302, 408, 409, 425, 429, 500, 503, 599],
  })) {
    test(`${kind}: ${statuses}`, () => {
      for (const status of statuses) assert.equal(on(status).kind, kind, String(status));
    });
  }

  test('what the subscription says of statuses', () => {
    const rules = { ...retry, statuses: [404] };

    assert.deepEqual([on(404, {}, rules).kind, on(500, {}, rules).kind], ['again', 'refused']);
  });

  test('that the endpoint wants nothing of it', () => {
    assert.equal(on(500, { 'webhook-delivery': 'abort-message' }).kind, 'abandoned');
  });

  test('a pause, of seconds or until a date, of a day at most', () => {
    const pauses = ['30', new Date(now + 60_000).toUTCString(), '9999999', '99999999999', 'soon', '-1'].map((text) => {
      const verdict = on(429, { 'retry-after': text });
      return verdict.kind === 'again' && verdict.after;
    });

    assert.deepEqual(pauses, [30_000, 60_000, 86_400_000, 86_400_000, 0, 0]);
  });

  test('a pause until a date in the old forms, of which one names no zone, wherever this process runs', (t) => {
    const { TZ = 'UTC' } = process.env;
    t.after(() => {
      process.env.TZ = TZ;
    });
    process.env.TZ = 'America/New_York';
    const dates = ['Wednesday, 01-Jan-31 00:01:00 GMT', 'Wed Jan  1 00:01:00 2031'];

    const pauses = dates.map((date) => on(503, { 'retry-after': date }));

    assert.deepEqual(pauses, Array(2).fill({ kind: 'again', after: 60_000, all: true }));
  });
});

test('attempts come by the standard schedule, give or take a fifth, and not before the endpoint wants them', () => {
  const pauses = Array.from({ length: 10 }, (_, i) => nextAttempt(STANDARD_SCHEDULE, i + 1, 0, 0, 0.5));

  assert.deepEqual(
    pauses,
    [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
      .map((s) => s * 1000)
      .concat([NaN])
      .map((ms) => (Number.isNaN(ms) ? null : ms)),
  );
  assert.deepEqual([nextAttempt([100], 1, 0, 0, 0), nextAttempt([100], 1, 0, 0, 1)], [80_000, 120_000]);
  assert.equal(nextAttempt([5], 1, 60_000, 0, 0.5), 60_000);
});
