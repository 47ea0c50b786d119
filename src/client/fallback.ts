/** From one transport to another where the first does not get through, and back as soon as it does. */
import type { Clock } from '../core/clock.ts';
import { BROKEN, type Handlers, type Link, type Transport } from './transport.ts';

const TRIES = 2;
/** The server may only have been away: so the first look comes soon. */
const FIRST_PROBE_MS = 10_000;
const PROBE_MS = 300_000;
const PATIENCE_MS = 15_000;
/** Codes from here on are the server's own: whoever hears one has reached it. */
const SERVERS_CODE = 4_000;

/**
 * Uses `first`. After it has brought nothing from the server twice in a row, uses `second`, for as long as that works.
 * Meanwhile `first` is tried from time to time beside it; once it gets through, the link over `second` ends as broken,
 * and the next one is over `first`.
 */
export function withFallback(first: Transport, second: Transport, clock: Clock): Transport {
  let failures = 0;
  return {
    open(handlers) {
      if (failures < TRIES) return watched(first, handlers, (worked) => (failures = worked ? 0 : failures + 1));
      let stopProbing = () => {};
      const link = watched(second, handlers, (worked) => {
        stopProbing();
        if (!worked) failures = 0;
      });
      stopProbing = probing(first, clock, () => {
        failures = 0;
        link.close();
        handlers.closed(BROKEN, 'the better way is open again');
      });
      return link;
    },
  };
}

/** Tells once, at the end of the link, whether anything had come from the server; also when the link is only left. */
function watched(transport: Transport, handlers: Handlers, ended: (worked: boolean) => void): Link {
  let worked = false;
  let over = false;
  const end = () => {
    if (!over) ended(worked);
    over = true;
  };
  const link = transport.open({
    opened: () => handlers.opened(),
    frame: (frame) => {
      worked = true;
      handlers.frame(frame);
    },
    closed: (code, reason) => {
      worked ||= code >= SERVERS_CODE;
      end();
      handlers.closed(code, reason);
    },
  });
  return {
    pulls: link.pulls === true,
    send: (frames) => link.send(frames),
    close() {
      end();
      link.close();
    },
  };
}

/** Says something to the server over a link of its own, again and again; calls back once when that is answered. */
function probing(transport: Transport, clock: Clock, answered: () => void): () => void {
  let stop = () => {};
  const probe = () => {
    const giveUp = clock.after(PATIENCE_MS, () => finish(false));
    const finish = (worked: boolean) => {
      stop();
      if (worked) answered();
      else stop = clock.after(PROBE_MS, probe);
    };
    const link = transport.open({
      // Before `hello` it is only refused, and takes no other connection's place.
      opened: () => link.send([{ id: 1, type: 'ping', shown: [], profiles: [] }]),
      frame: () => finish(true),
      closed: (code) => finish(code >= SERVERS_CODE),
    });
    stop = () => {
      giveUp();
      link.close();
    };
  };
  stop = clock.after(FIRST_PROBE_MS, probe);
  return () => stop();
}
