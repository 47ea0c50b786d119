/** Every part in every state, from the parts themselves; no part of the app. */
import { Bell, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, Input, Label, Switch, TextField } from 'react-aria-components';
import type { ConversationView, Status, TimelineItem } from '../../client/views.ts';
import { changeAppearance, SCHEMES, useAppearance } from '../appearance.ts';
import { actionsOf } from '../conversation/actions.ts';
import { Answer, Waiting } from '../conversation/answer.tsx';
import { Blocked } from '../conversation/blocked.tsx';
import { Composer } from '../conversation/composer.tsx';
import { ConversationHeader } from '../conversation/header.tsx';
import { ProposalList } from '../conversation/proposals.tsx';
import { Receipts } from '../conversation/receipts.tsx';
import { TimelineRow } from '../conversation/row.tsx';
import { rowsOf } from '../conversation/rows.ts';
import { Viewer } from '../conversation/viewer.tsx';
import { MenuAt } from '../parts/menu-at.tsx';
import '../conversation/message.css';
import '../conversation/timeline.css';
import { chatActionsOf } from '../inbox/actions.ts';
import { InboxRow } from '../inbox/row.tsx';
import '../inbox/inbox.css';
import { MessengerProvider } from '../messenger.tsx';
import { ConversationAvatar, PersonAvatar } from '../parts/avatar.tsx';
import { Choices } from '../parts/choices.tsx';
import { ConnectionLine } from '../parts/connection.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Wrong } from '../parts/panel.tsx';
import { QrCode } from '../parts/qr.tsx';
import { SkeletonBubbles, SkeletonRows } from '../parts/skeleton.tsx';
import { say, Toasts } from '../parts/toast.tsx';
import { PersonCard } from '../people/card.tsx';
import { dayOf } from '../text/time.ts';
import { Faces } from './faces.tsx';
import {
  conversation,
  FILES,
  GOING,
  messengerOf,
  PEOPLE,
  pending,
  READ,
  SELF,
  said,
  stagedFile,
  TALK,
  windowOf,
} from './made-up.ts';
import { ReportLists } from './reports.tsx';
import { Searches } from './searches.tsx';
import './gallery.css';

const entries = TALK.flatMap((item) => (item.kind === 'entry' ? [item.entry] : []));
const sample = TALK.find((item) => item.kind === 'entry' && item.entry.kind === 'message')!;
const garden = conversation('garden');
const theo = conversation('Theo', { kind: 'direct' });
const waits = pending('waiting', 'On my way');

const INBOX: readonly ConversationView[] = [
  conversation('Nothing to tell'),
  conversation('Open'),
  conversation('Unread', { unread: 3 }),
  conversation('Called', { unread: 12, firstMention: 3 }),
  conversation('Very unread', { unread: 1_000, firstMention: 3, pinned: true }),
  conversation('Muted', { unread: 4, muted: true }),
  conversation('Pinned', { pinned: true }),
  conversation('Draft', { draft: 'Half a sent' }),
  conversation('Typing', { typing: ['theo'] }),
  conversation('Typing, several', { typing: ['theo', 'yuki'] }),
  conversation('Sent', { last: said(9, SELF, 'On my way') }),
  conversation('Delivered', { last: said(4, SELF, 'On my way') }),
  conversation('Read', { last: said(2, SELF, 'On my way') }),
  conversation('Waiting', { lastPending: waits }),
  conversation('Refused', { lastPending: { ...waits, state: 'refused' } }),
  conversation('Removed', { member: false, removedBy: 'theo' }),
  conversation('New', { last: null }),
  conversation('Temporary', { lifetime: { kind: 'whole' } }),
  conversation('Ended', { lifetime: { kind: 'whole' }, ended: dayOf(Date.now()), last: null }),
  conversation('The society for the preservation of names that take more than one line', { unread: 1 }),
  conversation('الحديقة', { last: said(9, 'noor', 'هل نلتقي يوم الاثنين؟') }),
  theo,
  conversation('yuki', { kind: 'direct', peer: 'yuki', unread: 1 }),
  conversation('self', { kind: 'self' }),
];

const messenger = messengerOf({ views: [...INBOX, garden], entries });

interface Writing {
  readonly view: ConversationView;
  readonly reply?: number;
  readonly waiting?: 'unavailable' | 'storage_full';
  readonly files?: readonly string[];
}

const COMPOSERS: Record<string, Writing> = {
  empty: { view: garden },
  written: { view: conversation('garden', { draft: 'In two lines\nof which this is one' }) },
  answering: { view: garden, reply: 18 },
  'too long': { view: conversation('garden', { draft: 'x'.repeat(20_000) }) },
  'with files': {
    view: garden,
    files: ['teal-900-600', 'peru-600-900', 'A plan of the whole house with a long name.pdf'],
  },
  'the server cannot store': { view: garden, waiting: 'unavailable' },
  'the disk is full': { view: garden, waiting: 'storage_full' },
  'to a stranger': { view: conversation('Theo', { kind: 'direct', request: 'open' }) },
  'one has left': { view: conversation('garden', { member: false }) },
  'one was removed': { view: conversation('garden', { member: false, removedBy: 'theo', draft: 'Not lost' }) },
};

const STATUS: Record<string, Status> = {
  connecting: { state: 'connecting' },
  offline: { state: 'offline', retryAt: null },
};

const none = () => {};

/** Of those with pictures, the message of this number. */
const shown = (seq: number) =>
  FILES.flatMap((item) => (item.kind === 'entry' && item.entry.kind === 'message' ? [item.entry] : [])).find(
    (entry) => entry.seq === seq,
  )!;

const PARTS: readonly (readonly [name: string, part: ReactNode])[] = [
  ['Avatars', <Avatars key="part" />],
  ['Avatars with pictures', <Faces key="part" />],
  [
    'Buttons',
    <div key="part" className="gallery-line">
      <Button className="main-button">Main</Button>
      <Button className="main-button" isDisabled>
        Main, at work
      </Button>
      <Button className="quiet-button">Quiet</Button>
      <Button className="quiet-button" data-danger>
        Danger
      </Button>
      <Button className="text-button">In a text</Button>
      <IconButton icon={Bell} label="Icon" />
      <IconButton icon={Bell} label="Icon, disabled" isDisabled />
    </div>,
  ],
  [
    'Fields',
    <div key="part" className="gallery-form">
      <TextField className="field">
        <Label>Empty</Label>
        <Input />
      </TextField>
      <TextField className="field" isInvalid value="mara">
        <Label>Refused</Label>
        <Input />
      </TextField>
      <Wrong>The name mara is taken.</Wrong>
      <p className="hint">A hint, in second text.</p>
      <Switch className="switch">
        <span className="track" />
        Off
      </Switch>
      <Switch className="switch" defaultSelected>
        <span className="track" />
        On
      </Switch>
    </div>,
  ],
  [
    'Inbox',
    <nav key="part" className="side-pane gallery-inbox" aria-label="Inbox">
      {INBOX.map((view, index) => (
        <InboxRow key={view.id} view={view} open={view.id === 'Open'} index={index} tabIndex={0} now={Date.now()} />
      ))}
    </nav>,
  ],
  [
    'Heads',
    [garden, conversation('Typing', { typing: ['theo'] }), theo, conversation('self', { kind: 'self' })].map((view) => (
      <ConversationHeader key={view.id} view={view} details={view === theo} wide={view !== theo} />
    )),
  ],
  ['A group', <Talk key="part" view={garden} />],
  ['One to one', <Talk key="part" view={theo} />],
  ['Pictures and files', <Talk key="part" view={garden} items={FILES} />],
  ['What goes after it is read', <Talk key="part" view={theo} items={GOING} />],
  [
    'Composers',
    Object.entries(COMPOSERS).map(([name, { view, reply = null, waiting, files = [] }]) => (
      <MessengerProvider
        key={name}
        value={messengerOf({
          views: [view],
          entries,
          staged: files.map(stagedFile),
          waiting: waiting ? [pending('sending', name, { code: waiting })] : [],
        })}
      >
        <h3 className="hint">{name}</h3>
        <Composer ref={null} view={view} reply={reply} onReply={none} onSent={none} onOwn={() => false} />
      </MessengerProvider>
    )),
  ],
  ['Calling somebody', <Proposed key="part" />],
  ['Search', <Searches key="part" />],
  ['Somebody whom one blocks', <Blocked key="part" peer="theo" />],
  ['Reports', <ReportLists key="part" />],
  [
    'Requests',
    <div key="part">
      <Answer view={conversation('Theo', { kind: 'direct', request: 'received' })} />
      <Answer view={conversation('Theo', { kind: 'direct', request: 'declined' })} />
      <Waiting view={conversation('Theo', { kind: 'direct', request: 'sent' })} />
    </div>,
  ],
  [
    'Connection',
    Object.entries(STATUS).map(([name, status]) => (
      <MessengerProvider key={name} value={messengerOf({ status })}>
        <ConnectionLine />
      </MessengerProvider>
    )),
  ],
  [
    'Not there yet',
    <div key="part" className="gallery-line">
      <div className="gallery-frame">
        <SkeletonRows />
      </div>
      <div className="gallery-frame">
        <SkeletonBubbles />
      </div>
    </div>,
  ],
  ['A code to scan', <QrCode key="part" text="https://chat.example.org/join/x" />],
  ['Over the page', <Floating key="part" />],
];

export function Gallery() {
  const { scheme } = useAppearance();
  return (
    <MessengerProvider value={messenger}>
      <main className="gallery">
        <h1>Parts</h1>
        <Choices label="Colours" all={SCHEMES} chosen={scheme} onChoose={(scheme) => changeAppearance({ scheme })}>
          {(one) => one}
        </Choices>
        {PARTS.map(([name, part]) => (
          <section key={name} aria-label={name}>
            <h2>{name}</h2>
            {part}
          </section>
        ))}
      </main>
      <Toasts />
    </MessengerProvider>
  );
}

function Avatars() {
  return (['run', 'header', 'row', 'profile'] as const).map((size) => (
    <div key={size} className="gallery-line">
      {PEOPLE.map((user) => (
        <PersonAvatar key={user} user={user} size={size} dot />
      ))}
      <ConversationAvatar view={garden} size={size} />
      <ConversationAvatar view={INBOX.at(-1)!} size={size} />
    </div>
  ));
}

function Proposed() {
  const people = PEOPLE.flatMap((user) => messenger.profile(user) ?? []);
  return (
    <div className="composer gallery-proposed">
      <ProposalList id="proposed" people={people} chosen={1} onPoint={none} onChoose={none} />
    </div>
  );
}

function Talk({ view, items = TALK }: { view: ConversationView; items?: readonly TimelineItem[] }) {
  return rowsOf({ items, atStart: true }, SELF, READ).map((row) => (
    <TimelineRow
      key={row.key}
      row={row}
      kind={view.kind}
      member
      timeline={windowOf(view.id, items)}
      today={dayOf(Date.now())}
      found={20}
    />
  ));
}

const OVERS = ['dialog', 'menu', 'menu of a chat', 'receipts', 'person', 'picture', 'picture that is gone'] as const;

function Floating() {
  const [over, setOver] = useState<(typeof OVERS)[number] | null>(null);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setOver(null);
  const acts = { messenger, view: garden, onReply: none, onEdit: none, onMore: none };
  return (
    <div className="gallery-line">
      {OVERS.map((one) => (
        <Button
          key={one}
          className="quiet-button"
          onPress={({ target }) => {
            setAnchor(target as HTMLElement);
            setOver(one);
          }}
        >
          {one}
        </Button>
      ))}
      <Button
        className="quiet-button"
        onPress={() => say('“Garden” is archived.', { label: 'Undo', run: async () => {} })}
      >
        toast
      </Button>
      {over === 'dialog' && (
        <Dialog title="Leave group" onClose={close}>
          <p>Leave this group? You keep what is here, and get nothing new.</p>
          <div className="dialog-actions">
            <Button className="quiet-button" onPress={close}>
              Cancel
            </Button>
            <Button className="quiet-button" data-danger>
              Leave group
            </Button>
          </div>
        </Dialog>
      )}
      {over === 'menu' && (
        <MenuAt
          label="Actions for this message"
          actions={[...actionsOf(sample, acts), { label: 'delete', icon: X, isDanger: true, run: none }]}
          element={anchor!}
          point={null}
          onClose={close}
        />
      )}
      {over === 'menu of a chat' && (
        <MenuAt
          label="Actions for “Garden”"
          actions={chatActionsOf(messenger, garden)}
          element={anchor!}
          point={null}
          onClose={close}
        />
      )}
      {over === 'picture' && <Viewer view={garden} entry={shown(45)} element={anchor!} onClose={close} />}
      {over === 'picture that is gone' && <Viewer view={garden} entry={shown(47)} element={anchor!} onClose={close} />}
      {over === 'person' && <PersonCard user="theo" element={anchor!} onClose={close} />}
      {over === 'receipts' && <Receipts view={garden} entry={said(2, SELF, 'Read')} onClose={close} />}
    </div>
  );
}
