import type { Grant } from './grants.ts';
import type { AuthMode } from './modes.ts';

/** Modes whose callers may be in groups. */
const WITH_GROUPS: readonly AuthMode[] = ['jwt', 'basic', 'api-key'];

/**
 * The places of grants whose principal or group may come from several modes, and that do not name the mode: a token with the subject
 * `alice` gets what was granted to the user `alice`. Scopes and claims are not ambiguous: only tokens have them.
 */
export function ambiguousGrants(grants: readonly Grant[], modes: readonly AuthMode[]): number[] {
  const haveGroups = modes.filter((mode) => WITH_GROUPS.includes(mode)).length > 1;
  return [...grants.entries()].flatMap(([place, { principal = '*', group = '*', mode, scope, claim }]) => {
    const isClear = mode !== undefined || scope !== undefined || claim !== undefined || modes.length < 2;
    return isClear || (principal === '*' && (group === '*' || !haveGroups)) ? [] : [place];
  });
}

/** The warning about these grants. */
export const ambiguity = (places: readonly number[]): string =>
  `GATEWAY_GRANTS: ${places.map((place) => `[${place}]`).join(', ')} should name the "mode": without it, callers of every mode of GATEWAY_AUTH who have that name get what is granted`;
