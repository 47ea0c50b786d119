/** One line that says how long what is said in a conversation stays, and changes it. */
import { Hourglass } from 'lucide-react';
import { useId } from 'react';
import type { Lifetime } from '../../protocol/entities.ts';
import { durationText, lifetimeText } from '../text/lifetime.ts';
import { t } from '../text/text.ts';
import './keep.css';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const TIMERS = [HOUR, DAY, 7 * DAY, 90 * DAY];
const READINGS = [60, HOUR, DAY];
const ENDS = [HOUR, DAY, 7 * DAY];

/** What may be chosen, as the values of a list: a timer's seconds, or from now to the end of the whole chat. */
type Choice = 'always' | `timer ${number}` | `reading ${number}` | 'whole' | `whole ${number}`;

interface Props {
  readonly lifetime: Lifetime;
  /** `messages`: all or by a timer; `whole`: when all of it ends; `both` where it is made or of a group. */
  readonly offers: 'messages' | 'whole' | 'both';
  /** Between two. */
  readonly reading?: boolean;
  readonly disabled?: boolean;
  onChange(lifetime: Lifetime): void;
}

export function Keep({ lifetime, offers, reading = false, disabled, onChange }: Props) {
  const id = useId();
  const chosen = choiceOf(lifetime);
  const choices = choicesOf(offers, reading);
  return (
    <div className="keep">
      <Hourglass size={20} strokeWidth={1.75} aria-hidden="true" />
      <label htmlFor={id}>{t('keep')}</label>
      <select
        id={id}
        value={chosen}
        disabled={disabled}
        onChange={({ target }) => onChange(lifetimeOf(target.value as Choice, Date.now()))}
      >
        {!choices.includes(chosen) && <option value={chosen}>{lifetimeText(lifetime, Date.now())}</option>}
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {nameOf(choice)}
          </option>
        ))}
      </select>
    </div>
  );
}

function choicesOf(offers: Props['offers'], reading: boolean): Choice[] {
  const afterReading = reading ? READINGS.map((seconds): Choice => `reading ${seconds}`) : [];
  const timers = [...TIMERS.map((seconds): Choice => `timer ${seconds}`), ...afterReading];
  const ends = ENDS.map((seconds): Choice => `whole ${seconds}`);
  if (offers === 'whole') return [...ends, 'whole'];
  return offers === 'messages' ? ['always', ...timers] : ['always', ...timers, ...ends, 'whole'];
}

function choiceOf(lifetime: Lifetime): Choice {
  if (lifetime.kind === 'timer') return `${lifetime.after ?? 'timer'} ${lifetime.seconds}`;
  if (lifetime.kind === 'always') return 'always';
  // One that was chosen a moment ago stands for itself; what is left of another is no choice any more.
  return lifetime.until === undefined ? 'whole' : `whole ${Math.ceil((lifetime.until - Date.now()) / 1_000)}`;
}

function lifetimeOf(choice: Choice, now: number): Lifetime {
  const [kind, seconds] = choice.split(' ');
  if (kind === 'timer') return { kind, seconds: Number(seconds) };
  if (kind === 'reading') return { kind: 'timer', seconds: Number(seconds), after: kind };
  if (kind === 'always') return { kind };
  return seconds === undefined ? { kind: 'whole' } : { kind: 'whole', until: now + Number(seconds) * 1_000 };
}

function nameOf(choice: Choice): string {
  const [kind, seconds] = choice.split(' ');
  if (kind === 'whole' && seconds !== undefined) return t('keepWhole', { time: durationText(Number(seconds)) });
  return lifetimeText(lifetimeOf(choice, 0), 0);
}
