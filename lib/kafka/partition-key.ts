/** A partition as a key, of maps and sets. */
export const keyOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string => `${partition} ${topic}`;
