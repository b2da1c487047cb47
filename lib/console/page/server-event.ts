/** Parses an event of the stream: one field per line. */
export function eventOf(text: string): { id: string | null; name: string; data: string } {
  const field = (name: string): string | undefined =>
    text
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  return { id: field('id') ?? null, name: field('event') ?? 'message', data: field('data') ?? '' };
}
