const UNRELEASED = '## [Unreleased]\n';

/**
 * Moves a changelog's entries under "Unreleased" to a version.
 *
 * @param date of the version, such as `2026-01-31`
 * @throws {Error} if there is nothing to release, or the version exists already
 */
export function releasedChangelog(changelog: string, version: string, date: string): string {
  const start = changelog.indexOf(UNRELEASED);
  if (start < 0) throw new Error(`CHANGELOG.md has no heading "${UNRELEASED.trim()}": add it`);
  if (changelog.includes(`## [${version}]`)) throw new Error(`CHANGELOG.md has version ${version} already: choose a newer one`);
  const from = start + UNRELEASED.length;
  const next = changelog.indexOf('\n## ', from);
  const entries = changelog.slice(from, next < 0 ? undefined : next).trim();
  if (!/^- /m.test(entries)) throw new Error('CHANGELOG.md has no entries under "Unreleased": add what has changed for users');
  const rest = next < 0 ? '' : `\n${changelog.slice(next + 1)}`;
  return `${changelog.slice(0, from)}\n## [${version}] - ${date}\n\n${entries}\n${rest}`;
}
