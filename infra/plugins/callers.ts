import { ambiguity, ambiguousGrants } from '../../lib/access/ambiguous-grants.ts';
import { parseGrants } from '../../lib/access/grants.ts';
import { parseModes } from '../../lib/access/modes.ts';

interface Writers {
  log: { warning(text: string): void };
}

/** Plugin of the framework: reports a wrong GATEWAY_AUTH in one line, before any command runs. */
export default class Callers {
  readonly #log: Writers['log'];

  constructor(_serverless: unknown, _options: unknown, { log }: Writers) {
    this.#log = log;
  }

  readonly hooks = {
    initialize: (): void => {
      const { GATEWAY_AUTH, GATEWAY_AUTH_CACHE_SECONDS = '', GATEWAY_GRANTS } = process.env;
      const modes = parseModes(GATEWAY_AUTH || 'iam');
      if (!/^\d*$/.test(GATEWAY_AUTH_CACHE_SECONDS) || Number(GATEWAY_AUTH_CACHE_SECONDS) > 3600) {
        throw new Error('GATEWAY_AUTH_CACHE_SECONDS must be a whole number from 0 to 3600');
      }
      try {
        const unclear = ambiguousGrants(parseGrants(GATEWAY_GRANTS || '[]'), modes);
        if (unclear.length > 0) this.#log.warning(ambiguity(unclear));
      } catch (error) {
        throw new Error(`GATEWAY_GRANTS: ${error instanceof Error ? error.message : error}`);
      }
    },
  };
}
