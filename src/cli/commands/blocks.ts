/** Whom one wants to have nothing to do with. */
import { settingKey } from '../../protocol/settings.ts';
import type { Ask } from '../ask.ts';
import { type Context, signedIn } from '../context.ts';
import { mustBePerson, names } from '../find.ts';
import { print, printJson, time } from '../print.ts';
import { settingsUnder } from '../settings.ts';

/** Since when, by user. */
export async function blockedBy(ask: Ask): Promise<Map<string, number>> {
  const blocked = await settingsUnder(ask, settingKey.block(''));
  return new Map([...blocked].map(([user, since]) => [user, Number(since)]));
}

export async function block(context: Context, who: string, on: boolean): Promise<void> {
  const { ask } = await signedIn(context);
  const { user, name } = await mustBePerson(ask, who);
  await ask('set', { key: settingKey.block(user), value: on ? '1' : '' });
  if (context.json) printJson({ user, blocked: on });
  else if (on)
    print(`You and ${name} can neither write to each other nor see when the other is here. They are not told.`);
  else print(`You and ${name} can write to each other again.`);
}

export async function blocked(context: Context): Promise<void> {
  const { ask } = await signedIn(context);
  const all = await blockedBy(ask);
  const known = await names(ask, all.keys());
  if (all.size === 0 && !context.json) print('You have blocked nobody.');
  for (const [user, since] of all) {
    const name = known.get(user) ?? user;
    if (context.json) printJson({ user, name, since });
    else print(`${time(since)}  ${name}`);
  }
}
