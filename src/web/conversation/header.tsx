import { ArrowLeft, Hourglass, Info, Search } from 'lucide-react';
import type { Messenger } from '../../client/index.ts';
import type { ConversationView } from '../../client/views.ts';
import { WATCHED_MAX } from '../../protocol/limits.ts';
import { useView } from '../messenger.tsx';
import { ConversationAvatar } from '../parts/avatar.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { hasActed, useMinute } from '../parts/media.ts';
import { go } from '../router.ts';
import { startSearch } from '../search/asked.ts';
import { useWatched } from '../sight.ts';
import { restText } from '../text/lifetime.ts';
import { titleOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { presenceText } from '../text/time.ts';
import { typingText } from '../text/typing.ts';
import { isAsked, isWaiting } from './request.ts';

interface Props {
  readonly view: ConversationView;
  readonly details: boolean;
  readonly wide: boolean;
}

export function ConversationHeader({ view, details, wide }: Props) {
  const now = useMinute();
  useWatched(view.kind === 'group' ? [...view.marks.keys()] : []);
  const title = useView((messenger) => titleOf(messenger, view));
  const line = useView((messenger) => (view.member && typingText(messenger, view)) || statusOf(messenger, view, now));
  return (
    <header className="bar">
      {!wide && (
        <IconButton autoFocus={hasActed()} icon={ArrowLeft} label={t('back')} onPress={() => go({ at: 'inbox' })} />
      )}
      <ConversationAvatar view={view} size="header" />
      <div className="bar-text">
        <h1 className="one-line" dir="auto">
          {title}
          {view.lifetime.kind === 'whole' && <Hourglass size={14} aria-label={t('temporary')} />}
        </h1>
        {line !== '' && (
          <p
            className="bar-second one-line"
            dir="auto"
            data-typing={(view.member && view.typing.length > 0) || undefined}
          >
            {line}
          </p>
        )}
      </div>
      {view.member && <IconButton icon={Search} label={t('searchIn')} onPress={() => startSearch(view.id)} />}
      <IconButton
        className="icon-button bar-details"
        icon={Info}
        label={t('details')}
        aria-pressed={details}
        onPress={() => go({ at: 'conversation', id: view.id, details: !details })}
      />
    </header>
  );
}

/** "online"; in groups "5 people, 2 online", and "300 people" where not all can be watched. */
function statusOf(messenger: Messenger, view: ConversationView, now: number): string {
  if (!view.member || view.ended !== null) return '';
  if (view.kind === 'self') return t('noteToSelf');
  if (view.lifetime.kind === 'whole') {
    const { until } = view.lifetime;
    return until === undefined ? t('keepUntilLast') : t('goneIn', { rest: restText(until - now) });
  }
  if (isAsked(view)) return t('asks');
  if (isWaiting(view)) return t('notAnswered');
  if (view.kind === 'direct') return view.peer === null ? '' : presenceText(messenger.presence(view.peer), now);
  const watched = view.memberCount <= WATCHED_MAX ? [...view.marks.keys()] : [];
  const online = watched.filter((user) => messenger.presence(user)?.online).length;
  return t('people', { n: view.memberCount, online });
}
