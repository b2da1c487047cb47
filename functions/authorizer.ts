import { authorizer } from '../lib/authorizer/authorizer.ts';
import { withSocket } from '../lib/authorizer/socket-authorizer.ts';

/** Tells API Gateway who is calling, and the other functions what that caller may do. */
export const handler = withSocket(authorizer());
