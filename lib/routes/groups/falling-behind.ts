/** A group falls behind when its lag has grown with each of so many looks at it. */
const LOOKS = 10;

interface Trend {
  lag: number;
  /** How often in a row the lag was larger than before. */
  grown: number;
}

/** Tells which groups fall behind further and further, by what it was told before. */
export class FallingBehind {
  #trends = new Map<string, Trend>();

  /** Takes a look at all groups; returns the names of those that fall behind. */
  look(lags: readonly { group: string; lag: number }[]): string[] {
    const before = this.#trends;
    this.#trends = new Map(
      lags.map(({ group, lag }) => {
        const last = before.get(group);
        return [group, { lag, grown: last !== undefined && lag > last.lag ? last.grown + 1 : 0 }];
      }),
    );
    return [...this.#trends].filter(([, { grown }]) => grown >= LOOKS).map(([group]) => group);
  }
}
