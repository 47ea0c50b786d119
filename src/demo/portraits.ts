/** The faces of the sample people, and what their groups show: drawn from a seed when the demo begins, the same each time. */
import sharp from 'sharp';
import { SeededRandom } from '../sim/time.ts';

const SIDE = 320;
const QUALITY = 82;

const HAIR = ['none', 'short', 'long', 'bun', 'curls', 'scarf', 'cap'] as const;

/** How somebody looks; what is left out follows from the seed. */
export interface Look {
  readonly seed: number;
  readonly skin: string;
  readonly hair: (typeof HAIR)[number];
  readonly tone: string;
  readonly shirt: string;
  /** Of the wall behind, above and below. */
  readonly wall: readonly [string, string];
  readonly glasses?: true;
  readonly beard?: true;
}

/** The bytes of a WebP. */
export async function portrait(look: Look): Promise<Uint8Array<ArrayBuffer>> {
  const random = new SeededRandom(look.seed);
  return webpOf(faceOf(look, (from, to) => from + random.next() * (to - from)));
}

/** What a garden is known by: beds, a tree and the sun behind it. */
export function gardenSign(): Promise<Uint8Array<ArrayBuffer>> {
  const random = new SeededRandom(7);
  const between = (from: number, to: number) => from + random.next() * (to - from);
  const leaves = some(60, () => {
    const [angle, far] = [between(0, 6.3), Math.sqrt(random.next()) * 74];
    const at = `cx="${round(160 + Math.cos(angle) * far)}" cy="${round(122 + Math.sin(angle) * far * 0.8)}"`;
    return `<circle ${at} r="${round(between(9, 20))}" fill="hsl(${round(between(92, 132))} 42% ${round(between(30, 50))}%)"/>`;
  });
  const beds = some(5, (i) => {
    const y = 236 + i * 19;
    const plants = some(11, (k) => {
      const tone = `hsl(${round(between(88, 140))} 45% ${round(between(38, 58))}%)`;
      return `<circle cx="${round(k * 32 + (i % 2) * 16)}" cy="${y - 5}" r="${round(between(6, 9))}" fill="${tone}"/>`;
    });
    return `<rect y="${y}" width="320" height="19" fill="${i % 2 ? '#6d4a30' : '#7b5638'}"/>${plants}`;
  });
  return webpOf(
    `${ground('#9fd3e8', '#f6ecc9')}<circle cx="238" cy="82" r="38" fill="#ffe9a8"/>` +
      '<path d="M0 236V196q80 -34 160 -8t160 -14v62z" fill="#86ad6a"/>' +
      `<path d="M150 236q8 -60 2 -110h18q-6 50 4 110z" fill="#6b4a33"/>${leaves}${beds}`,
  );
}

/** What a bakery is known by: one loaf on a cloth. */
export function bakerySign(): Promise<Uint8Array<ArrayBuffer>> {
  const cuts = some(4, (i) => {
    const x = 92 + i * 38;
    return `<path d="M${x} 190q8 -44 32 -64q6 36 -32 64z" fill="#f3dcae"/>`;
  });
  const stripes = some(6, (i) => `<rect x="${i * 64}" width="22" height="320" fill="#c9ddd8"/>`);
  return webpOf(
    `${ground('#e9f1ee', '#dbe8e4')}${stripes}<ellipse cx="166" cy="182" rx="124" ry="82" fill="#8fa7a0" opacity="0.5"/>` +
      `<ellipse cx="160" cy="168" rx="122" ry="80" fill="#96561f"/><ellipse cx="157" cy="160" rx="112" ry="68" fill="#bd7832"/>${cuts}`,
  );
}

async function webpOf(inside: string): Promise<Uint8Array<ArrayBuffer>> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">${inside}</svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).flatten().webp({ quality: QUALITY }).toBuffer());
}

const round = (number: number) => Math.round(number * 10) / 10;
const some = (n: number, make: (i: number) => string) => Array.from({ length: n }, (_, i) => make(i)).join('');
const ground = (from: string, to: string) =>
  `<linearGradient id="wall" x2="0.4" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>` +
  `<rect width="${SIDE}" height="${SIDE}" fill="url(#wall)"/>`;
const shade = (fill: string, by: number) => `<g opacity="${by}">${fill}</g>`;

/** Head and shoulders. */
function faceOf({ skin, hair, tone, shirt, wall, glasses, beard }: Look, random: (from: number, to: number) => number) {
  const [wide, high] = [random(58, 66), random(72, 80)];
  const eyes = random(23, 27);
  const [x, y] = [160 + random(-4, 4), 146];
  const brow = y - 20;
  const brows = hair === 'none' || hair === 'scarf' || hair === 'cap' ? '#3a2a22' : tone;
  const under = random(8, 14);
  const blur = '<filter id="soft"><feGaussianBlur stdDeviation="16"/></filter>';
  const light = `<circle cx="${round(random(40, 280))}" cy="70" r="70" fill="#ffffff" opacity="0.35" filter="url(#soft)"/>`;
  const shoulders = `<path d="M30 330q6 -84 84 -98l46 16 46 -16q78 14 84 98z" fill="${shirt}"/>`;
  const neck =
    `<path d="M${x - 25} ${y + 44}v50q25 26 50 0v-50z" fill="${skin}"/>` +
    shade(`<path d="M${x - 25} ${y + 66}q25 26 50 0v12q-25 26 -50 0z" fill="#3a1f14"/>`, 0.22);
  const ears = some(2, (i) => `<ellipse cx="${x + (i ? wide : -wide)}" cy="${y + 6}" rx="9" ry="14" fill="${skin}"/>`);
  const head = `<ellipse cx="${x}" cy="${y}" rx="${wide}" ry="${high}" fill="${skin}"/>`;
  const cheeks = shade(
    some(2, (i) => `<circle cx="${x + (i ? 34 : -34)}" cy="${y + 26}" r="11" fill="#d0524a"/>`),
    0.16,
  );
  const looks = some(2, (i) => {
    const at = x + (i ? eyes : -eyes);
    return (
      `<path d="M${at - 13} ${brow}q13 -9 26 0" fill="none" stroke="${brows}" stroke-width="5" stroke-linecap="round"/>` +
      `<ellipse cx="${at}" cy="${y}" rx="6" ry="6.5" fill="#2a211d"/><circle cx="${at + 2}" cy="${y - 2}" r="1.8" fill="#fff"/>`
    );
  });
  const frames = glasses
    ? some(2, (i) => {
        const at = x + (i ? eyes : -eyes);
        return `<circle cx="${at}" cy="${y}" r="19" fill="#ffffff" fill-opacity="0.18" stroke="#33302e" stroke-width="4"/>`;
      }) + `<path d="M${x - 8} ${y - 3}q8 -6 16 0" fill="none" stroke="#33302e" stroke-width="4"/>`
    : '';
  const nose = shade(
    `<path d="M${x} ${y + 4}q-9 20 -2 22h9" fill="none" stroke="#5a2f20" stroke-width="4" stroke-linecap="round"/>`,
    0.55,
  );
  const chin = beard
    ? `<path d="M${x - wide + 2} ${y + 12}q4 ${high} ${wide - 2} ${high}t${wide - 2} -${high}q-12 26 -34 22q-24 -8 -56 0q-22 4 -34 -22z" fill="${tone}"/>`
    : '';
  const mouth = `<path d="M${x - 18} ${y + 42}q18 ${round(under)} 36 0" fill="none" stroke="#8c3b34" stroke-width="5" stroke-linecap="round"/>`;
  const { behind, over } = hairOf(hair, tone, x, y, wide, high, random);
  return `${blur}${ground(...wall)}${light}${behind}${shoulders}${neck}${ears}${head}${cheeks}${chin}${looks}${nose}${mouth}${over}${frames}`;
}

/** What is behind the head, and what is over it. */
function hairOf(
  hair: Look['hair'],
  tone: string,
  x: number,
  y: number,
  wide: number,
  high: number,
  random: (from: number, to: number) => number,
): { behind: string; over: string } {
  const [left, right, top] = [x - wide - 5, x + wide + 5, y - high];
  const fringe =
    `<path d="M${left} ${y - 4}A${wide + 5} ${high + 6} 0 0 1 ${right} ${y - 4}Q${right - 6} ${y - 38} ${right - 34} ${y - 50}` +
    `Q${x - 10} ${y - 28} ${left + 14} ${y - 44}Q${left + 4} ${y - 26} ${left} ${y - 4}z" fill="${tone}"/>`;
  switch (hair) {
    case 'none':
      return {
        behind: '',
        over: shade(`<ellipse cx="${x - 16}" cy="${top + 20}" rx="22" ry="10" fill="#fff"/>`, 0.25),
      };
    case 'short':
      return { behind: '', over: fringe };
    case 'long':
      return {
        behind: `<path d="M${left - 10} 268q-14 -190 ${wide + 15} -${high + 120}q${wide + 29} 0 ${wide + 15} ${high + 120}q-${wide + 15} 30 -${wide * 2 + 30} 0z" fill="${tone}"/>`,
        over: fringe,
      };
    case 'bun':
      return { behind: `<circle cx="${x}" cy="${top - 16}" r="30" fill="${tone}"/>`, over: fringe };
    case 'curls':
      return {
        behind: some(16, (i) => {
          const angle = Math.PI * (0.86 + (i / 15) * 1.28);
          const at = `cx="${round(x + Math.cos(angle) * (wide + 8))}" cy="${round(y - 8 + Math.sin(angle) * (high + 6))}"`;
          return `<circle ${at} r="${round(random(20, 27))}" fill="${tone}"/>`;
        }),
        over: some(9, (i) => {
          const at = `cx="${round(x - wide + 12 + (i * (wide * 2 - 24)) / 8)}" cy="${round(top + 14 + Math.abs(i - 4) * 4)}"`;
          return `<circle ${at} r="${round(random(15, 20))}" fill="${tone}"/>`;
        }),
      };
    case 'scarf':
      return {
        behind: `<path d="M${left - 16} 300q-12 -240 ${wide + 21} -${high + 170}q${wide + 33} 0 ${wide + 21} ${high + 170}z" fill="${tone}"/>`,
        over:
          `<path d="M${left - 4} ${y + 26}q-10 ${-high - 62} ${wide + 9} ${-high - 56}t${wide + 9} ${high + 56}q-8 -${high + 8} -${wide + 5} -${high - 4}t-${wide + 13} ${high + 4}z" fill="${tone}"/>` +
          `<path d="M${left + 4} ${y + 56}q${wide} 66 ${wide * 2} 0l14 60q-${wide + 14} 40 -${wide * 2 + 28} 0z" fill="${tone}"/>`,
      };
    case 'cap':
      return {
        behind: '',
        over:
          `<path d="M${left} ${y - 34}q4 ${-high + 6} ${wide + 5} ${-high + 4}t${wide + 5} ${high - 4}z" fill="${tone}"/>` +
          `<path d="M${left} ${y - 34}q${wide} -20 ${right - left} 0q30 8 36 18q-60 -8 -${right - left + 36} -2z" fill="#2d3540"/>`,
      };
  }
}
