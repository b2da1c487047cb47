import { pushLogs } from '../lib/routes/logs/push-logs.ts';

/** Writes entries of CloudWatch Logs to a topic. */
export const handler = pushLogs();
