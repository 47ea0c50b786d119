import { Paperclip, SendHorizontal } from 'lucide-react';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Button } from 'react-aria-components';
import type { ConversationView } from '../../client/views.ts';
import { utf8Bytes } from '../../core/text.ts';
import { DEFAULT_LIMITS } from '../../protocol/limits.ts';
import { useAppearance } from '../appearance.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { copy } from '../parts/copy.ts';
import { IconButton } from '../parts/icon-button.tsx';
import { later } from '../parts/later.tsx';
import { useTouch } from '../parts/media.ts';
import { nameOf, titleOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { forgetTyped, noteTyped } from '../typed.ts';
import { grow } from './grow.ts';
import { ReplyStrip } from './quote.tsx';
import './composer.css';

const Proposals = later(async () => (await import('./proposals.tsx')).Proposals);
const AttachMenu = later(async () => (await import('./attach.tsx')).AttachMenu);
const StagingStrip = later(async () => (await import('./staging-strip.tsx')).StagingStrip);

export interface ComposerHandle {
  focus(): void;
}

interface Props {
  readonly ref: React.Ref<ComposerHandle>;
  readonly view: ConversationView;
  /** The message that is answered. */
  readonly reply: number | null;
  onReply(seq: number | null): void;
  onSent(): void;
  /** Edits one's own newest message; false when there is none. */
  onOwn(): boolean;
}

export function Composer({ ref, view, reply, onReply, onSent, onOwn }: Props) {
  const messenger = useMessenger();
  const touch = useTouch();
  const { enterSends } = useAppearance();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(view.draft);
  const over = utf8Bytes(text.trim()) - DEFAULT_LIMITS.textBytes;
  const staged = useView((messenger) => messenger.staged(view.id).length > 0);
  const hasContent = staged || text.trim() !== '';
  const sendable = hasContent && over <= 0;
  const attach = useRef<HTMLButtonElement>(null);
  const [choosing, setChoosing] = useState(false);

  useLayoutEffect(() => grow(field.current, text), [text]);
  useEffect(() => {
    if (!touch) field.current?.focus({ preventScroll: true });
  }, [touch]);

  // Who is called by name is told from the profiles that are held.
  const calls = text.includes('@');
  useEffect(() => {
    if (calls) for (const user of view.marks.keys()) messenger.profile(user);
  }, [messenger, view.marks, calls]);

  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus({ preventScroll: true }) }));

  const write = (next: string) => {
    setText(next);
    messenger.draft(view.id, next);
    noteTyped(messenger.user, view.id, next);
    if (next.trim() !== '') messenger.typing(view.id);
  };
  const send = () => {
    if (!sendable) return;
    const answers = reply === null ? {} : { ref: reply };
    // It is on its way to the outbox before anything is drawn.
    void messenger.send(view.id, text.trim(), { ...answers, staged: true }).then(() => forgetTyped(text));
    setText('');
    onReply(null);
    field.current?.focus();
    onSent();
  };
  const paste = (event: ClipboardEvent) => {
    const { files, types } = event.clipboardData;
    // What has words is meant as words: others put a picture of them beside.
    if (files.length === 0 || types.includes('text/plain')) return;
    event.preventDefault();
    const pasted = [...files];
    void import('./attaching.ts').then(({ attachFiles }) => attachFiles(messenger, view.id, pasted));
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'ArrowUp' && text === '' && !hasModifier(event) && onOwn()) return event.preventDefault();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    if (!(event.ctrlKey || event.metaKey) && (touch || !enterSends)) return;
    event.preventDefault();
    send();
  };

  if (!view.member) return <Closed by={view.removedBy} text={text} />;
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <HeldBack view={view} />
      {view.request === 'open' && <Asking view={view} />}
      {reply !== null && <ReplyStrip conversation={view.id} seq={reply} onClose={() => onReply(null)} />}
      {over > 0 && (
        <p className="composer-limit" role="alert">
          {t('tooLong', { kilobytes: Math.ceil(over / 1024) })}
        </p>
      )}
      <StagingStrip
        conversation={view.id}
        onMore={() => setChoosing(true)}
        onChange={() => field.current?.focus({ preventScroll: true })}
      />
      <Proposals field={field} conversation={view.id} text={text} />
      <IconButton ref={attach} icon={Paperclip} label={t('attach')} onPress={() => setChoosing(true)} />
      {choosing && attach.current && (
        <AttachMenu conversation={view.id} button={attach.current} onClose={() => setChoosing(false)} />
      )}
      <textarea
        ref={field}
        className="composer-field"
        rows={1}
        dir="auto"
        aria-label={t('write')}
        placeholder={t('write')}
        value={text}
        enterKeyHint={touch || !enterSends ? 'enter' : 'send'}
        onChange={(event) => write(event.target.value)}
        onKeyDown={key}
        onPaste={paste}
      />
      {hasContent && <IconButton icon={SendHorizontal} label={t('send')} type="submit" isDisabled={!sendable} />}
    </form>
  );
}

const hasModifier = ({ altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent) => altKey || ctrlKey || metaKey || shiftKey;

/** One may not write here any more; what one was writing is still one's own. */
function Closed({ by, text }: { by: string | null; text: string }) {
  const name = useView((messenger) => (by === null ? '' : nameOf(messenger, by)));
  return (
    <p className="composer-closed">
      {by === null ? t('notMember') : t('removedBy', { name })}{' '}
      {text.trim() !== '' && (
        <Button className="text-button" onPress={() => void copy(text)}>
          {t('copyDraft')}
        </Button>
      )}
    </p>
  );
}

/** What the first message to a stranger is. */
function Asking({ view }: { view: ConversationView }) {
  const name = useView((messenger) => titleOf(messenger, view));
  return <p className="composer-note">{t('requestOpen', { name })}</p>;
}

/** Why the server stores nothing just now; what is written waits here. */
function HeldBack({ view }: { view: ConversationView }) {
  const code = useView(
    (messenger) => messenger.pending(view.id).find(({ state }) => state === 'sending' || state === 'uploading')?.code,
  );
  const text = code === 'unavailable' ? t('cannotStore') : code === 'storage_full' ? t('serverFull') : '';
  return (
    <p className="composer-held" role="status">
      {text}
    </p>
  );
}

/** Starts with the draft, and takes one from another device over for as long as nothing else was written here. */
function useDraft(draft: string) {
  const [text, setText] = useState(draft);
  const known = useRef(draft);
  const written = useRef(text);
  written.current = text;
  useEffect(() => {
    if (written.current === known.current) setText(draft);
    known.current = draft;
  }, [draft]);
  return [text, setText] as const;
}
