/** Who lives on Willow Lane. Names in several scripts, a short one, and one as long as a display name may be. */
import type { Person } from '../talk.ts';

export const PASSWORD = 'willow lane garden';

/** The first one owns the server, and is in everything: the one to look around as. */
export const PEOPLE: readonly Person[] = [
  { name: 'mara', displayName: 'Mara Lindqvist', about: 'in everything, and sees the most' },
  { name: 'amina', displayName: 'أمينة حداد', about: 'grows aubergines, and helps in the bakery' },
  { name: 'noa', displayName: 'נועה פרידמן', about: 'leads the choir, and moves house on Saturday' },
  { name: 'ravi', displayName: 'रवि शर्मा', about: 'wrote a program for beans' },
  { name: 'olena', displayName: 'Олена Ковальчук', about: 'sings alto, and finds gloves' },
  { name: 'yusuf', displayName: 'يوسف منصور', about: 'is the baker on the corner' },
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
