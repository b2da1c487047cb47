import { authorizationOf } from './authorization.ts';
import type { Environment } from './environment.ts';

/** Whether the gateway has its page for people. */
export const hasConsole = ({ GATEWAY_CONSOLE = '' }: Environment): boolean => GATEWAY_CONSOLE.toLowerCase() !== 'off';

/** Whether the page asks for streams by itself. A browser cannot sign: where callers do, `npm run console` asks in its place. */
export const consoleStreams = (environment: Environment): boolean => {
  const { route } = authorizationOf(environment);
  return hasConsole(environment) && (route === '' || route.type !== 'aws_iam');
};

/** Where the page comes from: the HTTP API, at its own address. At a custom domain, streams have the same origin. */
export const CONSOLE_ORIGIN = { 'Fn::Sub': `https://\${HttpApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}` };
