// Preloaded to report on request which modules of the function's zip were loaded, in order.
const Module = require('node:module');
const { relative } = require('node:path');

const taskRoot = process.env.LAMBDA_TASK_ROOT;

process.on('message', (message) => {
  if (!message.modules) return;
  const files = Object.keys(Module._cache).filter((file) => file.startsWith(taskRoot));
  process.send(files.map((file) => relative(taskRoot, file)));
});
process.channel.unref();
