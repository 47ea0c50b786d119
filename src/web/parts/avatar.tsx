import { Bookmark, User } from 'lucide-react';
import { useState } from 'react';
import { groupPicturePath, picturePath } from '../../client/files.ts';
import type { ConversationView } from '../../client/views.ts';
import { useView } from '../messenger.tsx';
import { useRoute } from '../router.ts';
import { useWatched } from '../sight.ts';
import { hueOf, initials, nameOf, titleOf } from '../text/people.ts';
import './avatar.css';

export type AvatarSize = 'run' | 'header' | 'row' | 'profile';

const NOBODY: readonly string[] = [];

interface PersonProps {
  readonly user: string;
  readonly size: AvatarSize;
  readonly dot?: boolean;
  /** Where it is known from elsewhere. */
  readonly name?: string;
}

/** Beside a name that says who it is; only the dot tells something of its own, and that is said in words elsewhere. */
export function PersonAvatar({ user, size, dot = false, name: given }: PersonProps) {
  const name = useView((messenger) => given ?? nameOf(messenger, user));
  const online = useView((messenger) => dot && (messenger.presence(user)?.online ?? false));
  const picture = useView((messenger) => {
    const profile = messenger.profile(user);
    return profile && picturePath(profile);
  });
  useWatched(dot ? [user] : NOBODY);
  return (
    <span className="avatar" data-size={size} data-hue={hueOf(user)} data-initials={initials(name)} aria-hidden="true">
      {picture && <Face key={picture} address={picture} />}
      {online && <span className="dot" />}
    </span>
  );
}

/** Over the initials, once it is there. */
export function Face({ address }: { address: string }) {
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  if (state === 'failed') return null;
  return (
    <img
      src={address}
      alt=""
      decoding="async"
      draggable={false}
      data-state={state}
      onLoad={() => setState('shown')}
      onError={() => setState('failed')}
    />
  );
}

export function ConversationAvatar({ view, size }: { view: ConversationView; size: AvatarSize }) {
  const title = useView((messenger) => titleOf(messenger, view));
  const face = groupPicturePath(useRoute(), view);
  if (view.request === 'received' || view.request === 'declined') {
    return (
      <span className="avatar" data-size={size} data-kind="stranger" aria-hidden="true">
        <User />
      </span>
    );
  }
  if (view.kind === 'direct' && view.peer !== null) return <PersonAvatar user={view.peer} size={size} dot />;
  return (
    <span
      className="avatar"
      data-size={size}
      data-kind={view.kind}
      data-hue={hueOf(view.id)}
      data-initials={view.kind === 'self' ? undefined : initials(title)}
      aria-hidden="true"
    >
      {view.kind === 'self' && <Bookmark />}
      {face && <Face key={face} address={face} />}
    </span>
  );
}
