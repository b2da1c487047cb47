/** `FetchFromOffset` for `fetch-from-offset`: the prefix of a function's resources that this folder names. */
export const ownName = (name: string): string => name.replace(/(?:^|-)(\w)/g, (_, first: string) => first.toUpperCase());

/** `FetchDashfromDashoffset` for `fetch-from-offset`: the prefix of a function's resources that the framework names. */
export const frameworkName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', 'Dash');

/** The logical id of a function's role. */
export const roleId = (name: string): string => `${ownName(name)}Role`;

/** The logical id of a function's log group. */
export const logGroupId = (name: string): string => `${frameworkName(name)}LogGroup`;
