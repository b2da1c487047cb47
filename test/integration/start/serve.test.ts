import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { freePorts } from '../../../infra/local/ports.ts';
import { npmStart, repository, takenPort } from './npm-start.ts';

test('npm run serve refuses a configuration that cannot work', async () => {
  const environment = { ...process.env, PORT: '0', KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9', GATEWAY_AUTH: 'jwt' };

  const served = promisify(execFile)('npm', ['run', 'serve'], { cwd: repository, env: environment });

  await assert.rejects(served, { code: 1, stderr: /^The gateway cannot work with this configuration:\n- .*GATEWAY_JWT_ISSUER/m });
});

test('npm run serve ends when one of its ports is taken', async (t) => {
  const taken = String(await takenPort(t));
  const [free] = await freePorts(1);
  for (const [variable, ports] of Object.entries({
    PORT: { PORT: taken, METRICS_PORT: String(free) },
    METRICS_PORT: { PORT: String(free), METRICS_PORT: taken },
  })) {
    const environment = { ...process.env, HOST: '127.0.0.1', KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9', GATEWAY_AUTH: 'none', ...ports };

    const served = promisify(execFile)('npm', ['run', 'serve'], { cwd: repository, env: environment });

    await assert.rejects(served, { code: 1, stderr: `Port ${taken} is in use. Choose another one with ${variable}.\n` });
  }
});

test('npm run serve is ready without Kafka, and warns of it', async (t) => {
  const [port, nobody] = await freePorts(2);
  const environment = { HOST: '127.0.0.1', PORT: String(port), KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${nobody}`, GATEWAY_AUTH: 'none' };
  const npm = npmStart(environment, ['run', 'serve']);
  t.after(() => npm.child.kill('SIGTERM'));

  await npm.writes(/^READY /m);
  await npm.writes(/^WARNING: /m);

  const warnings = npm.output().match(/^WARNING: .*$/gm) ?? [];
  assert.equal(warnings.length, 1);
  assert.match(
    warnings[0],
    new RegExp(`^WARNING: Kafka at 127.0.0.1:${nobody} does not serve the gateway \\(.*\\)\\. Check KAFKA_BOOTSTRAP_SERVERS`),
  );
});
