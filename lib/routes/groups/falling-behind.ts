/** A group falls behind when its lag has grown in this many measurements in a row. */
const LOOKS = 10;

interface Trend {
  lag: number;
  /** How many times in a row the lag has grown. */
  grown: number;
}

/** Tells which groups fall behind, from a series of measurements. */
export class FallingBehind {
  #trends = new Map<string, Trend>();

  /** Records a measurement of all groups; returns the names of those that fall behind. */
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
