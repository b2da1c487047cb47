/** What a function loads when there are limits. */
export { openLimiter } from '../../lib/limits/limiter.ts';
