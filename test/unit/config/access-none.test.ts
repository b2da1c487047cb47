import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessConfig } from '../../../lib/config/access.ts';
import { captureLog } from '../../harness/events/http-event.ts';

test('a gateway that is open to everyone says so, once', (t) => {
  t.mock.property(process, 'env', { ...process.env, GATEWAY_AUTH: 'none' });
  const lines = captureLog(t);

  accessConfig();
  accessConfig();

  assert.deepEqual(
    lines.map(({ level, message }) => [level, message]),
    [['WARN', 'GATEWAY_AUTH is none: the gateway is open to everyone who can reach it']],
  );
});
