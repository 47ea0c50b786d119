/** How the people of the lane look; some show nothing of themselves. */
import type { Look } from '../portraits.ts';

const FACES = {
  mara: { seed: 1, skin: '#f0c8a8', hair: 'long', tone: '#b5713a', shirt: '#2f6f73', wall: ['#f3e2c7', '#dfb98c'] },
  amina: { seed: 2, skin: '#d9a77f', hair: 'scarf', tone: '#6c5b95', shirt: '#3f3a5c', wall: ['#f4dfe2', '#d9b6c4'] },
  noa: {
    seed: 3,
    skin: '#e8bd98',
    hair: 'curls',
    tone: '#4a2f22',
    shirt: '#c2543d',
    wall: ['#d8e8ee', '#9fc0cf'],
    glasses: true,
  },
  ravi: {
    seed: 4,
    skin: '#b47d55',
    hair: 'short',
    tone: '#231a16',
    shirt: '#d6a33a',
    wall: ['#dfe9d3', '#a9c190'],
    beard: true,
  },
  olena: { seed: 5, skin: '#f4d3b8', hair: 'bun', tone: '#d9b36a', shirt: '#3d6ea8', wall: ['#efe9f5', '#c6b8de'] },
  yusuf: {
    seed: 6,
    skin: '#c6926a',
    hair: 'cap',
    tone: '#f2efe8',
    shirt: '#8b5a3a',
    wall: ['#f7e6c4', '#e0b673'],
    beard: true,
  },
  theo: {
    seed: 7,
    skin: '#eab893',
    hair: 'short',
    tone: '#6b4a2f',
    shirt: '#41566b',
    wall: ['#e3ecee', '#aebfc4'],
    glasses: true,
  },
  sofia: { seed: 8, skin: '#dba67c', hair: 'curls', tone: '#2c1b15', shirt: '#e0a92e', wall: ['#fbe9b0', '#efc25a'] },
  kenji: { seed: 9, skin: '#edc39c', hair: 'short', tone: '#1d1b1d', shirt: '#5a7d5c', wall: ['#dfeee6', '#9cc2ae'] },
  kwame: { seed: 10, skin: '#7c4f35', hair: 'none', tone: '#1c1512', shirt: '#b4472f', wall: ['#f2dcc6', '#d7a982'] },
  maximiliana: {
    seed: 11,
    skin: '#f3d0b5',
    hair: 'bun',
    tone: '#c9c5c0',
    shirt: '#5b3f63',
    wall: ['#e6e0ea', '#b7a9c2'],
    glasses: true,
  },
} as const satisfies Record<string, Look>;

export function lookOf(name: string): { look?: Look } {
  const look: Look | undefined = (FACES as Readonly<Record<string, Look>>)[name];
  return look ? { look } : {};
}
