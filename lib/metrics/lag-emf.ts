import { NAMESPACE, TOPICS_NAMESPACE } from './emf.ts';
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
  return members(now, { stack, group }, [
    directive(NAMESPACE, dimensions, { Lag: lag, LargestLag: largest }),
    ...(counted.length > 0 ? [directive(TOPICS_NAMESPACE, dimensions, Object.fromEntries(counted))] : []),
  ]);
}

/** The same of a whole look at the groups. `LagMeasured` is what an alarm misses when there are no more looks. */
export const roundMembers = ({ isComplete, most, fallingBehind }: LagRound, { stack }: MetricsSettings, now: number): string =>
  members(now, { stack }, [
    directive(NAMESPACE, ['stack'], { LagMeasured: isComplete ? 1 : 0, MostLag: most, GroupsFallingBehind: fallingBehind }),
  ]);

interface Directive {
  readonly json: object;
  readonly values: Readonly<Record<string, number>>;
}

const directive = (namespace: string, dimensions: readonly string[], values: Readonly<Record<string, number>>): Directive => ({
  json: { Namespace: namespace, Dimensions: [dimensions], Metrics: Object.keys(values).map((name) => ({ Name: name })) },
  values,
});

function members(now: number, dimensions: Readonly<Record<string, string>>, directives: readonly Directive[]): string {
  const document = {
    _aws: { Timestamp: now, CloudWatchMetrics: directives.map(({ json }) => json) },
    ...dimensions,
    ...Object.assign({}, ...directives.map(({ values }) => values)),
  };
  return `,${JSON.stringify(document).slice(1, -1)}`;
}
