import { patternTooComplex } from '../messages/topics.ts';

/** A step of a pattern: accept a character, require an end of the name, or continue at one or more other steps. */
export type Step =
  | { readonly kind: 'set'; readonly takes: readonly boolean[] }
  | { readonly kind: 'start' | 'end' | 'match' }
  | { readonly kind: 'go'; to: number[] };

/** All steps that can be active at a character, and where each next character leads. */
interface Place {
  readonly steps: Uint16Array;
  /** By the character's code; undefined where no name has led yet. */
  readonly next: (Place | undefined)[];
  /** Whether a name that ends here matches; null until one does. */
  matches: boolean | null;
}

const ASCII = 128;
/** Each has at most 4 KB of steps. When there are more, all are forgotten and found again as needed. */
const MOST_PLACES = 2000;

/** All ways through a pattern, as far as names have led. The last step is the match. */
export class Ways {
  readonly #steps: readonly Step[];
  readonly #mostLookedAt: number;
  readonly #first: Place;
  /** All but the first, by their steps. */
  readonly #places = new Map<string, Place>();
  /** For each step, the turn in which it was last reached. */
  readonly #reached: Uint32Array;
  #turn = 0;
  #lookedAt = 0;

  constructor(steps: readonly Step[], mostLookedAt: number) {
    this.#steps = steps;
    this.#mostLookedAt = mostLookedAt;
    this.#reached = new Uint32Array(steps.length);
    this.#first = placeOf(this.#follow([0], true, false));
  }

  /** @throws {GatewayError} BadRequest when it would have to examine too many steps */
  match(name: string): boolean {
    let place = this.#first;
    for (let at = 0; at < name.length; at++) {
      const code = name.charCodeAt(at);
      // Topic names have no others.
      if (code >= ASCII) return false;
      place = place.next[code] ?? this.#move(place, code);
      if (place.steps.length === 0) return false;
    }
    place.matches ??= this.#follow([...place.steps], place === this.#first, true).includes(this.#steps.length - 1);
    return place.matches;
  }

  #move(from: Place, code: number): Place {
    const taking: number[] = [];
    this.#count(from.steps.length);
    for (const index of from.steps) {
      const step = this.#steps[index];
      if (step.kind === 'set' && step.takes[code]) taking.push(index + 1);
    }
    const reached = placeOf(this.#follow(taking, false, false));
    const key = String.fromCharCode(...reached.steps);
    const place = this.#places.get(key) ?? reached;
    if (this.#places.size === MOST_PLACES) this.#forget();
    this.#places.set(key, place);
    from.next[code] = place;
    return place;
  }

  /** Places refer to each other: if a kept one referred to a forgotten one, nothing would be freed. */
  #forget(): void {
    for (const place of this.#places.values()) place.next.length = 0;
    this.#places.clear();
    this.#first.next.length = 0;
  }

  /** The given steps and those that they lead to without a character, without the steps that only lead on. */
  #follow(given: number[], atStart: boolean, atEnd: boolean): number[] {
    const turn = ++this.#turn;
    const found: number[] = [];
    const waiting = given;
    let looked = 0;
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (this.#reached[index] === turn) continue;
      this.#reached[index] = turn;
      looked++;
      const step = this.#steps[index];
      if (step.kind === 'go') for (const to of step.to) waiting.push(to);
      else {
        found.push(index);
        if ((step.kind === 'start' && atStart) || (step.kind === 'end' && atEnd)) waiting.push(index + 1);
      }
    }
    this.#count(looked);
    return found;
  }

  #count(steps: number): void {
    this.#lookedAt += steps;
    if (this.#lookedAt > this.#mostLookedAt) throw patternTooComplex();
  }
}

const placeOf = (steps: readonly number[]): Place => ({ steps: Uint16Array.from(steps).sort(), next: [], matches: null });
