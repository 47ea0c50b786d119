import type { Push } from './push.ts';

/** For whoever works on the server: says what would be sent, in the clear, and sends nothing. */
export function printerPush(key: string, print: (line: string) => void): Push {
  return {
    key,
    mayReach: (endpoint) => URL.canParse(endpoint),
    send: async ({ endpoint }, { payload, ttlSeconds, topic, urgency }) => {
      if (!URL.canParse(endpoint)) return { kind: 'refused', status: null };
      print(`push to ${new URL(endpoint).host}, ${urgency}, topic ${topic}, for ${ttlSeconds} s: ${payload}`);
      return { kind: 'taken', status: null };
    },
  };
}
