import type { Context } from 'aws-lambda';
import { matchesOneOf } from '../../access/pattern.ts';
import { gatewayCluster } from '../../clusters/kafka-cluster.ts';
import { freshConfiguration } from '../../config/fresh-configuration.ts';
import { lagConfig } from '../../config/lag.ts';
import { logConfig } from '../../config/log.ts';
import { metricsConfig } from '../../config/metrics.ts';
import { measureLag } from '../../kafka/groups/measured-lag.ts';
import { isDimension, lagMembers, roundMembers } from '../../metrics/lag-emf.ts';
import { log } from '../../telemetry/log.ts';
import { FallingBehind } from './falling-behind.ts';

/** A Lambda handler that measures the configured groups once. */
export type LagHandler = (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<void>;

/** Reserved at the end of an invocation to log the results. */
const MARGIN_MS = 2000;

/**
 * Makes the handler that measures the lag of consumer groups. Each invocation logs a line with metrics for each group, and one for the
 * whole measurement. If the measurement fails, it logs why, but no metric: missing metrics raise an alarm.
 */
export function measureListedGroups(): LagHandler {
  const trend = new FallingBehind();
  return async (_event, context) => {
    const startedAt = performance.now();
    try {
      await freshConfiguration();
      logConfig();
      const { groups } = lagConfig();
      const settings = metricsConfig();
      const cluster = gatewayCluster();
      const deadline = Date.now() + Math.max(1000, context.getRemainingTimeInMillis() - MARGIN_MS);
      const { lags, failures } = await measureLag(cluster, (group) => matchesOneOf(groups, group), deadline);
      for (const { group, type, topics, unknown, ...lag } of lags) {
        const name = isDimension(group) ? {} : { group };
        log.info('lag', 'lag', { ...name, type, unknown }, lagMembers({ group, topics, ...lag }, settings, Date.now()));
      }
      for (const [group, error] of failures) log.error('lag_unknown', 'The lag of a group is unknown', { group, error });
      const falling = trend.look(lags);
      const found = new Set([...lags.map(({ group }) => group), ...failures.keys()]);
      const round = {
        isComplete: failures.size === 0 && lags.every(({ unknown }) => unknown === 0),
        most: lags.reduce((most, { lag }) => Math.max(most, lag), 0),
        fallingBehind: falling.length,
      };
      const told = {
        groups: lags.length,
        missing: groups.filter((name) => !name.endsWith('*') && !found.has(name)),
        falling: falling.slice(0, 20),
        ms: Math.round(performance.now() - startedAt),
      };
      log.info('lag_measured', 'The lag of the groups listed was measured', told, roundMembers(round, settings, Date.now()));
    } catch (error) {
      log.error('lag_unknown', 'The lag of the groups is unknown', { error });
      throw error;
    }
  };
}
