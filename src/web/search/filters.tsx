import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Messenger } from '../../client/index.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { nameOf, titleOf, whoIs } from '../text/people.ts';
import { t } from '../text/text.ts';
import { ask } from './asked.ts';
import { type Asked, SPANS, type Span } from './span.ts';

const SPAN_TEXTS = {
  day: 'spanDay',
  week: 'spanWeek',
  month: 'spanMonth',
  year: 'spanYear',
  days: 'spanDays',
} as const;

/** Each is a list of the browser's own, which fingers, keys and screen readers know. */
export function Filters({ asked }: { asked: Asked }) {
  const messenger = useMessenger();
  const conversations = useView((messenger) => messenger.inbox().conversations);
  const members = conversations.filter(({ member }) => member);
  const people = peopleOf(messenger, asked);
  return (
    <fieldset className="filters" aria-label={t('filters')}>
      <Filter
        label={t('filterChat')}
        chosen={asked.conversation}
        onChoose={(conversation) => ask({ conversation, sender: null })}
      >
        {members.map((view) => (
          <option key={view.id} value={view.id}>
            {titleOf(messenger, view)}
          </option>
        ))}
      </Filter>
      <Filter label={t('filterPerson')} chosen={asked.sender} onChoose={(sender) => ask({ sender })}>
        {people.map((user) => (
          <option key={user} value={user}>
            {whoIs(messenger, user)}
          </option>
        ))}
      </Filter>
      <Filter label={t('filterKind')} chosen={asked.has} onChoose={(has) => ask({ has: has as Asked['has'] })}>
        <option value="link">{t('filterLinks')}</option>
        <option value="file">{t('filterFiles')}</option>
        <option value="image">{t('filterPictures')}</option>
      </Filter>
      <Filter label={t('filterDate')} chosen={asked.span} onChoose={(span) => ask({ span: span as Span | null })}>
        {SPANS.map((span) => (
          <option key={span} value={span}>
            {t(SPAN_TEXTS[span])}
          </option>
        ))}
      </Filter>
      {asked.span === 'days' && (
        <>
          <Day label={t('filterFrom')} day={asked.from} onChange={(from) => ask({ from })} />
          <Day label={t('filterUntil')} day={asked.until} onChange={(until) => ask({ until })} />
        </>
      )}
    </fieldset>
  );
}

function Day({ label, day, onChange }: { label: string; day: string; onChange(day: string): void }) {
  return (
    <label className="filter-day" data-chosen={day !== '' || undefined}>
      {label}
      <input
        type="date"
        value={day}
        min="1970-01-01"
        max="9999-12-31"
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}

/** The members of the chosen conversation, else everybody with whom one has one. */
function peopleOf(messenger: Messenger, { conversation }: Asked): string[] {
  const chosen = conversation === null ? null : messenger.conversation(conversation);
  const views = chosen ? [chosen] : messenger.inbox().conversations;
  const users = new Set(views.flatMap(({ marks, peer }) => [...marks.keys(), ...(peer === null ? [] : [peer])]));
  users.delete(messenger.user);
  const named = [...users].sort((a, b) => nameOf(messenger, a).localeCompare(nameOf(messenger, b)));
  return [messenger.user, ...named];
}

interface FilterProps {
  readonly label: string;
  readonly chosen: string | null;
  readonly children: ReactNode;
  onChoose(value: string | null): void;
}

function Filter({ label, chosen, children, onChoose }: FilterProps) {
  return (
    <span className="filter" data-chosen={chosen !== null || undefined}>
      <select
        aria-label={label}
        value={chosen ?? ''}
        onChange={({ target }) => onChoose(target.value === '' ? null : target.value)}
      >
        <option value="">{label}</option>
        {children}
      </select>
      <ChevronDown size={16} strokeWidth={1.75} aria-hidden="true" />
    </span>
  );
}
