import type { Told, ToldError, ToldMessage } from './pubsub.ts';

/** A message to a subscriber. */
export interface Pushed extends Told {
  kafkaSubscribeResp?: { cursor: string };
  kafkaCreditResp?: object;
  kafkaUnsubscribeResp?: object;
  kafkaPush?: {
    records?: (ToldMessage & { topic: string; partition?: number; keyText?: string; valueText?: string; tooLarge?: string })[];
    cursor: string;
    gaps?: { topic: string; partition?: number; from?: string; to?: string }[];
    credit?: string;
  };
  errorResp?: ToldError & { cursor?: string };
}

/** A WebSocket client in JSON that also receives messages unasked. */
export interface Subscriber {
  /** All messages that came unasked, or ended a subscription. */
  readonly pushed: Pushed[];
  /** Sends a command, and waits for its response. */
  command(request: { sequence: number } & Record<string, unknown>): Promise<Pushed>;
  /** The records of all pushes so far. */
  records(): NonNullable<NonNullable<Pushed['kafkaPush']>['records']>;
  /** The cursor of the last push. */
  cursor(): string;
  /** Settles with the code of the connection's close. */
  readonly closed: Promise<number>;
  close(): void;
}

/** Opens a WebSocket. @throws when the handshake is refused */
export async function openSubscriber(url: string, headers: Record<string, string> = {}): Promise<Subscriber> {
  const socket = new WebSocket(url, { headers });
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<number>();
  socket.addEventListener('open', () => opened.resolve());
  socket.addEventListener('error', () => opened.reject(new Error('the handshake was refused')));
  socket.addEventListener('close', ({ code }) => closed.resolve(code));
  const pushed: Pushed[] = [];
  const asked = new Map<string, (told: Pushed) => void>();
  socket.addEventListener('message', ({ data }) => {
    const told: Pushed = JSON.parse(String(data));
    const answer = told.kafkaPush === undefined ? asked.get(told.sequence ?? '0') : undefined;
    asked.delete(answer === undefined ? '' : (told.sequence ?? '0'));
    if (answer === undefined) pushed.push(told);
    else answer(told);
  });
  await opened.promise;
  const records = () => pushed.flatMap(({ kafkaPush }) => kafkaPush?.records ?? []);
  return {
    pushed,
    records,
    closed: closed.promise,
    command(request) {
      const { promise, resolve } = Promise.withResolvers<Pushed>();
      asked.set(String(request.sequence), resolve);
      socket.send(JSON.stringify(request));
      return promise;
    },
    cursor: () => pushed.findLast(({ kafkaPush }) => kafkaPush !== undefined)?.kafkaPush?.cursor ?? '',
    close: () => socket.close(),
  };
}
