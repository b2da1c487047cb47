import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Turns } from '../../../../infra/serve/turns.ts';

test('requests of one connection are served one after the other, and those of others meanwhile', async () => {
  const turns = new Turns();
  const [one, other] = [new Socket(), new Socket()];
  const first = Promise.withResolvers<void>();
  const served: string[] = [];
  const serve =
    (name: string, done: Promise<void> = Promise.resolve()) =>
    () => {
      served.push(name);
      return done;
    };

  const all = [turns.take(one, serve('first', first.promise)), turns.take(one, serve('second')), turns.take(other, serve('of another'))];
  await setImmediate();
  const before = [...served];
  first.resolve();
  await Promise.all(all);

  assert.deepEqual(
    [before, served],
    [
      ['first', 'of another'],
      ['first', 'of another', 'second'],
    ],
  );
});

test('a request whose client has left before its turn is not served', async () => {
  const turns = new Turns();
  const socket = new Socket();
  const first = Promise.withResolvers<void>();
  const all = [turns.take(socket, () => first.promise), turns.take(socket, () => assert.fail('it was served'))];

  socket.destroy();
  first.resolve();

  await Promise.all(all);
});

test('a connection with more requests than a client waits for is closed', async () => {
  const turns = new Turns();
  const socket = new Socket();
  const never = new Promise<void>(() => undefined);

  for (let i = 0; i <= 1000; i++) void turns.take(socket, () => never);
  const before = socket.destroyed;
  await turns.take(socket, () => never);

  assert.deepEqual([before, socket.destroyed], [false, true]);
});
