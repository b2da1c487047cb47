/** The topic of the examples in {@link usage}. */
const topic = 'example';

/**
 * Creates the topic of the examples, unless it exists.
 *
 * @param caller `user:password`; null if callers need none
 */
export async function createExampleTopic(gateway: string, caller: string | null): Promise<void> {
  const response = await fetch(`${gateway}/admin/topics`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(caller !== null && { authorization: `Basic ${Buffer.from(caller).toString('base64')}` }),
    },
    body: JSON.stringify({ topic_name: topic, partitions_count: 1 }),
  });
  if (!response.ok && response.status !== 409) {
    throw new Error(`The gateway could not create the topic ${topic}: ${response.status} ${await response.text()}`);
  }
}

/**
 * Commands to try the gateway, to paste into a shell.
 *
 * @param create whether the commands must first create the topic
 * @param caller `user:password`; null if callers need none
 */
export function usage(gateway: string, create: boolean, caller: string | null): string {
  const curl = caller === null ? 'curl -sS' : `curl -sS -u ${caller}`;
  const creation = `Create the topic first, if your Kafka has none of this name:
  ${curl} ${gateway}/admin/topics -H 'Content-Type: application/json' -d '{"topic_name":"${topic}"}'

`;
  return `
Look at it in a browser: ${gateway}/console
The gateway is at ${gateway}; Ctrl-C stops it.

${create ? creation : ''}Produce, list offsets, fetch:
  ${curl} ${gateway}/topics/${topic} -H 'Content-Type: application/vnd.kafka.json.v2+json' -d '{"records":[{"key":"sensor-1","value":{"temperature":21.50}}]}'
  ${curl} ${gateway}/topics/${topic}/partitions/0/offsets
  ${curl} '${gateway}/topics/${topic}/partitions/0/records?offset=earliest' -H 'Accept: application/vnd.kafka.json.v2+json'
`;
}
