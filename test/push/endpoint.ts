/** A push service on this machine: takes what browsers' services take, refuses what they refuse, and reads it like a device. */
import { createDecipheriv, createECDH, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Subscription } from '../../src/push/push.ts';
import { atEnd } from '../endings.ts';

/** What reached a device. */
export interface Delivered {
  readonly path: string;
  readonly payload: string;
  readonly ttl: number;
  readonly topic: string | null;
  readonly urgency: string | null;
  /** Bytes as they came. */
  readonly bytes: number;
}

interface Device {
  readonly keys: ReturnType<typeof createECDH>;
  readonly auth: Buffer;
}

const TTL_MAX = 28 * 86_400;

export class PushService {
  readonly delivered: Delivered[] = [];
  /** What was refused, and why. */
  readonly wrong: string[] = [];
  /** What it says in place of 201; of a request that is wrong, that always comes first. */
  answer: () => Response | Promise<Response> = () => new Response(null, { status: 201 });
  asked = 0;
  readonly #devices = new Map<string, Device>();
  readonly #server: Bun.Server<undefined>;
  #vapidKey: string | null = null;
  #look = () => {};

  constructor() {
    this.#server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: (request) => this.#take(request) });
    atEnd(() => this.#server.stop(true));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#server.port}`;
  }

  /** As a browser: only the holder of this VAPID key may send there. */
  subscribe(name: string, vapidKey: string): Subscription {
    this.#vapidKey = vapidKey;
    const keys = createECDH('prime256v1');
    const auth = randomBytes(16);
    const p256dh = keys.generateKeys('base64url');
    this.#devices.set(`/${name}`, { keys, auth });
    return { endpoint: `${this.origin}/${name}`, p256dh, auth: auth.toString('base64url') };
  }

  unsubscribe(name: string): void {
    this.#devices.delete(`/${name}`);
  }

  /** Waits until so many have been delivered. */
  async until(count: number): Promise<void> {
    while (this.delivered.length < count) {
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }

  async #take(request: Request): Promise<Response> {
    this.asked++;
    const { pathname } = new URL(request.url);
    const device = this.#devices.get(pathname);
    if (!device) return new Response(null, { status: 410 });
    const body = Buffer.from(await request.arrayBuffer());
    try {
      const headers = checked(request, body);
      await this.#checkSender(request.headers.get('authorization') ?? '');
      const payload = decrypted(body, device);
      const answer = await this.answer();
      if (answer.ok) this.delivered.push({ path: pathname, payload, bytes: body.length, ...headers });
      this.#look();
      return answer;
    } catch (error) {
      this.wrong.push((error as Error).message);
      return new Response((error as Error).message, { status: 400 });
    }
  }

  /** RFC 8292. */
  async #checkSender(authorization: string): Promise<void> {
    const [, token = '', key] = /^vapid t=([^,]+), ?k=([\w-]+)$/.exec(authorization) ?? [];
    must(key === this.#vapidKey, `the key is ${key}`);
    const [head = '', claims = '', signature = ''] = token.split('.');
    must(jsonOf(head)['alg'] === 'ES256', 'the algorithm');
    const { aud, exp, sub } = jsonOf(claims) as { aud: string; exp: number; sub: string };
    must(aud === this.origin, `the audience ${aud}`);
    const now = Date.now() / 1_000;
    must(exp > now && exp <= now + 86_400, `the expiry ${exp}`);
    must(/^(mailto:|https:)/.test(sub), `the subject ${sub}`);
    const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const known = await crypto.subtle.importKey('raw', Buffer.from(key!, 'base64url'), ecdsa, false, ['verify']);
    const signed = Buffer.from(`${head}.${claims}`);
    must(await crypto.subtle.verify(ecdsa, known, Buffer.from(signature, 'base64url'), signed), 'the signature');
  }
}

function checked({ method, headers }: Request, body: Buffer): Pick<Delivered, 'ttl' | 'topic' | 'urgency'> {
  must(method === 'POST', method);
  must(headers.get('content-encoding') === 'aes128gcm', 'the encoding');
  must(body.length <= 4_096, `${body.length} bytes`);
  const ttl = headers.get('ttl') ?? '';
  must(/^\d+$/.test(ttl) && Number(ttl) <= TTL_MAX, `TTL ${ttl}`);
  const topic = headers.get('topic');
  must(topic === null || /^[\w-]{1,32}$/.test(topic), `topic ${topic}`);
  const urgency = headers.get('urgency');
  must(urgency === null || ['very-low', 'low', 'normal', 'high'].includes(urgency), `urgency ${urgency}`);
  return { ttl: Number(ttl), topic, urgency };
}

/** RFC 8291 over RFC 8188: one record. */
function decrypted(body: Buffer, { keys, auth }: Device): string {
  const salt = body.subarray(0, 16);
  const recordBytes = body.readUInt32BE(16);
  const length = body[20]!;
  const sender = body.subarray(21, 21 + length);
  const sealed = body.subarray(21 + length);
  must(sealed.length <= recordBytes, 'more than one record');
  const shared = keys.computeSecret(sender);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender]);
  const secret = Buffer.from(hkdfSync('sha256', shared, auth, info, 32));
  const pseudo = createHmac('sha256', salt).update(secret).digest();
  const key = expand(pseudo, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = expand(pseudo, 'Content-Encoding: nonce\0', 12);
  const cipher = createDecipheriv('aes-128-gcm', key, nonce);
  cipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  const end = padded.lastIndexOf(2);
  must(end >= 0 && padded.subarray(end + 1).every((byte) => byte === 0), 'the padding');
  return padded.subarray(0, end).toString('utf8');
}

function expand(pseudo: Buffer, info: string, bytes: number): Buffer {
  return createHmac('sha256', pseudo)
    .update(Buffer.concat([Buffer.from(info), Buffer.from([1])]))
    .digest()
    .subarray(0, bytes);
}

function jsonOf(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Wrong: ${what}.`);
}
