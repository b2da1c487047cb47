/** What has come of deliveries, of all subscriptions together. */
export interface Tally {
  /** Records that were delivered. */
  delivered: number;
  /** Attempts that failed. */
  failed: number;
  /** Records that went to dead letter topics. */
  deadLettered: number;
  /** Records that were neither delivered nor kept. */
  dropped: number;
  /** Records that waited for another attempt when their subscription was last looked at. */
  readonly waiting: Map<string, number>;
}

export const newTally = (): Tally => ({ delivered: 0, failed: 0, deadLettered: 0, dropped: 0, waiting: new Map() });
