import { createServer } from 'node:http';

// An endpoint that takes 10 ms to answer, in a process of its own: its CPU is not what is measured.
const TAKES_MS = 10;

const server = createServer((request, response) => {
  request.resume().on('end', () => setTimeout(() => response.writeHead(204).end(), TAKES_MS));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${Object(server.address()).port}\n`));
