/** People, chats and messages by what one types, in the place of the inbox. */
import { ArrowLeft, ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, type UIEvent, useMemo, useRef } from 'react';
import { Button, Input, SearchField } from 'react-aria-components';
import type { FoundMessage } from '../../client/index.ts';
import { cleanFileName } from '../../core/file-name.ts';
import { plainText } from '../../core/rich-text.ts';
import { parseQuery, type Query } from '../../core/search.ts';
import type { Body } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { matches } from '../palette/matches.ts';
import { useAct } from '../parts/act.ts';
import { ConversationAvatar, PersonAvatar } from '../parts/avatar.tsx';
import { ConnectionLine } from '../parts/connection.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Link } from '../parts/link.tsx';
import { useMinute } from '../parts/media.ts';
import { Wrong } from '../parts/panel.tsx';
import { usePeople } from '../people/search.ts';
import { go, useRoute } from '../router.ts';
import { titleOf, whoIs } from '../text/people.ts';
import { sentenceOf, t } from '../text/text.ts';
import { shortTime } from '../text/time.ts';
import { ask, askEverywhere, useAsked } from './asked.ts';
import { Filters } from './filters.tsx';
import { Marked } from './marked.tsx';
import { markFound } from './marks.ts';
import { type Asked, isFiltered } from './span.ts';
import { type Looking, useSearch } from './use-search.ts';
import './search.css';

const CHATS_MAX = 5;
const NEAR_END = 400;

export function SearchPane() {
  const asked = useAsked();
  const looking = useSearch(asked);
  const list = useRef<HTMLDivElement>(null);
  const query = useMemo(() => parseQuery(asked.query), [asked.query]);
  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>('.person, .found-row') ?? [])];
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.altKey || event.nativeEvent.isComposing) return;
    const all = rows();
    const at = all.indexOf(document.activeElement as HTMLElement) + step;
    event.preventDefault();
    if (at < 0) document.querySelector<HTMLElement>('.search-head input')?.focus();
    else all[Math.min(at, all.length - 1)]?.focus();
  };
  const scroll = ({ currentTarget: box }: UIEvent) => {
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (below < NEAR_END && looking?.view.more) looking.more();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows go from the field through what was found
    <div className="search-pane" onKeyDown={move}>
      <header className="bar search-head">
        <IconButton icon={ArrowLeft} label={t('back')} onPress={() => go({ at: 'inbox' })} />
        <SearchField
          className="field search"
          aria-label={t('search')}
          value={asked.query}
          onChange={(text) => ask({ query: text })}
          onSubmit={() => rows()[0]?.click()}
          autoFocus
        >
          <Input placeholder={t('search')} spellCheck="false" dir="auto" />
          {asked.query !== '' && (
            <Button className="icon-button" aria-label={t('clear')}>
              <X size={16} aria-hidden="true" />
            </Button>
          )}
        </SearchField>
      </header>
      <ConnectionLine />
      <Filters asked={asked} />
      {asked.conversation !== null && <Steps looking={looking} query={query} />}
      <div ref={list} className="found" onScroll={scroll}>
        {asked.query.trim() !== '' && !isFiltered(asked) && <Places text={asked.query} />}
        <FoundMessages looking={looking} query={query} asked={asked} />
      </div>
    </div>
  );
}

/** Chats that are called so, and people with whom there is none. */
function Places({ text }: { text: string }) {
  const messenger = useMessenger();
  const conversations = useView((messenger) => messenger.inbox().conversations);
  const { people } = usePeople(text);
  const { wrong, act } = useAct();
  const chats = conversations.filter((view) => matches(titleOf(messenger, view), text)).slice(0, CHATS_MAX);
  const known = new Set(conversations.map(({ peer }) => peer));
  const others = people.filter(({ user }) => !known.has(user)).slice(0, CHATS_MAX);
  return (
    <>
      <Wrong>{wrong}</Wrong>
      {chats.length > 0 && (
        <section aria-label={t('foundChats')}>
          <h2>{t('foundChats')}</h2>
          {chats.map((view) => (
            <Link key={view.id} className="person" to={{ at: 'conversation', id: view.id }}>
              <ConversationAvatar view={view} size="header" />
              <span className="person-name one-line" dir="auto">
                {titleOf(messenger, view)}
              </span>
            </Link>
          ))}
        </section>
      )}
      {others.length > 0 && (
        <section aria-label={t('foundPeople')}>
          <h2>{t('foundPeople')}</h2>
          {others.map(({ user, name, displayName }) => (
            <button
              key={user}
              type="button"
              className="person"
              onClick={() => void act(async () => go({ at: 'conversation', id: await messenger.openDirect(user) }))}
            >
              <PersonAvatar user={user} size="header" />
              <span className="person-text">
                <span className="person-name one-line" dir="auto">
                  {displayName || name}
                </span>
                <span className="person-second one-line">@{name}</span>
              </span>
            </button>
          ))}
        </section>
      )}
    </>
  );
}

interface MessagesProps {
  readonly looking: Looking | null;
  readonly query: Query;
  readonly asked: Asked;
  readonly label?: string;
}

export function FoundMessages({ looking, query, asked, label = t('foundMessages') }: MessagesProps) {
  const isNarrow = isFiltered(asked);
  if (query.words.length === 0 && !isNarrow) return <p className="empty">{t('searchHint')}</p>;
  const { hits = [], looking: isLooking = true, more = false, complete = true, failed = null } = looking?.view ?? {};
  return (
    <section aria-label={label} aria-busy={isLooking}>
      {hits.length > 0 && <h2>{t('foundMessages')}</h2>}
      <p className="unseen" role="status">
        {isLooking ? '' : t('foundCount', { n: hits.length, more: more ? 'yes' : 'no' })}
      </p>
      {failed !== null && (
        <p className="hint">
          {failed === 'offline' ? t(hits.length > 0 ? 'foundOffline' : 'foundNothingOffline') : sentenceOf(failed)}
        </p>
      )}
      {!complete && <p className="hint">{t('foundIncomplete')}</p>}
      {hits.length === 0 && !isLooking && failed === null && (
        <div className="empty">
          <p>{t('foundNothing')}</p>
          <p className="hint">{t(isNarrow ? 'foundNothingHere' : 'foundNothingHint')}</p>
          {isNarrow && query.words.length > 0 && (
            <Button className="quiet-button" onPress={askEverywhere}>
              {t('foundEverywhere')}
            </Button>
          )}
        </div>
      )}
      {hits.map((hit) => (
        <Hit key={`${hit.conversation} ${hit.entry.seq}`} hit={hit} query={query} />
      ))}
      {more && (
        <button type="button" className="quiet-button" onClick={() => looking?.more()}>
          {t('foundMore')}
        </button>
      )}
    </section>
  );
}

function Hit({ hit: { conversation, entry }, query }: { hit: FoundMessage; query: Query }) {
  const now = useMinute();
  const { screen } = useRoute();
  const view = useView((messenger) => messenger.conversation(conversation));
  const title = useView((messenger) => (view ? titleOf(messenger, view) : ''));
  const name = useView((messenger) => whoIs(messenger, entry.sender));
  const isOpen = screen.at === 'conversation' && screen.id === conversation && screen.seq === entry.seq;
  return (
    <Link
      className="found-row"
      to={{ at: 'conversation', id: conversation, seq: entry.seq }}
      aria-current={isOpen ? 'true' : undefined}
      onClickCapture={() => markFound(conversation, query)}
    >
      {view && <ConversationAvatar view={view} size="header" />}
      <span className="inbox-line">
        <span className="inbox-name one-line" dir="auto">
          {title}
        </span>
        <time className="inbox-time" dateTime={new Date(entry.at).toISOString()}>
          {shortTime(entry.at, now)}
        </time>
      </span>
      <span className="found-text" dir="auto">
        {view?.kind !== 'self' && <span className="found-sender">{name}: </span>}
        <Marked text={entry.body ? wordsIn(entry.body) : ''} query={query} />
      </span>
    </Link>
  );
}

/** Without marks, and with what its files are called. */
function wordsIn({ text, files = [] }: Body): string {
  return [plainText(text), ...files.map(({ name }) => cleanFileName(name))].filter((part) => part !== '').join(' · ');
}

/** From hit to hit in one conversation. */
function Steps({ looking, query }: { looking: Looking | null; query: Query }) {
  const { screen } = useRoute();
  const hits = looking?.view.hits ?? [];
  const at = hits.findIndex(
    ({ conversation, entry }) => screen.at === 'conversation' && screen.id === conversation && screen.seq === entry.seq,
  );
  const step = (by: 1 | -1) => {
    const hit = hits[at < 0 ? 0 : at + by];
    if (hit) {
      go({ at: 'conversation', id: hit.conversation, seq: hit.entry.seq }, { replace: at >= 0 });
      markFound(hit.conversation, query);
    }
    if (by === 1 && at + 2 >= hits.length && looking?.view.more) looking.more();
  };
  return (
    <div className="steps">
      <span className="steps-count">{at < 0 ? '' : t('foundAt', { at: at + 1, n: hits.length })}</span>
      <IconButton icon={ChevronUp} label={t('foundOlder')} isDisabled={at + 1 >= hits.length} onPress={() => step(1)} />
      <IconButton icon={ChevronDown} label={t('foundNewer')} isDisabled={at <= 0} onPress={() => step(-1)} />
    </div>
  );
}
