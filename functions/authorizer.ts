import { authorizer } from '../lib/authorizer.ts';

/** Tells API Gateway who is calling, and the other functions what that caller may do. */
export const handler = authorizer();
