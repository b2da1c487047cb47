// Preloaded to move the wall clock ahead, like a freeze: the wall clock of a frozen machine goes on, its timers do not.
const now = Date.now;
let ahead = 0;
Date.now = () => now() + ahead;

process.on('message', (message) => {
  if (message.clockAhead === undefined) return;
  ahead = message.clockAhead;
  process.send(ahead);
});
process.channel.unref();
