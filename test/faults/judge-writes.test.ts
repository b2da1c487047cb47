import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeWrites, type WriteFindings } from './judge-writes.ts';
import type { Answer } from './write-records.ts';
import { toLog } from './written-log.ts';

const wellDone: WriteFindings = {
  requests: 1,
  lost: [],
  twice: [],
  disordered: [],
  misplaced: [],
  deniedButWritten: [],
  failures: new Map(),
  hopeless: [],
  longestMs: 10,
};

/** Judges one request's answers against a log that has these ids in partition 0. */
function judge(answers: Answer[], ...ids: string[]): WriteFindings {
  const log = toLog(ids.map((id, offset) => ({ partition: 0, offset, id })));
  return judgeWrites([{ worker: 0, cold: false, answers, status: 200, answeredAt: 0, ms: 10 }], log);
}

const acknowledged = (id: string, offset: number): Answer => ({ id, partition: 0, offset });
const failed = (failure: string, code = 50401): Answer => ({ id: '0-0-0', partition: 0, code, failure });

test('records that are where they were acknowledged are well done', () => {
  const findings = judge([acknowledged('0-0-0', 0), acknowledged('0-0-1', 1)], '0-0-0', '0-0-1');

  assert.deepEqual(findings, wellDone);
});

test('an acknowledged record that is not in the log is lost', () => {
  const findings = judge([acknowledged('0-0-0', 0)]);

  assert.deepEqual(findings, { ...wellDone, lost: ['0-0-0'], misplaced: ['0-0-0'] });
});

test('a record that is in the log a second time was written twice', () => {
  const findings = judge([acknowledged('0-0-0', 0)], '0-0-0', '0-0-0');

  assert.deepEqual(findings, { ...wellDone, twice: ['0-0-0'] });
});

test('a record behind a later one of its process is out of order; one of another process is not', () => {
  const findings = judge([], '0-1-0', '1-0-0', '0-0-0');

  assert.deepEqual(findings, { ...wellDone, disordered: ['0-0-0'] });
});

test('an offset at which another record is, is wrong', () => {
  const findings = judge([acknowledged('0-0-0', 1), acknowledged('0-0-1', 1)], '0-0-0', '0-0-1');

  assert.deepEqual(findings, { ...wellDone, misplaced: ['0-0-0'] });
});

test('a record that is in the log was denied, unless the failure allowed for that', () => {
  const denied = judge([failed('It failed. The records were not written.')], '0-0-0');
  const unsure = judge([failed('It failed. The records may have been written.')], '0-0-0');

  assert.deepEqual(denied.deniedButWritten, ['0-0-0']);
  assert.deepEqual(unsure.deniedButWritten, []);
});

test('a failure that does not invite to try again is hopeless', () => {
  const unavailable = judge([failed('Try again.', 50003)]);
  const refused = judge([failed('No.', 50201)]);

  assert.deepEqual(unavailable, { ...wellDone, failures: new Map([['200 50003 Try again. (1 of 1 records)', 1]]) });
  assert.deepEqual(refused.hopeless, ['0-0-0']);
});

test('the first request of a process is no stall', () => {
  const write = { worker: 0, answers: [], status: 200, answeredAt: 0 };

  const { longestMs } = judgeWrites(
    [
      { ...write, cold: true, ms: 900 },
      { ...write, cold: false, ms: 20 },
    ],
    toLog([]),
  );

  assert.equal(longestMs, 20);
});
