import { freshConfiguration } from '../config/fresh-configuration.ts';
import { type GatewayHandler, gatewayHandler, type Routes } from '../http/gateway-handler.ts';
import type { GatewayMiddleware } from '../http/middleware.ts';
import { knownCaller } from './known-caller.ts';

/** Changes of the configuration document apply from the next request on. */
const fresh: GatewayMiddleware = { before: () => freshConfiguration() };

/** Makes a Lambda handler of routes for known callers. @see gatewayHandler */
export const functionHandler = (routes: Routes, ...middleware: GatewayMiddleware[]): GatewayHandler =>
  gatewayHandler(routes, fresh, knownCaller, ...middleware);

/** The same for routes that are open to everyone. */
export const openHandler = (routes: Routes): GatewayHandler => gatewayHandler(routes);
