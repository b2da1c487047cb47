import type { Counts } from './counts.ts';

/** The counts of an item as this instance last saw them. Others have counted since. */
export interface Sighting {
  counts: Counts;
  /** Unix milliseconds. */
  at: number;
  /** Whether its buckets were last found otherwise than they were thought to be: not empty, because others use them, too. */
  filledByOthers: boolean;
}

/** Remembers the items last used, as many as there is room for. */
export class Seen {
  readonly #sightings = new Map<string, Sighting>();
  readonly #room: number;

  constructor(room: number) {
    this.#room = room;
  }

  get(pk: string): Sighting | undefined {
    return this.#sightings.get(pk);
  }

  set(pk: string, sighting: Sighting): void {
    // The first that a Map names is the one set longest ago.
    this.#sightings.delete(pk);
    this.#sightings.set(pk, sighting);
    if (this.#sightings.size <= this.#room) return;
    for (const oldest of this.#sightings.keys()) {
      this.#sightings.delete(oldest);
      return;
    }
  }
}
