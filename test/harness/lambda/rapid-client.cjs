// Preloaded to replace the addon that aws-lambda-ric compiles around libcurl. The runtime client uses it only to report results: with
// AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1=true it fetches the events through node:http itself.
const { Agent, request } = require('node:http');
const Module = require('node:module');

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const post = (kind) => (id, body) => {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const path = `/2018-06-01/runtime/invocation/${id}/${kind}`;
  request({ agent, hostname, port, method: 'POST', path, headers }, (response) => response.resume()).end(body);
};

const load = Module._load;
Module._load = (name, ...rest) => (name === './rapid-client.node' ? { done: post('response'), error: post('error') } : load(name, ...rest));
