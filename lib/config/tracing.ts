import { type TracingSettings, tracingSettings } from '../telemetry/request-trace.ts';
import { ofProcess, section } from './section.ts';

/** The address of a collector that runs beside the function. */
const COLLECTOR = 'http://localhost:4318';

export const readTracing = section(
  (reader): Omit<TracingSettings, 'exportMs'> => ({
    headers: reader.oneOf('GATEWAY_TRACE_HEADERS', ['true', 'false'], 'false') === 'true',
    exportTo:
      reader.oneOf('GATEWAY_TRACING', ['none', 'otlp'], 'none') === 'otlp'
        ? (reader.url('OTEL_EXPORTER_OTLP_ENDPOINT') ?? COLLECTOR).replace(/\/+$/, '')
        : null,
  }),
);

/**
 * The tracing section of this process. Reading it applies it to the process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is wrong
 */
export const tracingConfig = ofProcess(() => Object.assign(tracingSettings, readTracing()));

// When the module loads, because a request's trace begins before authentication. That request reports an error.
Object.assign(tracingSettings, settingsNow());

function settingsNow(): Omit<TracingSettings, 'exportMs'> {
  try {
    return readTracing();
  } catch {
    return tracingSettings;
  }
}
