import { parseGrants } from '../../lib/access/grants.ts';
import { parseModes } from '../../lib/access/modes.ts';

/** Plugin of the framework: says in a line what is wrong with how callers are known, before any command goes on. */
export default class Callers {
  readonly hooks = {
    initialize: (): void => {
      const { GATEWAY_AUTH, GATEWAY_AUTH_CACHE_SECONDS = '', GATEWAY_GRANTS } = process.env;
      parseModes(GATEWAY_AUTH || 'iam');
      if (!/^\d*$/.test(GATEWAY_AUTH_CACHE_SECONDS)) throw new Error('GATEWAY_AUTH_CACHE_SECONDS must be a whole number');
      try {
        parseGrants(GATEWAY_GRANTS || '[]');
      } catch (error) {
        throw new Error(`GATEWAY_GRANTS: ${error instanceof Error ? error.message : error}`);
      }
    },
  };
}
