import { TOPICS_NAMESPACE } from './emf.ts';
import { emfDocument } from './emf-document.ts';
import type { MetricsSettings } from './settings.ts';

/** The lag of a group, in records. */
interface Lag {
  readonly group: string;
  readonly lag: number;
  readonly largest: number;
  readonly topics: ReadonlyMap<string, number>;
}

/** One measurement of all groups. */
export interface LagRound {
  /** Whether the lag of every group found could be determined. */
  readonly isComplete: boolean;
  /** The largest lag of a group. */
  readonly most: number;
  /** How many groups have a lag that keeps growing. */
  readonly fallingBehind: number;
}

/** What CloudWatch takes as the value of a dimension: where one does not fit, none of the line's metrics count. */
const DIMENSION = /^(?! *$)(?!:)[ -~]{1,1024}$/;

/** Whether CloudWatch takes a text as the value of a dimension. */
export const isDimension = (text: string): boolean => DIMENSION.test(text);

/**
 * The lag of a group as members of its log line, each after a comma, in CloudWatch's embedded metric format. If the group has a name that
 * CloudWatch does not take ({@link isDimension}), which Kafka may, there are no metrics, and the caller logs the name.
 */
export function lagMembers({ group, lag, largest, topics }: Lag, { stack, topics: listed }: MetricsSettings, now: number): string {
  const counted = [...topics].filter(([topic]) => listed.has(topic)).map(([topic, records]): [string, number] => [`lag_${topic}`, records]);
  if (!isDimension(group)) return `,${JSON.stringify({ stack, Lag: lag, LargestLag: largest }).slice(1, -1)}`;
  const dimensions = ['stack', 'group'];
  return emfDocument(now, { stack, group }, [
    { dimensions, values: { Lag: lag, LargestLag: largest } },
    ...(counted.length > 0 ? [{ namespace: TOPICS_NAMESPACE, dimensions, values: Object.fromEntries(counted) }] : []),
  ]);
}

/** The same for a measurement of all groups. An alarm fires when `LagMeasured` is missing. */
export const roundMembers = ({ isComplete, most, fallingBehind }: LagRound, { stack }: MetricsSettings, now: number): string =>
  emfDocument(now, { stack }, [
    { dimensions: ['stack'], values: { LagMeasured: isComplete ? 1 : 0, MostLag: most, GroupsFallingBehind: fallingBehind } },
  ]);
