import { type IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';

/**
 * Serves WebSockets in the process of `serverless offline`, at its own address: its functions run in short-lived threads, which cannot hold
 * a subscription. The code is loaded with the first WebSocket, so that it does not slow down the start.
 */
export function openSocketsHere(): void {
  const sockets = lazily(async () => new (await import('../../lib/server/sockets.ts')).Sockets());
  const { emit } = Server.prototype;
  Server.prototype.emit = function (event: string | symbol, ...parameters: unknown[]): boolean {
    const [request, socket, head] = parameters;
    if (event !== 'upgrade' || !isRequest(request) || !(socket instanceof Socket) || !Buffer.isBuffer(head)) {
      return Reflect.apply(emit, this, [event, ...parameters]);
    }
    void sockets().then((all) => all.upgrade(request, socket, head));
    return true;
  };
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const isRequest = (value: unknown): value is IncomingMessage => typeof value === 'object' && value !== null && 'rawHeaders' in value;
