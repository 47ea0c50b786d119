import type { ServerFrame } from '../protocol/frames.ts';
import type { Transport } from './transport.ts';
import { BROKEN } from './transport.ts';

/** `base` is the server's address, with the account slot where there is one. */
export function webSocketTransport(base: string): Transport {
  const url = `${base.replace(/^http/, 'ws')}/socket`;
  return {
    open(handlers) {
      const socket = new WebSocket(url);
      let over = false;
      const end = (code: number, reason: string) => {
        if (over) return;
        over = true;
        handlers.closed(code, reason);
      };
      socket.onopen = () => {
        if (!over) handlers.opened();
      };
      socket.onmessage = (message) => {
        const frames = parse(message.data);
        if (!frames) {
          socket.close();
          return end(BROKEN, 'unreadable');
        }
        for (const frame of frames) if (!over) handlers.frame(frame);
      };
      socket.onclose = (event) => end(event.code, event.reason);
      socket.onerror = () => {};
      return {
        send(frames) {
          if (socket.readyState === WebSocket.OPEN) {
            socket.send(JSON.stringify(frames.length === 1 ? frames[0] : frames));
          }
        },
        close() {
          over = true;
          socket.close();
        },
      };
    },
  };
}

function parse(data: unknown): ServerFrame[] | null {
  try {
    const value = JSON.parse(String(data)) as ServerFrame | ServerFrame[];
    return Array.isArray(value) ? value : [value];
  } catch {
    return null;
  }
}
