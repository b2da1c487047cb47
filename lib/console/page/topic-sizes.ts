import { useEffect, useRef, useState } from 'preact/hooks';
import { askText, rowsOf, shown } from './client.ts';
import { inRequests } from './in-requests.ts';

/** The size of a topic, by its offsets. */
export interface TopicSize {
  partitions: number;
  offsets: number;
  /** How many of them are from the last minute. */
  came: number;
}

const MINUTE_MS = 60_000;
/** How long after the last scrolling the sizes of the rows in sight are requested. */
const SETTLED_MS = 150;

async function readSizes(topics: readonly string[], signal: AbortSignal): Promise<Map<string, TopicSize>> {
  const since = new Date(Date.now() - MINUTE_MS).toISOString();
  const rows = rowsOf(await askText(`/topics/${topics.map(encodeURIComponent).join()}/summary?since=${since}`, { signal }));
  const numberOf = (row: ReadonlyMap<string, string>, name: string): number => Number(row.get(name));
  return new Map(
    rows.map((row) => [
      shown(row, 'topic'),
      { partitions: numberOf(row, 'partitions'), offsets: numberOf(row, 'offsets'), came: numberOf(row, 'offsets_since') },
    ]),
  );
}

export interface TopicSizes {
  /** Null for a topic that does not exist, undefined for one that was not read yet. */
  of: (topic: string) => TopicSize | null | undefined;
  /** Changes when sizes become known. */
  version: number;
  error: Error | null;
  isReading: boolean;
  /** Reads the unknown sizes of these topics, many per request. Replaces the topics wanted before. */
  want: (topics: readonly string[]) => void;
  /** Forgets all sizes. */
  forget: () => void;
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((topic, i) => topic === other[i]);

/** Reads the sizes of topics on demand. */
export function useTopicSizes(): TopicSizes {
  const known = useRef(new Map<string, TopicSize | null>());
  const [version, setVersion] = useState(0);
  const [wanted, setWanted] = useState<readonly string[]>([]);
  const [forgotten, setForgotten] = useState(0);
  const [error, setError] = useState<Error | null>(null);
  const [isReading, setReading] = useState(false);

  useEffect(() => {
    const missing = wanted.filter((topic) => !known.current.has(topic));
    if (missing.length === 0) return;
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      for (const topics of inRequests(missing)) {
        const sizes = await readSizes(topics, abort.signal);
        for (const topic of topics) known.current.set(topic, sizes.get(topic) ?? null);
      }
    };
    const finish = (failure: Error | null): void => {
      if (abort.signal.aborted) return;
      setError(failure);
      setReading(false);
      setVersion((n) => n + 1);
    };
    setReading(true);
    read().then(
      () => finish(null),
      (reason: unknown) => finish(reason instanceof Error ? reason : new Error(String(reason))),
    );
    return () => {
      abort.abort();
      setReading(false);
    };
  }, [wanted, forgotten]);
  // A ref, so that scrolling causes no render.
  const settling = useRef(0);
  useEffect(() => () => clearTimeout(settling.current), []);

  return {
    of: (topic) => known.current.get(topic),
    version,
    error,
    isReading,
    want: (topics) => {
      clearTimeout(settling.current);
      settling.current = setTimeout(() => setWanted((last) => (isSame(last, topics) ? last : topics)), SETTLED_MS);
    },
    forget: () => {
      known.current.clear();
      setForgotten((n) => n + 1);
    },
  };
}
