import type { Cluster } from '../kafka/cluster/cluster.ts';
import { PerCluster } from '../kafka/cluster/per-cluster.ts';
import type { ReadPosition } from '../kafka/fetch/reading.ts';
import { lengthOf } from '../kafka/record.ts';
import type { TailPage } from './tail.ts';

/** Most readers of one tail; the next reader starts another tail. */
const MOST_READERS = 128;
/** Most bytes of keys and values in a reader's backlog. A reader with a larger backlog continues alone. */
const MOST_WAITING_BYTES = 1024 * 1024;

/** Opens a tail that readers can share if they want the same records from now on. */
export interface SharedSource {
  /** The current end of the log. */
  begin: () => Promise<readonly ReadPosition[]>;
  /** Opens a tail from these positions; the signal ends it. */
  open: (start: readonly ReadPosition[], stop: AbortSignal) => AsyncGenerator<TailPage, void>;
}

const tails = new PerCluster(() => new Map<string, SharedTail>());

/**
 * Takes a seat at the tail of this kind, and starts the tail if there is none. The caller must leave the seat.
 *
 * @param kind identifies what is read, and how
 * @throws whatever `begin` of the source throws
 */
export async function joinTail(cluster: Cluster, kind: string, source: SharedSource): Promise<Seat> {
  const known = tails.of(cluster);
  let shared = known.get(kind);
  if (shared === undefined || !shared.hasRoom) {
    const begun: SharedTail = new SharedTail(source, () => {
      if (known.get(kind) === begun) known.delete(kind);
    });
    shared = begun;
    known.set(kind, shared);
  }
  return shared.join();
}

/** A tail with several readers: it reads the next page when the first of them requests it. */
class SharedTail {
  readonly #seats = new Set<Seat>();
  readonly #stop = new AbortController();
  readonly #forget: () => void;
  readonly #begun: Promise<void>;
  /** Where the next page begins. */
  #positions: readonly ReadPosition[] = [];
  /** Readers that have a seat or are about to get one. */
  #readers = 0;
  #wanted = Promise.withResolvers<void>();
  /** The error that ended it; null while it runs. */
  #failure: { error: unknown } | null = null;

  constructor(source: SharedSource, forget: () => void) {
    this.#forget = forget;
    this.#begun = source.begin().then((positions) => {
      this.#positions = positions;
      void this.#read(source.open(positions, this.#stop.signal));
    });
    this.#begun.catch(forget);
  }

  get hasRoom(): boolean {
    return this.#readers < MOST_READERS;
  }

  async join(): Promise<Seat> {
    this.#readers++;
    await this.#begun;
    const seat = new Seat(this.#positions, {
      wants: () => this.#wanted.resolve(),
      left: () => this.#leave(seat),
    });
    this.#seats.add(seat);
    if (this.#failure !== null) seat.fail(this.#failure.error);
    return seat;
  }

  #leave(seat: Seat): void {
    if (!this.#seats.delete(seat)) return;
    this.#readers--;
    if (this.#readers > 0) return;
    this.#forget();
    this.#stop.abort();
    this.#wanted.resolve();
  }

  async #read(pages: AsyncGenerator<TailPage, void>): Promise<void> {
    try {
      while (await this.#isWanted()) {
        const { value: page, done } = await pages.next();
        if (done) return;
        this.#positions = page.next;
        const bytes = bytesOf(page);
        for (const seat of this.#seats) seat.take(page, bytes);
      }
    } catch (error) {
      this.#forget();
      this.#failure = { error };
      for (const seat of this.#seats) seat.fail(error);
    } finally {
      await pages.return();
    }
  }

  /** Resolves to true when a reader waits for the next page; to false when no reader is left. */
  async #isWanted(): Promise<boolean> {
    while (!this.#stop.signal.aborted) {
      for (const seat of this.#seats) if (seat.isWaiting) return true;
      await this.#wanted.promise;
      this.#wanted = Promise.withResolvers();
    }
    return false;
  }
}

/** A reader's seat at a shared tail. */
export class Seat {
  /** The position after the last page that the reader got. */
  position: readonly ReadPosition[];
  readonly #told: { wants: () => void; left: () => void };
  readonly #pages: { page: TailPage; bytes: number }[] = [];
  #bytes = 0;
  #waiting: PromiseWithResolvers<TailPage | null> | null = null;
  /** Why no more pages come; null while they come. */
  #end: { error: unknown } | 'alone' | null = null;

  constructor(position: readonly ReadPosition[], told: { wants: () => void; left: () => void }) {
    this.position = position;
    this.#told = told;
  }

  get isWaiting(): boolean {
    return this.#waiting !== null;
  }

  /** The next page; null when the reader must continue alone from `position`. Rejects with the error that ended the tail. */
  next(): Promise<TailPage | null> {
    const first = this.#pages.shift();
    if (first !== undefined) {
      this.#bytes -= first.bytes;
      this.position = first.page.next;
      return Promise.resolve(first.page);
    }
    if (this.#end === 'alone') return Promise.resolve(null);
    if (this.#end !== null) return Promise.reject(this.#end.error);
    this.#waiting = Promise.withResolvers();
    const { promise } = this.#waiting;
    this.#told.wants();
    return promise;
  }

  take(page: TailPage, bytes: number): void {
    if (this.#waiting !== null) {
      const { resolve } = this.#waiting;
      this.#waiting = null;
      this.position = page.next;
      resolve(page);
      return;
    }
    if (this.#bytes + bytes > MOST_WAITING_BYTES && this.#pages.length > 0) {
      this.leave();
      return;
    }
    // Of several empty pages, the last is enough.
    if (this.#pages.at(-1)?.page.gaps.length === 0 && this.#pages.at(-1)?.bytes === 0) this.#pages.pop();
    this.#pages.push({ page, bytes });
    this.#bytes += bytes;
  }

  fail(error: unknown): void {
    this.#end = { error };
    this.#waiting?.reject(error);
    this.#waiting = null;
  }

  /** Gives up the seat. Queued pages are still returned; then the reader continues alone. */
  leave(): void {
    this.#end ??= 'alone';
    this.#waiting?.resolve(null);
    this.#waiting = null;
    this.#told.left();
  }
}

/**
 * The pages of a seat. If the reader falls too far behind the others, it continues with a tail of its own.
 *
 * @param stops abort when nobody wants the next page any more: the seat is then left, whether or not a page was requested
 */
export function sharedPages(
  seat: Seat,
  alone: (start: readonly ReadPosition[]) => AsyncGenerator<TailPage, void>,
  stops: readonly AbortSignal[],
): AsyncGenerator<TailPage, void> {
  const leave = () => seat.leave();
  for (const signal of stops) signal.addEventListener('abort', leave, { once: true });
  const isStopped = () => stops.some(({ aborted }) => aborted);
  if (isStopped()) leave();
  return pagesOf();

  async function* pagesOf(): AsyncGenerator<TailPage, void> {
    try {
      for (let page = await seat.next(); page !== null && !isStopped(); page = await seat.next()) yield page;
    } finally {
      for (const signal of stops) signal.removeEventListener('abort', leave);
      leave();
    }
    if (!isStopped()) yield* alone(seat.position);
  }
}

function bytesOf({ readings }: TailPage): number {
  let bytes = 0;
  for (const { records } of readings) {
    for (const { key, value } of records) bytes += lengthOf(key) + lengthOf(value) + 1;
  }
  return bytes;
}
