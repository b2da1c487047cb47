import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { functionsFor } from '../../../../infra/template/functions.ts';
import { streamResources } from '../../../../infra/template/streams.ts';

const typesOf = (environment: Record<string, string>): string[] =>
  Object.values(streamResources(environment).Resources).map(({ Type }) => Type);
const urlIn = (environment: Record<string, string>) => functionsFor(environment)['read-topics'].environment?.GATEWAY_STREAM_URL;

suite('streams of a deployment', () => {
  test('come over a REST API whose integration streams for as long as a function may run', () => {
    const { StreamGet } = streamResources({}).Resources;
    const { Integration } = StreamGet.Properties;

    const { ResponseTransferMode, TimeoutInMillis, Uri } = Object(Integration);
    assert.deepEqual([ResponseTransferMode, TimeoutInMillis], ['STREAM', 900_000]);
    assert.match(JSON.stringify(Uri), /2021-11-15.*StreamTopicsLive.*response-streaming-invocations/);
    assert.equal(functionsFor({})['stream-topics'].timeout, 900);
  });

  for (const [auth, type] of [
    ['iam', 'AWS_IAM'],
    ['jwt,basic', 'CUSTOM'],
    ['none', 'NONE'],
    ['passthrough', 'NONE'],
  ] as const) {
    test(`are for callers known by ${auth}, as all else`, () => {
      const { StreamGet, StreamHead, StreamAuthorizer } = streamResources({ GATEWAY_AUTH: auth }).Resources;

      assert.deepEqual([StreamGet.Properties.AuthorizationType, StreamHead.Properties.AuthorizationType], [type, type]);
      assert.equal(StreamAuthorizer !== undefined, type === 'CUSTOM');
    });
  }

  test('have a new deployment of their API when callers are known by something else', () => {
    const deploymentOf = (auth: string) =>
      Object.keys(streamResources({ GATEWAY_AUTH: auth }).Resources).find((id) => id.startsWith('StreamDeployment'));

    assert.notEqual(deploymentOf('iam'), deploymentOf('none'));
    assert.equal(deploymentOf('iam'), deploymentOf('iam'));
  });

  test('have the address that the HTTP API names: of the API, of the custom domain, or the one that is set', () => {
    assert.match(JSON.stringify(urlIn({})), /StreamApi}\.execute-api.*\/streams/);
    assert.equal(urlIn({ DOMAIN_NAME: 'kafka.example.com' }), 'https://kafka.example.com/streams');
    assert.equal(urlIn({ GATEWAY_STREAM_URL: 'https://elsewhere' }), ['$', '{env:GATEWAY_STREAM_URL, null}'].join(''));
  });

  test('are read by the console, whose origin is that of the HTTP API, and by pages of CORS_ORIGINS', () => {
    const corsIn = (environment: Record<string, string>) => functionsFor(environment)['stream-topics'].environment?.CORS_ORIGINS;
    const optionsIn = (environment: Record<string, string>) => streamResources(environment).Resources.StreamOptions.Condition;
    const own = { 'Fn::Sub': 'https://#{HttpApi}.execute-api.#{AWS::Region}.#{AWS::URLSuffix}'.replaceAll('#', '$') };
    const variable = ['$', '{env:CORS_ORIGINS, null}'].join('');
    const basic = { GATEWAY_AUTH: 'basic' };

    assert.deepEqual(corsIn(basic), own);
    assert.deepEqual(corsIn({ ...basic, CORS_ORIGINS: 'https://app.example' }), { 'Fn::Join': [',', [variable, own]] });
    assert.equal(optionsIn(basic), undefined);
    assert.match(JSON.stringify(functionsFor(basic).console.environment?.GATEWAY_STREAM_URL), /StreamApi/);
    // Where callers sign, browsers cannot; where there is no console, nobody asks.
    for (const none of [{ GATEWAY_AUTH: 'iam' }, { ...basic, GATEWAY_CONSOLE: 'off' }]) {
      assert.deepEqual([corsIn(none), optionsIn(none)], [variable, 'HasCors']);
    }
  });

  test('have a deployment with all methods that their API has', () => {
    const waitsFor = (environment: Record<string, string>) =>
      Object.values(streamResources(environment).Resources).find(({ Type }) => Type === 'AWS::ApiGateway::Deployment')?.DependsOn;

    assert.deepEqual(waitsFor({ GATEWAY_AUTH: 'basic' }), ['StreamGet', 'StreamHead', 'StreamOptions']);
    assert.deepEqual(waitsFor({ CORS_ORIGINS: 'https://app.example' }), ['StreamGet', 'StreamHead', 'StreamOptions']);
    assert.deepEqual(waitsFor({}), ['StreamGet', 'StreamHead']);
  });

  test('are not reached past the client certificates that callers must have', () => {
    const { StreamApi, StreamMapping } = streamResources({ GATEWAY_AUTH: 'mtls', DOMAIN_NAME: 'kafka.example.com' }).Resources;

    assert.equal(StreamApi.Properties.DisableExecuteApiEndpoint, true);
    assert.equal(StreamMapping.Properties.ApiMappingKey, 'streams');
  });

  test('come over a function URL where someone prefers it', () => {
    assert.deepEqual(typesOf({ GATEWAY_STREAMS: 'url' }), ['AWS::Lambda::Url']);
    const open = streamResources({ GATEWAY_STREAMS: 'url', GATEWAY_AUTH: 'none' }).Resources;
    assert.equal(open.StreamUrl.Properties.AuthType, 'NONE');
    assert.deepEqual(urlIn({ GATEWAY_STREAMS: 'url' }), { 'Fn::GetAtt': ['StreamUrl', 'FunctionUrl'] });
  });

  test('can be left out, function and all', () => {
    assert.deepEqual(typesOf({ GATEWAY_STREAMS: 'off' }), []);
    assert.ok(!('stream-topics' in functionsFor({ GATEWAY_STREAMS: 'off' })));
    assert.equal(urlIn({ GATEWAY_STREAMS: 'off' }), ['$', '{env:GATEWAY_STREAM_URL, null}'].join(''));
  });

  test('are refused in a word that is none', () => {
    assert.throws(() => streamResources({ GATEWAY_STREAMS: 'yes' }), /GATEWAY_STREAMS must be rest, url or off/);
  });
});
