import pino, { type Logger } from 'pino';

/** To stdout, and only what somebody should look at. */
export function createLog(): Logger {
  const redact = ['password', 'token', '*.password', '*.token'];
  return pino({ level: 'warn', base: null, redact }, pino.destination({ fd: 1, sync: true }));
}
