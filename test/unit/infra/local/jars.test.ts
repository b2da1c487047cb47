import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cacheRoot } from '../../../../infra/local/cache.ts';
import { classPath, kafkaCache } from '../../../../infra/local/jars.ts';

test('a download that fails ends with what Maven says, and what it needs', async (t) => {
  const version = 'of-no-release';
  const folder = await mkdtemp(join(tmpdir(), 'jars-test-'));
  const { PATH } = process.env;
  t.after(async () => {
    process.env.PATH = PATH;
    for (const made of [folder, join(cacheRoot, kafkaCache(version))]) await rm(made, { recursive: true, force: true });
  });
  await writeFile(join(folder, 'mvn'), '#!/bin/sh\necho "Unknown host repository.test" >&2\nexit 1\n');
  await chmod(join(folder, 'mvn'), 0o755);
  process.env.PATH = `${folder}:${PATH}`;

  await assert.rejects(
    classPath(version),
    /^Error: mvn failed:\nUnknown host repository\.test\n\nApache Kafka .*KAFKA_BOOTSTRAP_SERVERS\.$/s,
  );
});
