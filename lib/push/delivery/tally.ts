/** Results of the deliveries of all subscriptions. */
export interface Tally {
  /** Records that were delivered. */
  delivered: number;
  /** Failed attempts. */
  failed: number;
  /** Records that were written to dead letter topics. */
  deadLettered: number;
  /** Records that were neither delivered nor kept. */
  dropped: number;
  /** How many records of each subscription waited for another attempt at its last checkpoint. */
  readonly waiting: Map<string, number>;
}

export const newTally = (): Tally => ({ delivered: 0, failed: 0, deadLettered: 0, dropped: 0, waiting: new Map() });
