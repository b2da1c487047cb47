import type { Counts } from './counts.ts';

/** The counts of an item as this instance last saw them. Other instances may have counted since. */
export interface Sighting {
  counts: Counts;
  /** Unix milliseconds. */
  at: number;
  /** Whether a bucket was last found not empty against expectation: other instances use it too. */
  filledByOthers: boolean;
}

/** Remembers the most recently used items. */
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
    // A Map lists first what was set longest ago.
    this.#sightings.delete(pk);
    this.#sightings.set(pk, sighting);
    if (this.#sightings.size <= this.#room) return;
    for (const oldest of this.#sightings.keys()) {
      this.#sightings.delete(oldest);
      return;
    }
  }
}
