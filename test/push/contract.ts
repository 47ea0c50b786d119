/** The rules of the push port; every adapter is held to them. */
import { describe, expect, test } from 'bun:test';
import { PAYLOAD_BYTES_MAX, type Push, type PushMessage, type Subscription } from '../../src/push/push.ts';

export const MESSAGE: PushMessage = { payload: '{"v":1}', ttlSeconds: 60, topic: 'Topic-1_', urgency: 'high' };

interface Opened {
  readonly push: Push;
  readonly device: Subscription;
}

export function pushContract(name: string, open: () => Promise<Opened>): void {
  describe(name, () => {
    test('its key is a point on P-256', async () => {
      const { push } = await open();
      const key = Buffer.from(push.key, 'base64url');
      expect([key.length, key[0]]).toEqual([65, 4]);
      const ecdh = { name: 'ECDH', namedCurve: 'P-256' };
      expect((await crypto.subtle.importKey('raw', key, ecdh, true, [])).type).toBe('public');
    });

    test('what it takes is taken, however short or long', async () => {
      const { push, device } = await open();
      expect(push.mayReach(device.endpoint)).toBe(true);
      for (const payload of ['{}', 'ä'.repeat(1_996), 'x'.repeat(PAYLOAD_BYTES_MAX)]) {
        expect((await push.send(device, { ...MESSAGE, payload })).kind).toBe('taken');
      }
    });

    test.each(['', 'nothing', 'https://'])('to %j nothing is ever sent, and nothing throws', async (endpoint) => {
      const { push, device } = await open();
      expect(push.mayReach(endpoint)).toBe(false);
      expect((await push.send({ ...device, endpoint }, MESSAGE)).kind).toBe('refused');
    });
  });
}
