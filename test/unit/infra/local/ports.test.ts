import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { freePorts, isFree } from '../../../../infra/local/ports.ts';

test('ports that a process was given stay free for it, and are marked for all others', async (t) => {
  const [port] = await freePorts(1);
  const other = createSocket('udp4');
  t.after(() => other.close());

  other.bind(port, '127.0.0.1');

  const [error] = await once(other, 'error');
  assert.equal(error.code, 'EADDRINUSE');
  assert.equal(await isFree(port), true);
});

test('no port is given twice', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePorts(20)));

  assert.equal(new Set(ports.flat()).size, 400);
});
