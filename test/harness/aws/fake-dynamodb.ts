import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { listenOnLoopback } from '../http/loopback.ts';
import { MemoryTable } from '../limits/memory-table.ts';

/** Replaces DynamoDB for limits and consumers, with one table, and can fail as DynamoDB does. */
export interface FakeDynamoDb {
  table: MemoryTable;
  /**
   * `well`; `failing`: answers 500; `silent`: never answers; `losing`: executes requests, and loses the first response; `faltering`: answers
   * late, refuses some requests for the moment, and loses some responses.
   */
  state: 'well' | 'failing' | 'silent' | 'losing' | 'faltering';
  /** The variables that lead the gateway to it. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** How late an answer of one that falters may be. */
const LATE_MS = 200;
/** Of its requests so many are refused, and as many are not answered. */
const SHARE = 0.05;

/** Starts one on a free port of the loopback interface. */
export async function startFakeDynamoDb(): Promise<FakeDynamoDb> {
  const table = new MemoryTable();
  const asked = new Set<unknown>();
  const server = createServer(async (request, response) => {
    const input = JSON.parse((await request.toArray()).join(''));
    if (fake.state === 'silent') return;
    const [, operation] = String(request.headers['x-amz-target']).split('.');
    const isFaltering = fake.state === 'faltering';
    const answer =
      fake.state === 'failing'
        ? { status: 500, body: { __type: 'InternalServerError' } }
        : isFaltering && Math.random() < SHARE
          ? { status: 400, body: { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException' } }
          : await answerTo(table, operation, input);
    if (isFaltering) await delay(Math.random() * LATE_MS);
    const id = request.headers['amz-sdk-invocation-id'];
    if ((fake.state === 'losing' && !asked.has(id)) || (isFaltering && Math.random() < SHARE)) {
      asked.add(id);
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer.body));
  });
  const origin = await listenOnLoopback(server);
  const fake: FakeDynamoDb = {
    table,
    state: 'well',
    environment: {
      GATEWAY_TABLE: table.name,
      AWS_ENDPOINT_URL_DYNAMODB: origin,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

async function answerTo(table: MemoryTable, operation: string, input: Record<string, unknown> & Parameters<MemoryTable['updateItem']>[0]) {
  try {
    return { status: 200, body: await carryOut(table, operation, input) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { status: 400, body: { ...error, __type: `com.amazonaws.dynamodb.v20120810#${error.name}`, message: error.message } };
  }
}

async function carryOut(table: MemoryTable, operation: string, input: ReturnType<typeof JSON.parse>): Promise<object> {
  switch (operation) {
    case 'GetItem':
      return table.getItem(input);
    case 'PutItem':
      return table.putItem(input);
    case 'UpdateItem':
      return table.updateItem(input);
    case 'TransactWriteItems':
      return table.transactWriteItems(input.TransactItems);
    case 'BatchGetItem':
      return { Responses: { [table.name]: await table.batchGetItems(input.RequestItems[table.name].Keys) } };
    default:
      throw new Error(`no such operation: ${operation}`);
  }
}
