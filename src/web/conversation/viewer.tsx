/** A picture full screen, from the place it has in the timeline, and from there to the others of the conversation. */
import { ChevronLeft, ChevronRight, Download, Forward as ForwardIcon, X, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button, Dialog, Modal, ModalOverlay } from 'react-aria-components';
import type { ConversationView } from '../../client/views.ts';
import type { MessageEntry } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { say } from '../parts/toast.tsx';
import { cover } from '../router.ts';
import { whoIs } from '../text/people.ts';
import { t } from '../text/text.ts';
import { dayAndTime } from '../text/time.ts';
import { type Shot, shotsOf, useAlbum } from './album.ts';
import { Forward } from './asked.tsx';
import { Body } from './body.tsx';
import { sourcesOf } from './picture-place.ts';
import { placeholderOf } from './placeholder.ts';
import { saveFile } from './save-file.ts';
import { useAddress } from './use-address.ts';
import { useZoom } from './use-zoom.ts';
import { STEP, ZOOM_MOST } from './zoom.ts';
import './viewer.css';

/** What one press of an arrow moves a picture that is larger than the screen, in pixels. */
const PAN = 80;

interface Props {
  readonly view: ConversationView;
  readonly entry: MessageEntry;
  /** The picture that was pressed. */
  readonly element: HTMLElement;
  onClose(): void;
}

export function Viewer({ view, entry, element, onClose }: Props) {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => cover(() => close.current()), []);
  const shots = shotsOf(entry);
  const first = shots.find(({ picture }) => picture.id === element.dataset['file']) ?? shots[0];
  if (!first) return null;
  return (
    <ModalOverlay className="viewer" isOpen onOpenChange={(open) => open || onClose()}>
      <Modal className="viewer-frame">
        <Opened view={view} first={first} from={element} onClose={onClose} />
      </Modal>
    </ModalOverlay>
  );
}

interface OpenedProps {
  readonly view: ConversationView;
  readonly first: Shot;
  readonly from: HTMLElement;
  onClose(): void;
}

function Opened({ view, first, from, onClose }: OpenedProps) {
  const messenger = useMessenger();
  const conversation = view.id;
  const [forwarded, setForwarded] = useState<MessageEntry | null>(null);
  const { shot, hasBefore, hasAfter, loading, step } = useAlbum(conversation, first, onClose);
  const stage = useRef<HTMLDivElement>(null);
  const drawn = useRef<HTMLImageElement>(null);
  const isRtl = document.documentElement.dir === 'rtl';
  const go = (by: 1 | -1) => (by > 0 ? hasAfter : hasBefore) && step(by);
  const { zoom, drag, reset, zoomBy, panBy, hands } = useZoom({
    stage,
    picture: drawn,
    onSwipe: (by) => go(isRtl ? (by > 0 ? -1 : 1) : by),
    onPullDown: onClose,
    onPressBeside: onClose,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture is whole at first
  useEffect(reset, [shot]);
  const who = useView((of) => whoIs(of, shot.entry.sender));
  const at = dayAndTime(shot.entry.at, Date.now());
  const words = t('pictureBy', { n: shot.number, of: shot.of, who, at });
  const save = () => saveFile(messenger, conversation, shot.picture).catch(() => say(t('fileGone')));
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const towards = ARROWS[event.key];
    if (towards) {
      if (zoom.scale > 1) panBy(-towards[0] * PAN, -towards[1] * PAN);
      else if (towards[0] !== 0) go(towards[0] > 0 !== isRtl ? 1 : -1);
    } else if (event.key === '+' || event.key === '=') zoomBy(STEP);
    else if (event.key === '-') zoomBy(1 / STEP);
    else if (event.key === '0') reset();
    else return;
    event.preventDefault();
  };
  const move = drag ?? zoom;
  return (
    <Dialog className="viewer-dialog" aria-label={words}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: all of it has keys of its own, and buttons that do the same */}
      <div className="viewer-whole" onKeyDown={press}>
        <header className="viewer-bar">
          <p className="viewer-who">
            <bdi className="one-line">{who}</bdi>
            <span className="viewer-when">
              {at}
              {shot.of > 1 && ` · ${shot.number}/${shot.of}`}
            </span>
          </p>
          <IconButton
            icon={ZoomOut}
            label={t('zoomOut')}
            isDisabled={zoom.scale <= 1}
            onPress={() => zoomBy(1 / STEP)}
          />
          <IconButton
            icon={ZoomIn}
            label={t('zoomIn')}
            isDisabled={zoom.scale >= ZOOM_MOST}
            onPress={() => zoomBy(STEP)}
          />
          <IconButton icon={Download} label={t('save')} onPress={() => void save()} />
          <IconButton icon={ForwardIcon} label={t('forward')} onPress={() => setForwarded(shot.entry)} />
          <IconButton icon={X} label={t('close')} slot="close" autoFocus />
        </header>
        <div ref={stage} className="viewer-stage" {...hands}>
          <div
            className="viewer-zoom"
            data-held={drag !== null || undefined}
            style={{ transform: `translate(${move.x}px, ${move.y}px) scale(${zoom.scale})` }}
          >
            <Drawn
              key={`${shot.entry.seq} ${shot.picture.id}`}
              ref={drawn}
              conversation={conversation}
              shot={shot}
              scale={zoom.scale}
              from={shot === first ? from : null}
            />
          </div>
          {hasBefore && (
            <IconButton
              icon={isRtl ? ChevronRight : ChevronLeft}
              label={t('pictureBefore')}
              isDisabled={loading}
              onPress={() => step(-1)}
            />
          )}
          {hasAfter && (
            <IconButton
              icon={isRtl ? ChevronLeft : ChevronRight}
              label={t('pictureAfter')}
              isDisabled={loading}
              data-side="end"
              onPress={() => step(1)}
            />
          )}
        </div>
        {shot.entry.body?.text && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
          <div className="viewer-caption" tabIndex={0}>
            <Body text={shot.entry.body.text} mentions={shot.entry.mentions} meta={null} />
          </div>
        )}
        <p className="unseen" aria-live="polite">
          {shot === first ? '' : words}
        </p>
      </div>
      {forwarded && <Forward view={view} entry={forwarded} onClose={() => setForwarded(null)} />}
    </Dialog>
  );
}

const ARROWS: Readonly<Record<string, readonly [across: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface DrawnProps {
  readonly ref: React.RefObject<HTMLImageElement | null>;
  readonly conversation: string;
  readonly shot: Shot;
  readonly scale: number;
  /** Where it was before; null for one that was not there. */
  readonly from: HTMLElement | null;
}

function Drawn({ ref, conversation, shot: { picture }, scale, from }: DrawnProps) {
  const { address, state, tries, shown, failed, retry } = useAddress(conversation, picture.id, true);
  const online = useView((messenger) => messenger.status().state === 'online');
  const { width, height } = picture;
  const [least] = useState(() => from?.querySelector('img')?.currentSrc || placeholderOf(picture.placeholder));
  // Sharper as one goes closer, and never less sharp again.
  const [closest, setClosest] = useState(1);
  if (scale > closest) setClosest(Math.ceil(scale));
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || !from?.isConnected) return;
    const [was, is] = [from.getBoundingClientRect(), element.getBoundingClientRect()];
    const middle = ({ left, top, width, height }: DOMRect) => [left + width / 2, top + height / 2] as const;
    const [[x, y], [toX, toY]] = [middle(was), middle(is)];
    element.style.setProperty('--from', `translate(${x - toX}px, ${y - toY}px) scale(${was.width / is.width})`);
    element.dataset['from'] = '';
  }, [ref, from]);
  if (state === 'failed' || state === 'gone') {
    const words = state === 'gone' ? 'pictureGone' : online ? 'pictureFailed' : 'waiting';
    return (
      <div className="viewer-wrong" role="status">
        <p>{t(words)}</p>
        {state === 'failed' && online && (
          <Button className="text-button" onPress={retry}>
            {t('retry')}
          </Button>
        )}
      </div>
    );
  }
  const ratio = width / height;
  return (
    <img
      key={tries}
      ref={ref}
      className="viewer-picture"
      alt=""
      draggable={false}
      width={width}
      height={height}
      {...(address
        ? { src: address.large ?? address.file, srcSet: sourcesOf(picture, address), sizes: `${100 * closest}vw` }
        : {})}
      style={{
        inlineSize: `min(100cqi, calc(100cqb * ${ratio}), ${width}px)`,
        backgroundImage: state === 'shown' || !least ? 'none' : `url("${least}")`,
      }}
      onLoad={shown}
      onError={failed}
    />
  );
}
