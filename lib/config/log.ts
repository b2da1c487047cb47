import { type LogLevel, setLogLevel } from '../telemetry/log.ts';
import { ofProcess, section } from './section.ts';

/** The level of the log. */
export interface LogConfig {
  level: LogLevel;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export const readLog = section((reader): LogConfig => ({ level: reader.oneOf('GATEWAY_LOG_LEVEL', levels, 'info') }));

/**
 * The section of the log in this process.
 *
 * @throws {GatewayError} InternalError; its cause says that the level is wrong
 */
export const logConfig = ofProcess(readLog);

// When the module loads, because the process may log before the first request. That request then reports an invalid level.
setLogLevel(levelNow());

function levelNow(): LogLevel {
  try {
    return readLog().level;
  } catch {
    return 'info';
  }
}
