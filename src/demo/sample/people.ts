/** Who lives on Willow Lane. Names in several scripts, a short one, and one as long as a display name may be. */
import type { Person } from '../talk.ts';

export const PASSWORD = 'willow lane garden';

/** The first one owns the server, and is in everything: the one to look around as. */
export const PEOPLE: readonly Person[] = [
  {
    name: 'mara',
    displayName: 'Mara Lindqvist',
    about: 'Begin here: she owns the server, and has unread, pinned, muted and archived chats, and a draft.',
  },
  {
    name: 'amina',
    displayName: 'أمينة حداد',
    about: 'Writes Arabic, from right to left: the bakery, the garden, and a recipe for Mara.',
  },
  {
    name: 'noa',
    displayName: 'נועה פרידמן',
    about: 'Writes Hebrew: leads the choir, and moves house on Saturday with five to help.',
  },
  {
    name: 'ravi',
    displayName: 'रवि शर्मा',
    about: 'Writes Hindi and English: wrote a program that waters beans, and mends the lamp at the corner.',
  },
  {
    name: 'olena',
    displayName: 'Олена Ковальчук',
    about: 'Writes Ukrainian: sings alto, and has found somebody’s gloves.',
  },
  {
    name: 'yusuf',
    displayName: 'يوسف منصور',
    about: 'The baker on the corner: a group in which Saturday is planned, and an order of forty.',
  },
  { name: 'theo', displayName: 'Theo Marchetti', lively: true },
  { name: 'sofia', displayName: 'Sofía Ibáñez 🌻', lively: true },
  { name: 'kenji', displayName: '佐藤 健二', lively: true },
  { name: 'mei', displayName: '林美玲', neverReads: true },
  { name: 'kwame', displayName: 'Kwame Mensah', leaves: '3d 20:30' },
  { name: 'jo', displayName: 'Jo', leaves: '1d 22:10' },
  {
    name: 'maximiliana',
    displayName: 'Maximiliana Wolkenstein-Hohenberg von Altenburg zu Weidental',
    leaves: '8d 12:00',
  },
  { name: 'pixel', displayName: 'Pixel 🎨🐈‍⬛', leaves: '40m' },
];
