import { authorizer } from '../lib/authorizer/authorizer.ts';
import { withPolicies } from '../lib/authorizer/policy-authorizer.ts';

/** Tells API Gateway who is calling, and the other functions what that caller may do. */
export const handler = withPolicies(authorizer());
