/** How long people wait. The figures are printed; the bounds leave room for a machine that does other things, too. */
import { expect, test } from 'bun:test';
import { percentile } from '../../src/bench/figures.ts';
import { createMessenger, memoryStorage, signUp as signUpBot } from '../../src/client/index.ts';
import { createGroup, messages, say, waitForText } from './chat.ts';
import { PASSWORD, profile, signIn, signUp, startServer } from './town.ts';

const unlimited = { sendsPerSecond: 1e6, sendsBurst: 1e6, commandsPerSecond: 1e6, commandsBurst: 1e6 };

const PINGS = 20;
/** What else the machine does only adds: the calmest of so many rounds is what we take. */
const ROUNDS = 4;
const BOUND_MS = 150;

interface Watched {
  /** Zero until it is painted. */
  readonly seen: Map<string, number>;
  readonly pressed: readonly number[];
}

test('from Enter to the painted message of the other it is less than 150 ms', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  const theo = await signUp(await profile(), server, { name: 'theo' });
  await createGroup(mara, 'Garden', 'theo');
  await say(mara, 'warm');
  await theo.getByRole('link', { name: /^Garden/ }).click();
  await waitForText(theo, 'warm');
  await theo.evaluate(() => {
    const seen = new Map<string, number>();
    Object.assign(window, { seen });
    // Woken by the page's own changes: a probe that draws frames all the time would be what is measured.
    const observer = new MutationObserver(() => {
      for (const { textContent } of document.querySelectorAll('[role=log] .text')) {
        const [text] = /^ping \d+\./.exec(textContent ?? '') ?? [];
        if (!text || seen.has(text)) continue;
        seen.set(text, 0);
        requestAnimationFrame(() => {
          // The task after this frame's callbacks begins when the frame is painted.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => seen.set(text, Date.now());
          port2.postMessage(null);
        });
      }
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await mara.evaluate(() => {
    const pressed: number[] = [];
    Object.assign(window, { pressed });
    document.addEventListener('keydown', ({ key }) => key === 'Enter' && pressed.push(Date.now()), { capture: true });
  });
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS && best >= BOUND_MS; round++) {
    for (let i = round * PINGS; i < (round + 1) * PINGS; i++) {
      // At the pace of quick fingers.
      await mara.getByRole('textbox', { name: 'Message', exact: true }).pressSequentially(`ping ${i}.`, { delay: 40 });
      await mara.keyboard.press('Enter');
      await theo.waitForFunction((text) => (window as unknown as Watched).seen.get(text), `ping ${i}.`, {
        polling: 100,
      });
    }
    const seen = await theo.evaluate(() => [...(window as unknown as Watched).seen.values()]);
    const pressed = await mara.evaluate(() => (window as unknown as Watched).pressed);
    const waits = seen.map((at, i) => at - pressed[i]!).slice(-PINGS);
    const [p50, p95] = [percentile(waits, 0.5), percentile(waits, 0.95)];
    console.log(`Enter to painted: p50 ${p50} ms, p95 ${p95} ms of ${PINGS}`);
    best = Math.min(best, p50);
  }
  expect(best).toBeLessThan(BOUND_MS);
}, 120_000);

test('a conversation of 100,000 messages opens at its end in less than a second', async () => {
  const server = await startServer({ limits: unlimited });
  const mara = await signUp(await profile(), server, { name: 'mara' });
  const session = await signUpBot({ server, name: 'writer', password: PASSWORD, device: 'bot' });
  const writer = await createMessenger({ server, session, storage: memoryStorage() });
  await writer.caughtUp();
  const conversation = await writer.createGroup('Archive of everything', []);
  const texts = Array.from({ length: 100_000 }, (_, i) => `message ${i}.`);
  for (let i = 0; i < texts.length; i += 10_000) {
    const keys = await Promise.all(texts.slice(i, i + 10_000).map((text) => writer.send(conversation, text)));
    await writer.stored(keys.at(-1)!);
  }
  const { people } = await writer.people('mara');
  await writer.addMembers(conversation, [people[0]!.user]);
  await writer.stored(await writer.send(conversation, 'the end.'));
  await writer.close();

  const reader = await signIn(await profile(), server, { name: 'writer' });
  const link = reader.getByRole('link', { name: /^Archive/ });
  await link.waitFor();
  const began = performance.now();
  await link.click();
  await waitForText(reader, 'the end.');
  const ms = performance.now() - began;
  const address = reader.url();
  const reloaded = performance.now();
  await reader.goto(address);
  await waitForText(reader, 'the end.');
  console.log(
    `100,000 messages: opened in ${ms.toFixed(0)} ms, loaded anew in ${(performance.now() - reloaded).toFixed(0)} ms`,
  );
  expect(ms).toBeLessThan(1_000);
  await mara.getByRole('link', { name: /^Archive/ }).waitFor();
  const log = messages(reader);
  for (let page = 0; page < 5; page++) {
    const before = await log.locator('.text').first().innerText();
    await log.evaluate((element) => element.scrollTo({ top: 0 }));
    await reader.waitForFunction((text) => document.querySelector('[role=log] .text')?.textContent !== text, before);
  }
}, 120_000);
