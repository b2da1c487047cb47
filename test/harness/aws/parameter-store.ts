import { createServer } from 'node:http';
import { listenOnLoopback } from '../http/loopback.ts';

/** Replaces SSM Parameter Store, with one parameter and all of its versions. */
export interface ParameterStore extends AsyncDisposable {
  /** The variables that lead the gateway to it. */
  readonly environment: Record<string, string>;
  /** The requested names: the parameter's, with a version if the request had one. */
  readonly asked: string[];
  /** Adds a version. */
  put(text: string): void;
  /** While true, it answers that the parameter does not exist. */
  isAway: boolean;
  /** How many of the next requests get 500. */
  failing: number;
}

const NAME = '/kafka-gateway/test';

/** Starts one on a free port of the loopback interface. Requests must be signed. */
export async function startParameterStore(...versions: string[]): Promise<ParameterStore> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { Name, WithDecryption }: { Name: string; WithDecryption: boolean } = JSON.parse((await request.toArray()).join(''));
    asked.push(Name);
    const [name, version = String(versions.length)] = Name.split(':');
    const Value = versions[Number(version) - 1];
    const isSigned = /^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-west-1\/ssm\//.test(request.headers.authorization ?? '');
    const isRight = isSigned && request.headers['x-amz-target'] === 'AmazonSSM.GetParameter' && WithDecryption && name === NAME;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (store.failing > 0) {
      store.failing--;
      response.statusCode = 500;
      response.end('{"__type":"InternalServerError"}');
      return;
    }
    response.statusCode = isRight && Value !== undefined && !store.isAway ? 200 : 400;
    response.end(
      JSON.stringify(
        response.statusCode === 200 ? { Parameter: { Name: name, Value, Version: Number(version) } } : { __type: 'ParameterNotFound' },
      ),
    );
  });
  const origin = await listenOnLoopback(server);
  const store = {
    asked,
    isAway: false,
    failing: 0,
    environment: {
      GATEWAY_CONFIG_PARAMETER: NAME,
      AWS_ENDPOINT_URL_SSM: `${origin}/`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'not-so-much-of-a-secret',
    },
    put: (text: string) => void versions.push(text),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return store;
}
