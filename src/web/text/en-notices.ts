/** Settings, Notifications. What the notifications themselves say is in `en-notified.ts`. */
export const enNotices = {
  notifications: 'Notifications',
  notifyHere: 'Notify this device',
  notifyOn:
    'You are notified here of messages while no device of yours shows the chat. Muted and archived chats are silent.',
  notifyOff: 'The browser asks you whether you allow it.',
  notifyHttps:
    'Notifications outside this page need https. You came here over http; whoever runs this server can set up https.',
  notifyBrowser:
    'This browser cannot be notified from outside. Chrome, Edge, Firefox and Safari can, unless in a private window.',
  notifyHomeScreen:
    'On an iPhone or iPad, add this page to the Home Screen first (Share, Add to Home Screen), open it from there, and come back here.',
  notifyBlocked:
    'This browser blocks notifications from {host}. Open its settings for this site (the sign before the address), allow notifications there, and come back here.',
  notifyServer: 'Whoever runs this server has turned notifications off.',
  notifyNotAllowed: 'The browser was not allowed to notify you. Press again to be asked again.',
  notifyService:
    "The browser's push service did not answer. It needs the internet, and some browsers have it turned off. Try again later.",
  notifyTest: 'Send me a test notification',
  notifyTaken:
    'Your push service has it. It should be here within seconds; if not, look at the notifications of this system.',
  notifyLater:
    'Your push service {status, select, none {could not be reached from the server} other {is busy (it answered {status})}}. Messages are tried again for a while.',
  notifyRefused:
    'Your push service refused it{status, select, none {} other { (it answered {status})}}. Turn notifications off and on; if that does not help, tell whoever runs this server.',
  notifyGone: 'Your push service does not know this device any more. Turn notifications off and on.',
  notifyShows: 'A notification shows',
  notifyShowsNothing: 'Only that there is something new',
  notifyShowsNames: 'Who has written, and in which group',
  notifyShowsWords: 'The words, too',
  notifyShowsHint: 'Others can see it on a locked screen. Words of messages that go by themselves are never shown.',
  notifyMentions: 'Also in muted chats, when somebody calls me by name',
  notifyTitle: 'How many messages are unread stands before the name of the tab. Muted chats do not count.',
} as const;
