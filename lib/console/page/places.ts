/** One offset for each partition. */
export type Places = ReadonlyMap<number, number>;

const base64url = (text: string): string => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** A cursor of the API that begins at these offsets: `topic@partition#offset,…` in base64url. */
export const cursorOf = (topic: string, places: Places): string => base64url(`${topic}@${placesText(places)}`);

/** The offsets of a cursor for one topic. */
export function placesOf(cursor: string): Places {
  const text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  return readPlaces(text.slice(text.indexOf('@') + 1));
}

/** `0#41,1#7`, for addresses. */
export const placesText = (places: Places): string => [...places].map(([partition, offset]) => `${partition}#${offset}`).join(',');

/** Reads {@link placesText}; ignores invalid parts. */
export function readPlaces(text: string): Places {
  const pairs = text.split(',').flatMap((pair): [number, number][] => {
    const [, partition, offset] = /^(\d{1,10})#(\d{1,16})$/.exec(pair) ?? [];
    return partition === undefined ? [] : [[Number(partition), Number(offset)]];
  });
  return new Map(pairs);
}

/** Where to begin so that about `count` records lie before `until`: an equal share of each partition, as far as it has that many. */
export function placesBefore(until: Places, beginnings: Places, count: number): Places {
  const room = new Map([...until].map(([partition, offset]) => [partition, Math.max(0, offset - (beginnings.get(partition) ?? 0))]));
  let rest = count;
  let left = [...room].filter(([, size]) => size > 0).sort(([, a], [, b]) => a - b);
  const taken = new Map<number, number>();
  for (; left.length > 0; left = left.slice(1)) {
    const [partition, size] = left[0];
    const share = Math.min(size, Math.ceil(rest / left.length));
    taken.set(partition, share);
    rest -= share;
  }
  return new Map([...until].map(([partition, offset]) => [partition, offset - (taken.get(partition) ?? 0)]));
}

/** Whether there is nothing before these offsets. */
export const atBeginning = (places: Places, beginnings: Places): boolean =>
  [...places].every(([partition, offset]) => offset <= (beginnings.get(partition) ?? 0));

/** Whether a reader has reached all of these offsets. */
export const hasReached = (places: Places, until: Places): boolean =>
  [...until].every(([partition, offset]) => (places.get(partition) ?? 0) >= offset);
