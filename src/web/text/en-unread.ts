/** What is unread. */
export const enUnread = {
  unread: '{n, plural, one {# unread message} other {{count} unread messages}}',
  mentioned: 'Somebody calls you',
  toUnread: '{n, plural, one {# unread message. Go to it} other {{count} unread messages. Go to the first}}',
  toMention: '{n, plural, one {# unread message} other {{count} unread messages}}. Go to where somebody calls you',
  goUnread: 'Go to the first unread message',
  goMention: 'Go to where somebody calls you',
  markRead: 'Mark as read',
  markAllRead: 'Mark all as read',
  markAllReadSure:
    '{n, plural, one {One chat is} other {# chats are}} read then, on all of your devices. The others see it as if you had opened {n, plural, one {it} other {them}}.',
  allRead: '{n, plural, one {One chat is} other {# chats are}} read.',
  nothingUnread: 'Nothing is unread.',
  shortcutRead: 'Mark all chats as read',
};
