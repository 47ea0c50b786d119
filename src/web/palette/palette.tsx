/** From anywhere to any chat or person, by a few letters. */
import { Search } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { ConversationAvatar, PersonAvatar } from '../parts/avatar.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Wrong } from '../parts/panel.tsx';
import { usePeople } from '../people/search.ts';
import { go } from '../router.ts';
import { startSearch } from '../search/asked.ts';
import { titleOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { matches } from './matches.ts';
import './palette.css';

const CHATS_MAX = 20;

interface Choice {
  readonly key: string;
  readonly title: string;
  readonly second: string;
  readonly avatar: React.ReactNode;
  /** The conversation to go to; null when one is led elsewhere already. */
  open(): Promise<string | null>;
}

export function Palette({ onClose }: { onClose(): void }) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const { wrong, act } = useAct();
  const { choices, isNothing, found } = useChoices(query);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const chosen = Math.min(at, choices.length - 1);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const open = (choice: Choice | undefined) =>
    choice &&
    void act(async () => {
      const conversation = await choice.open();
      onClose();
      if (conversation !== null) go({ at: 'conversation', id: conversation });
    });
  const key = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((chosen + step + choices.length) % Math.max(1, choices.length));
    else if (event.key === 'Enter') open(choices[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('palette')} onClose={onClose}>
      <div className="field">
        <input
          autoFocus
          role="combobox"
          aria-label={t('paletteFind')}
          aria-expanded
          aria-controls={id}
          aria-activedescendant={choices[chosen] ? `${id}-${chosen}` : undefined}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          dir="auto"
          placeholder={t('paletteFind')}
          value={query}
          onChange={({ target }) => {
            setQuery(target.value);
            setAt(0);
          }}
          onKeyDown={key}
        />
      </div>
      <Wrong>{wrong}</Wrong>
      {isNothing && found && <p className="hint">{t('paletteNothing')}</p>}
      <div ref={list} id={id} className="people palette" role="listbox" aria-label={t('palette')}>
        {choices.map((choice, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
          <div
            key={choice.key}
            id={`${id}-${i}`}
            className="person"
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            data-selected={i === chosen || undefined}
            onClick={() => open(choice)}
          >
            {choice.avatar}
            <span className="person-text">
              <span className="person-name one-line" dir="auto">
                {choice.title}
              </span>
              <span className="person-second one-line">{choice.second}</span>
            </span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}

/** Chats, the latest first, then people with whom there is none, then messages. */
function useChoices(query: string): { choices: Choice[]; isNothing: boolean; found: boolean } {
  const messenger = useMessenger();
  const conversations = useView((messenger) => messenger.inbox().conversations);
  const { people, found } = usePeople(query);
  const chats = conversations
    .map((view) => ({ view, title: titleOf(messenger, view) }))
    .filter(({ title }) => matches(title, query))
    .sort((a, b) => b.view.at - a.view.at)
    .slice(0, CHATS_MAX)
    .map(({ view, title }) => ({
      key: view.id,
      title,
      second: view.archived ? t('archived') : '',
      avatar: <ConversationAvatar view={view} size="header" />,
      open: async () => view.id,
    }));
  const known = new Set(conversations.map(({ peer }) => peer));
  const strangers = people
    .filter(({ user }) => !known.has(user))
    .map(({ user, name, displayName }) => ({
      key: user,
      title: displayName || name,
      second: `@${name}`,
      avatar: <PersonAvatar user={user} size="header" />,
      open: () => messenger.openDirect(user),
    }));
  const search = {
    key: 'search',
    title: t('searchFor', { text: query.trim() }),
    second: '',
    avatar: <Search size={20} strokeWidth={1.75} aria-hidden="true" />,
    open: async () => {
      startSearch(null, query.trim());
      return null;
    },
  };
  const places = [...chats, ...strangers];
  const choices = query.trim() === '' ? places : [...places, search];
  return { choices, isNothing: places.length === 0, found };
}
