import { needAuthorizer } from '../access/modes.ts';
import { authorizer } from '../authorizer/authorizer.ts';
import { accessConfig } from '../config/access.ts';
import type { HttpEvent } from './http-event.ts';

let judge: ReturnType<typeof authorizer> | undefined;

/**
 * Adds the caller to an event, as the authorizer in front of the functions does. The function refuses an unknown caller.
 *
 * @throws when the caller cannot be authenticated because of a failure
 */
export async function identify(event: HttpEvent): Promise<HttpEvent> {
  if (!needAuthorizer(accessConfig().modes)) return event;
  judge ??= authorizer();
  const result = await judge(event);
  if (!result.isAuthorized) return event;
  return { ...event, requestContext: { ...event.requestContext, authorizer: { lambda: result.context } } };
}
