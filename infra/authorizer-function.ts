import { needAuthorizer, parseModes } from '../lib/access/modes.ts';

/** What is used here of the framework, which hands it to every plugin. */
interface Serverless {
  service: { functions: Record<string, unknown> };
}

/** Plugin of the framework: deploys the authorizer only where a mode of GATEWAY_AUTH needs it, and says when they do not fit together. */
export default class AuthorizerFunction {
  readonly hooks: Record<string, () => void>;

  constructor({ service }: Serverless) {
    const { GATEWAY_AUTH, GATEWAY_AUTH_CACHE_SECONDS = '' } = process.env;
    let problem: string | null = /^\d*$/.test(GATEWAY_AUTH_CACHE_SECONDS) ? null : 'GATEWAY_AUTH_CACHE_SECONDS must be a whole number';
    try {
      if (!needAuthorizer(parseModes(GATEWAY_AUTH || 'iam'))) delete service.functions.authorizer;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    this.hooks = {
      initialize: () => {
        if (problem !== null) throw new Error(problem);
      },
    };
  }
}
