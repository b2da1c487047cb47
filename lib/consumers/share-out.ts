import type { Place } from '../kafka/groups/membership/coordinator.ts';
import { keyOf } from '../kafka/partition-key.ts';

/** A member that takes part. */
export interface Sharer {
  readonly name: string;
  readonly topics: ReadonlySet<string>;
  readonly owned: readonly Place[];
}

/**
 * Decides who reads which partitions: all keep what they have, as long as nobody has two more than another reader of the topic. The result
 * depends on the group alone, not on the order of members and topics.
 *
 * @param topics with their numbers of partitions
 */
export function shareOut(members: readonly Sharer[], topics: ReadonlyMap<string, number>): Map<string, Place[]> {
  const sharers = [...members].sort((a, b) => (a.name < b.name ? -1 : 1));
  const loads = new Map(sharers.map(({ name }) => [name, 0]));
  const owners = new Map(sharers.flatMap(({ name, owned }) => owned.map((place): [string, string] => [keyOf(place), name])));
  const targets = new Map<Place, string>();
  const readersOf = new Map(
    [...topics.keys()].map((topic) => [topic, sharers.filter((one) => one.topics.has(topic)).map(({ name }) => name)]),
  );
  const load = (name: string): number => loads.get(name) ?? 0;
  const move = (place: Place, to: string): void => {
    const from = targets.get(place);
    if (from !== undefined) loads.set(from, load(from) - 1);
    loads.set(to, load(to) + 1);
    targets.set(place, to);
  };
  const lightest = (topic: string): string | undefined =>
    readersOf.get(topic)?.reduce((least, name) => (load(name) < load(least) ? name : least));

  const places = placesOf(topics).filter(({ topic }) => readersOf.get(topic)?.length);
  const free = places.filter((place) => {
    const owner = owners.get(keyOf(place));
    const keeps = owner !== undefined && readersOf.get(place.topic)?.includes(owner) === true;
    if (keeps) move(place, owner);
    return !keeps;
  });
  for (const place of free) move(place, lightest(place.topic) ?? '');
  for (let hasMoved = true; hasMoved; ) {
    hasMoved = false;
    for (const place of places) {
      const [from = '', to = ''] = [targets.get(place), lightest(place.topic)];
      if (load(from) - load(to) < 2) continue;
      move(place, to);
      hasMoved = true;
    }
  }
  const shares = new Map(sharers.map(({ name }): [string, Place[]] => [name, []]));
  for (const [place, name] of targets) shares.get(name)?.push(place);
  return shares;
}

const placesOf = (topics: ReadonlyMap<string, number>): Place[] =>
  [...topics]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([topic, count]) => Array.from({ length: count }, (_, partition) => ({ topic, partition })));
