/** The smallest server: says back what it is told. Run by `floors.ts` as a process of its own. */
Bun.serve({
  port: Number(process.argv[2]),
  hostname: '127.0.0.1',
  fetch: (request, server) => (server.upgrade(request) ? undefined : new Response('ok')),
  websocket: {
    message: (socket, text) => void socket.send(text),
  },
});
