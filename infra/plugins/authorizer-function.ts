import { parseGrants } from '../../lib/access/grants.ts';
import { needAuthorizer, parseModes } from '../../lib/access/modes.ts';

/** What is used here of the framework, which hands it to every plugin. */
interface Serverless {
  service: { functions: Record<string, unknown> };
}

/** Plugin of the framework: deploys the authorizer only where a mode of GATEWAY_AUTH needs it, and says in a line what is wrong with that. */
export default class AuthorizerFunction {
  readonly hooks: Record<string, () => void>;

  constructor({ service }: Serverless) {
    const problem = problemOf(() => {
      const { GATEWAY_AUTH, GATEWAY_AUTH_CACHE_SECONDS = '' } = process.env;
      if (!needAuthorizer(parseModes(GATEWAY_AUTH || 'iam'))) delete service.functions.authorizer;
      if (!/^\d*$/.test(GATEWAY_AUTH_CACHE_SECONDS)) throw new Error('GATEWAY_AUTH_CACHE_SECONDS must be a whole number');
    });
    this.hooks = {
      initialize: () => {
        const grants = problemOf(() => parseGrants(process.env.GATEWAY_GRANTS || '[]'));
        if (problem !== null) throw new Error(problem);
        if (grants !== null) throw new Error(`GATEWAY_GRANTS: ${grants}`);
      },
    };
  }
}

function problemOf(check: () => unknown): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
