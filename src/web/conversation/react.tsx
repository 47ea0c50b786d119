/** Choosing a reaction: six at once, and the others when one asks. */

import { Plus } from 'lucide-react';
import { type RefObject, useRef, useState } from 'react';
import { Dialog, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { IconButton } from '../parts/icon-button.tsx';
import { EMOJI } from '../text/emoji.ts';
import { t } from '../text/text.ts';

const QUICK = 6;

interface Props {
  readonly message: HTMLElement;
  /** What one has chosen before, '' for nothing. */
  readonly chosen: string;
  onChoose(emoji: string): void;
  onClose(): void;
}

export function ReactionPicker({ message, chosen, onChoose, onClose }: Props) {
  const anchor: RefObject<HTMLElement> = useRef(message);
  const [all, setAll] = useState(false);
  return (
    <Popover
      className="menu"
      placement="top start"
      isOpen
      triggerRef={anchor}
      onOpenChange={(open) => open || onClose()}
    >
      <Dialog className="reaction-picker" aria-label={t('react')}>
        <ListBox
          className="reaction-choices"
          aria-label={t('reactions')}
          layout="grid"
          autoFocus="first"
          selectionMode="single"
          selectedKeys={chosen === '' ? [] : [chosen]}
          onSelectionChange={(keys) => {
            const [key] = keys === 'all' ? [] : keys;
            onChoose(key === undefined ? '' : String(key));
            onClose();
          }}
        >
          {EMOJI.slice(0, all ? EMOJI.length : QUICK).map(([emoji, name]) => (
            <ListBoxItem key={emoji} id={emoji} className="reaction-choice" textValue={name} aria-label={name}>
              {emoji}
            </ListBoxItem>
          ))}
        </ListBox>
        {!all && <IconButton icon={Plus} label={t('moreReactions')} onPress={() => setAll(true)} />}
      </Dialog>
    </Popover>
  );
}
