/** `FetchFromOffset` of `fetch-from-offset`: how resources of a function begin that are named here. */
export const ownName = (name: string): string => name.replace(/(?:^|-)(\w)/g, (_, first: string) => first.toUpperCase());

/** `FetchDashfromDashoffset` of `fetch-from-offset`: how its resources begin that the framework makes and names. */
export const frameworkName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', 'Dash');

/** The logical id of a function's role. */
export const roleId = (name: string): string => `${ownName(name)}Role`;

/** The logical id of a function's log group. */
export const logGroupId = (name: string): string => `${frameworkName(name)}LogGroup`;
