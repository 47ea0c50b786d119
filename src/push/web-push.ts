/** Web Push (RFC 8030), encrypted for the device (RFC 8291) and signed with the server's own keys (RFC 8292). */
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import webPush from 'web-push';
import type { VapidKeys } from './keys.ts';
import type { Push, PushMessage, PushOutcome, Subscription } from './push.ts';
import { lookupOutside, mayReach } from './reach.ts';

export interface WebPushOptions {
  readonly keys: VapidKeys;
  /** Whom the service may write to about this server: a `mailto:` or `https:` address. */
  readonly subject: string;
  /** For tests only: also to this machine, and without https. */
  readonly inside?: boolean;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
const RETRY_AFTER_MAX_MS = 3_600_000;

export function openWebPush({ keys, subject, inside = false, timeoutMs = TIMEOUT_MS }: WebPushOptions): Push {
  const vapidDetails = { subject, publicKey: keys.publicKey, privateKey: keys.privateKey };
  const reaches = (endpoint: string) => (inside ? URL.canParse(endpoint) : mayReach(endpoint));

  const post = ({ endpoint, p256dh, auth }: Subscription, message: PushMessage) => {
    const { ttlSeconds, topic, urgency, payload } = message;
    const subscription = { endpoint, keys: { p256dh, auth } };
    const options = { vapidDetails, TTL: ttlSeconds, topic, urgency };
    const { headers, body } = webPush.generateRequestDetails(subscription, payload, options);
    return answerOf(endpoint, headers, body, timeoutMs, inside ? {} : { lookup: lookupOutside as never });
  };

  return {
    key: keys.publicKey,
    mayReach: reaches,
    send: async (to, message) => {
      if (!reaches(to.endpoint)) return { kind: 'refused', status: null };
      try {
        return await post(to, message);
      } catch {
        // Its key is none: no message can be encrypted for it.
        return { kind: 'gone', status: null };
      }
    },
  };
}

/** One request on a connection of its own, so that its host is looked up and looked at; redirects are not followed. */
function answerOf(
  endpoint: string,
  headers: Record<string, unknown>,
  body: Buffer,
  timeoutMs: number,
  options: RequestOptions,
): Promise<PushOutcome> {
  const request = endpoint.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const end = (outcome: PushOutcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const unheard = () => end({ kind: 'later', status: null });
    const timer = setTimeout(() => {
      unheard();
      asked.destroy();
    }, timeoutMs);
    const asked = request(
      endpoint,
      { ...options, method: 'POST', agent: false, headers: headers as RequestOptions['headers'] },
      (answer) => {
        answer.resume();
        answer.on('error', unheard);
        end(outcomeOf(answer.statusCode ?? 0, answer.headers['retry-after']));
      },
    );
    asked.on('error', unheard);
    asked.on('close', unheard);
    asked.end(body);
  });
}

function outcomeOf(status: number, retryAfter: string | undefined): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'taken', status };
  if (status === 404 || status === 410) return { kind: 'gone', status };
  if (status !== 429 && status < 500) return { kind: 'refused', status };
  const seconds = Number(retryAfter);
  if (!(seconds > 0)) return { kind: 'later', status };
  return { kind: 'later', status, retryAfterMs: Math.min(seconds * 1_000, RETRY_AFTER_MAX_MS) };
}
