import { isWord } from '../../lib/config/environment-reader.ts';
import { authorizationOf } from './authorization.ts';
import type { Environment } from './environment.ts';

/** Whether the gateway has the console. */
export const hasConsole = ({ GATEWAY_CONSOLE }: Environment): boolean => !isWord(GATEWAY_CONSOLE, 'off');

/** Whether the page opens streams itself. A browser cannot sign requests: where callers sign, `npm run console` does it instead. */
export const consoleStreams = (environment: Environment): boolean => {
  const { route } = authorizationOf(environment);
  return hasConsole(environment) && (route === '' || route.type !== 'aws_iam');
};

/** The origin of the page: the HTTP API's own address. At a custom domain, streams have the same origin as the page. */
export const CONSOLE_ORIGIN = { 'Fn::Sub': `https://\${HttpApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}` };
