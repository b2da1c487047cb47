import { TOPICS_NAMESPACE } from './emf.ts';
import { emfDocument } from './emf-document.ts';
import type { MetricsSettings } from './settings.ts';

/** How far a group is behind, in records. */
interface Lag {
  readonly group: string;
  readonly lag: number;
  readonly largest: number;
  readonly topics: ReadonlyMap<string, number>;
}

/** A look at all groups. */
export interface LagRound {
  /** Whether the lag of every group that was found could be told. */
  readonly isComplete: boolean;
  /** The lag of the group that is most behind. */
  readonly most: number;
  /** Groups that fall behind further and further. */
  readonly fallingBehind: number;
}

/** The lag of a group as members of its line of the log, each with a comma in front, in CloudWatch's embedded metric format. */
export function lagMembers({ group, lag, largest, topics }: Lag, { stack, topics: listed }: MetricsSettings, now: number): string {
  const counted = [...topics].filter(([topic]) => listed.has(topic)).map(([topic, records]): [string, number] => [`lag_${topic}`, records]);
  const dimensions = ['stack', 'group'];
  return emfDocument(now, { stack, group }, [
    { dimensions, values: { Lag: lag, LargestLag: largest } },
    ...(counted.length > 0 ? [{ namespace: TOPICS_NAMESPACE, dimensions, values: Object.fromEntries(counted) }] : []),
  ]);
}

/** The same of a whole look at the groups. `LagMeasured` is what an alarm misses when there are no more looks. */
export const roundMembers = ({ isComplete, most, fallingBehind }: LagRound, { stack }: MetricsSettings, now: number): string =>
  emfDocument(now, { stack }, [
    { dimensions: ['stack'], values: { LagMeasured: isComplete ? 1 : 0, MostLag: most, GroupsFallingBehind: fallingBehind } },
  ]);
