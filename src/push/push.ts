/**
 * The push port: hands a message for a device that is not there to the service which the device's browser has chosen.
 * That service sees who is asked to deliver, how long and how soon, and how many bytes; never what they say.
 */

/** What a browser says of itself; both keys as base64url. */
export interface Subscription {
  readonly endpoint: string;
  /** Its public key on P-256, 65 bytes. */
  readonly p256dh: string;
  /** 16 bytes of chance. */
  readonly auth: string;
}

export interface PushMessage {
  /** At most `PAYLOAD_BYTES_MAX` bytes of UTF-8. */
  readonly payload: string;
  /** How long the service keeps it for a device that is away; 0 is not at all. */
  readonly ttlSeconds: number;
  /** A newer one of the same topic takes the place of one that still waits: at most 32 letters of base64url. */
  readonly topic: string;
  readonly urgency: 'low' | 'normal' | 'high';
}

/** What the service said; `status` null when it said nothing, or was not asked. */
export interface PushOutcome {
  /**
   * `taken`: it has it. `gone`: there is no such device any more. `later`: try again. `refused`: this message is not taken,
   * however often it is tried.
   */
  readonly kind: 'taken' | 'gone' | 'later' | 'refused';
  readonly status: number | null;
  /** For `later`, when the service has said so. */
  readonly retryAfterMs?: number;
}

/** What fits in 4,096 bytes once it is encrypted (RFC 8291). */
export const PAYLOAD_BYTES_MAX = 3_993;

export interface Push {
  /** The server's public VAPID key, as base64url: a browser subscribes for it alone. */
  readonly key: string;
  /** Whether anything would ever be sent there. What the name of the host leads to is looked at when it is. */
  mayReach(endpoint: string): boolean;
  /** Never rejects. */
  send(to: Subscription, message: PushMessage): Promise<PushOutcome>;
}
