import { expires } from '../deadline.ts';
import { configurationAway, notConfigured } from '../messages/requests.ts';
import { NAMESPACE } from '../metrics/emf.ts';
import { metricsSettings } from '../metrics/settings.ts';
import { type LogFields, log, setLogLevel } from '../telemetry/log.ts';
import type { LookAtDocument } from './document-source.optional.ts';
import { readLog } from './log.ts';
import { letHold } from './running.ts';
import { section } from './section.ts';

/** How a process follows the document of variables. */
export interface DocumentConfig {
  isThere: boolean;
  /** The age at which the document is read again. */
  lifetimeMs: number;
}

export const readDocumentConfig = section(
  (reader): DocumentConfig => ({
    isThere: reader.text('GATEWAY_CONFIG_PARAMETER') !== null || reader.text('GATEWAY_CONFIG_FILE') !== null,
    lifetimeMs: reader.integer('GATEWAY_CONFIG_SECONDS', 30) * 1000,
  }),
);

/** How often a process that has no valid document yet tries to read it; each try takes up to 3 s. */
const FIRST_TRIES = 2;
/** How long a request waits for the document while an earlier version is in use. */
const PATIENCE_MS = 1000;

/** Keeps the variables of the document up to date while the process runs. */
export class FreshConfiguration {
  #config: DocumentConfig | undefined;
  #look: LookAtDocument | null = null;
  #looking: Promise<void> | null = null;
  #hasAny = false;
  #lookAgainAt = 0;

  /**
   * Ensures that the variables in use are no older than their lifetime. Returns undefined if there is nothing to wait for. If the document
   * is invalid or cannot be read, that is logged, and the variables in use stay.
   *
   * @throws {GatewayError} while no valid document was read yet: StorageUnavailable if a retry may help, else InternalError
   */
  ensure(): Promise<void> | undefined {
    this.#config ??= readDocumentConfig(process.env);
    if (!this.#config.isThere || Date.now() < this.#lookAgainAt) return undefined;
    this.#looking ??= this.#lookAtIt(this.#config.lifetimeMs).finally(() => {
      this.#looking = null;
    });
    return this.#hasAny ? expires(this.#looking, Date.now() + PATIENCE_MS).then(() => undefined) : this.#looking;
  }

  async #lookAtIt(lifetimeMs: number): Promise<void> {
    let away = await this.#lookOnce();
    for (let tries = 1; away !== null && !this.#hasAny && tries < FIRST_TRIES; tries++) away = await this.#lookOnce();
    if (!this.#hasAny && away !== null) throw configurationAway.with({ cause: away });
    if (!this.#hasAny) throw notConfigured.with({ cause: new Error('Configuration: no document of variables could be used yet') });
    this.#lookAgainAt = Date.now() + lifetimeMs;
  }

  /** @returns a temporary error that kept the document from being read; null without one, or if the error is permanent */
  async #lookOnce(): Promise<Error | null> {
    try {
      if (this.#look === null) {
        // Only in the zips of deployments with a document.
        const { openDocument } = await import('./document-source.optional.ts');
        this.#look = openDocument(process.env);
      }
      const { taken = null, refused = null } = (await this.#look?.()) ?? {};
      if (refused !== null) log.error('config_refused', 'A document of variables is wrong, and is not used', withMetric(refused));
      if (taken !== null) {
        letHold(taken.variables);
        setLogLevel(readLog().level);
        log.info('config_taken', 'Variables have changed', { names: Object.keys(taken.variables) });
        this.#hasAny = true;
      }
      return null;
    } catch (error) {
      log.error('config_unread', 'The document of variables cannot be read', withMetric({ error }));
      return error instanceof Error && error.name !== 'DocumentDenied' ? error : null;
    }
  }
}

/** With the metric of the alarm: of this deployment, whether or not the section of metrics was asked for yet. */
function withMetric(fields: LogFields): LogFields {
  if (!metricsSettings.emf) return fields;
  const directive = { Namespace: NAMESPACE, Dimensions: [['stack']], Metrics: [{ Name: 'ConfigNotTaken' }] };
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [directive] };
  return { ...fields, _aws, stack: process.env.GATEWAY_STACK ?? metricsSettings.stack, ConfigNotTaken: 1 };
}

const ofProcess = new FreshConfiguration();

/** @see FreshConfiguration.ensure */
export const freshConfiguration = (): Promise<void> | undefined => ofProcess.ensure();
