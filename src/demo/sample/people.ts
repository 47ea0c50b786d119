/** Who lives on Willow Lane. Names in several scripts, a short one, and one as long as a display name may be. */
import type { Person } from '../talk.ts';

export const PASSWORD = 'willow lane garden';

/** The first one owns the server, and is in everything: the one to look around as. */
export const PEOPLE: readonly Person[] = [
  { name: 'mara', displayName: 'Mara Lindqvist', stays: true },
  { name: 'theo', displayName: 'Theo Marchetti', lively: true },
  { name: 'sofia', displayName: 'Sofía Ibáñez 🌻', lively: true },
  { name: 'kenji', displayName: '佐藤 健二', lively: true },
  { name: 'amina', displayName: 'أمينة حداد', stays: true },
  { name: 'noa', displayName: 'נועה פרידמן', stays: true },
  { name: 'mei', displayName: '林美玲', stays: true },
  { name: 'ravi', displayName: 'रवि शर्मा', stays: true },
  { name: 'olena', displayName: 'Олена Ковальчук' },
  { name: 'kwame', displayName: 'Kwame Mensah' },
  { name: 'jo', displayName: 'Jo' },
  { name: 'maximiliana', displayName: 'Maximiliana Wolkenstein-Hohenberg von Altenburg zu Weidental' },
  { name: 'pixel', displayName: 'Pixel 🎨🐈‍⬛' },
];
