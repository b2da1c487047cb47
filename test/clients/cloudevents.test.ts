import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudEvent, emitterFor, httpTransport, Mode } from 'cloudevents';
import { readTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { gateway } from './gateway.ts';
import { runPython } from './python.ts';

// The SDKs of CloudEvents, npm's and PyPI's cloudevents. Producers of events send them to any URL: here it is that of a topic.

const textOf = (bytes: Buffer | null) => String(bytes);

test('events of the JavaScript SDK become records, as binary and structured ones', async () => {
  const topic = await createTopic();
  const event = new CloudEvent({
    id: 'e-1',
    source: '/orders',
    type: 'order.placed',
    subject: 'o-17',
    data: { total: 12.5, name: 'Grüße' },
  });

  const answers = [];
  for (const mode of [Mode.BINARY, Mode.STRUCTURED]) {
    answers.push(await emitterFor(httpTransport(`${gateway()}/topics/${topic}`), { mode })(event));
  }
  const [binary, structured] = await readTopic(topic);

  assert.equal(answers.length, 2);
  assert.deepEqual(JSON.parse(textOf(binary.value)), event.data);
  assert.deepEqual(Object.fromEntries(binary.headers.map(({ key, value }) => [key, textOf(value)])).ce_id, 'e-1');
  assert.deepEqual(JSON.parse(textOf(structured.value)), JSON.parse(JSON.stringify(event)));
});

test('events of the Python SDK become records, as binary and structured ones', async () => {
  const topic = await createTopic();

  const statuses = await runPython(
    { url: `${gateway()}/topics/${topic}` },
    `
    from datetime import datetime, timezone
    import requests
    from cloudevents.core.bindings.http import to_binary_event, to_structured_event
    from cloudevents.core.v1.event import CloudEvent
    event = CloudEvent(
        attributes={'id': 'e-1', 'source': '/orders', 'type': 'order.placed', 'specversion': '1.0', 'datacontenttype': 'application/json'},
        data={'total': 12.5, 'name': 'Grüße'},
    )
    messages = [to_binary_event(event), to_structured_event(event)]
    answer = [requests.post(url, headers=message.headers, data=message.body, timeout=30).status_code for message in messages]
    `,
  );
  const [binary, structured] = await readTopic(topic);

  assert.deepEqual(statuses, [200, 200]);
  assert.deepEqual(JSON.parse(textOf(binary.value)), { total: 12.5, name: 'Grüße' });
  assert.deepEqual(Object.fromEntries(binary.headers.map(({ key, value }) => [key, textOf(value)])).ce_type, 'order.placed');
  assert.deepEqual(JSON.parse(textOf(structured.value)).data, { total: 12.5, name: 'Grüße' });
});
