/** Above where one writes: whom one may be about to call by name. */
import { type RefObject, useEffect, useId, useRef, useState } from 'react';
import type { Profile } from '../../protocol/entities.ts';
import { useView } from '../messenger.tsx';
import { PersonAvatar } from '../parts/avatar.tsx';
import { t } from '../text/text.ts';
import { endOf, type Naming, namingAt } from './naming.ts';
import { useMeant } from './use-meant.ts';
import './proposals.css';

interface Props {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly conversation: string;
  readonly text: string;
}

/** Listens to the field by itself, so that it may come after it. */
export function Proposals({ field, conversation, text }: Props) {
  const id = useId();
  const view = useView((messenger) => messenger.conversation(conversation));
  const [naming, setNaming] = useState<Naming | null>(null);
  const [at, setAt] = useState(0);
  const people = useMeant(view, naming?.query ?? null);
  const chosen = Math.min(at, people.length - 1);
  const closed = useRef<number | null>(null);

  /** Only typing begins it; the caret may leave it, and come back no more. */
  const look = (typed: boolean) => {
    // As it goes it loses the focus, too.
    const element = field.current;
    if (!element) return;
    const { value, selectionStart, selectionEnd } = element;
    const isHere = document.activeElement === element && selectionStart === selectionEnd;
    const now = isHere ? namingAt(value, selectionStart) : null;
    if (typed) {
      if (now?.from !== closed.current) closed.current = null;
      setAt(0);
    }
    setNaming((before) => {
      const goesOn = now !== null && closed.current === null && (typed || before?.from === now.from);
      if (!goesOn) return null;
      return before?.from === now.from && before.query === now.query ? before : now;
    });
  };
  const choose = ({ name }: Profile) => {
    const element = field.current!;
    const { value, selectionStart: caret } = element;
    const now = namingAt(value, caret);
    if (!now) return;
    const to = endOf(now, name, value, caret);
    const isApart = /^\s/.test(value.slice(to));
    element.focus();
    element.setSelectionRange(now.from, to);
    // As if it were typed: the browser's own undo takes it back.
    document.execCommand('insertText', false, `@${name}${isApart ? '' : ' '}`);
    if (isApart) element.setSelectionRange(element.selectionStart + 1, element.selectionStart + 1);
  };
  const key = (event: KeyboardEvent) => {
    const { key, altKey, ctrlKey, metaKey, shiftKey, isComposing } = event;
    if (people.length === 0 || altKey || ctrlKey || metaKey || shiftKey || isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step !== undefined) setAt((chosen + step + people.length) % people.length);
    else if (key === 'Enter' || key === 'Tab') choose(people[chosen]!);
    else if (key === 'Escape') {
      closed.current = naming?.from ?? null;
      setNaming(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const latest = useRef({ look, key });
  latest.current = { look, key };

  useEffect(() => {
    const element = field.current!;
    const typed = () => latest.current.look(true);
    const moved = () => latest.current.look(false);
    const pressed = (event: KeyboardEvent) => latest.current.key(event);
    element.setAttribute('aria-autocomplete', 'list');
    element.addEventListener('input', typed);
    element.addEventListener('keydown', pressed);
    element.addEventListener('blur', moved);
    document.addEventListener('selectionchange', moved);
    return () => {
      element.removeAttribute('aria-autocomplete');
      element.removeEventListener('input', typed);
      element.removeEventListener('keydown', pressed);
      element.removeEventListener('blur', moved);
      document.removeEventListener('selectionchange', moved);
    };
  }, [field]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is sent is not written any more
  useEffect(() => latest.current.look(false), [text]);
  const open = people.length > 0;
  useEffect(() => {
    const element = field.current;
    if (!open || !element) return;
    element.setAttribute('aria-controls', id);
    element.setAttribute('aria-activedescendant', `${id}-${chosen}`);
    return () => {
      element.removeAttribute('aria-controls');
      element.removeAttribute('aria-activedescendant');
    };
  }, [field, id, open, chosen]);

  return (
    <>
      <p className="unseen" role="status">
        {open && t('proposalsCount', { n: people.length })}
      </p>
      {open && <ProposalList id={id} people={people} chosen={chosen} onPoint={setAt} onChoose={choose} />}
    </>
  );
}

interface ListProps {
  readonly id: string;
  readonly people: readonly Profile[];
  readonly chosen: number;
  onPoint(at: number): void;
  onChoose(profile: Profile): void;
}

export function ProposalList({ id, people, chosen, onPoint, onChoose }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div
      ref={list}
      id={id}
      className="menu proposals"
      role="listbox"
      tabIndex={-1}
      aria-label={t('proposals')}
      // The field keeps the focus, and a phone its keyboard.
      onMouseDown={(event) => event.preventDefault()}
    >
      {people.map((profile, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
        <div
          key={profile.user}
          id={`${id}-${i}`}
          className="menu-item"
          role="option"
          tabIndex={-1}
          aria-selected={i === chosen}
          data-focused={i === chosen || undefined}
          onPointerMove={({ pointerType }) => pointerType === 'mouse' && onPoint(i)}
          onClick={() => onChoose(profile)}
        >
          <PersonAvatar user={profile.user} size="run" />
          <span className="proposal-name one-line" dir="auto">
            {profile.displayName || profile.name}
          </span>
          <span className="proposal-called one-line">@{profile.name}</span>
        </div>
      ))}
    </div>
  );
}
