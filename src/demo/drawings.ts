/** The pictures that the sample people send: drawn from a seed when the demo begins, the same each time. */
import sharp from 'sharp';
import { SeededRandom } from '../sim/time.ts';

type Draw = (random: Chance) => string;

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly draw: Draw;
}

/** Numbers between two bounds. */
type Chance = (from: number, to: number) => number;

const QUALITY = 88;

/** The bytes of a JPEG. */
export async function drawn(name: DrawingName): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, draw } = DRAWINGS[name];
  const random = new SeededRandom(seedOf(name));
  const inside = draw((from, to) => from + random.next() * (to - from));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${inside}</svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).flatten().jpeg({ quality: QUALITY }).toBuffer());
}

const seedOf = (name: string) => [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);

const some = (n: number, make: (i: number) => string) => Array.from({ length: n }, (_, i) => make(i)).join('');
const rect = (x: number, y: number, width: number, height: number, fill: string, more = '') =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" ${more}/>`;
const ellipse = (x: number, y: number, rx: number, ry: number, fill: string, more = '') =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" ${more}/>`;
/** One that fades to its edge. */
const soft = (x: number, y: number, rx: number, ry: number, colour: string, opacity = 1) => {
  const id = `soft${colour.slice(1)}`;
  const stops = `<stop offset="0.55" stop-color="${colour}"/><stop offset="1" stop-color="${colour}" stop-opacity="0"/>`;
  const fading = `<radialGradient id="${id}">${stops}</radialGradient>`;
  return `${fading}${ellipse(x, y, rx * 1.15, ry * 1.15, `url(#${id})`, `opacity="${opacity}"`)}`;
};
const path = (d: string, more: string) => `<path d="${d}" ${more}/>`;
const line = (d: string, stroke: string, width: number, more = '') =>
  path(d, `fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" ${more}`);
const gradient = (id: string, from: string, to: string) =>
  `<linearGradient id="${id}" x2="0" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>`;
const text = (x: number, y: number, size: number, fill: string, said: string, more = '') =>
  `<text x="${x}" y="${y}" font-family="sans-serif" font-size="${size}" fill="${fill}" ${more}>${said}</text>`;

/** Boards of a table, seen from above. */
const boards = (width: number, height: number, random: Chance) =>
  rect(0, 0, width, height, '#8a6242') +
  some(5, (i) => rect(0, (i * height) / 5, width, height / 5 - 3, `hsl(${random(24, 30)} 34% ${random(34, 42)}%)`)) +
  some(60, () => {
    const [x, y, far] = [random(-200, width), random(0, height), random(120, 500)];
    return line(`M${x} ${y}q${far / 2} ${random(-5, 5)} ${far} 0`, '#4d331f', random(1, 2.5), 'opacity="0.35"');
  });

const loaf = (x: number, y: number, rx: number, ry: number, random: Chance) =>
  soft(x + 14, y + 22, rx, ry, '#1c1009', 0.5) +
  ellipse(x, y, rx, ry, '#8c4f1f') +
  ellipse(x - rx * 0.04, y - ry * 0.1, rx * 0.93, ry * 0.85, '#b5722f') +
  soft(x - rx * 0.1, y - ry * 0.25, rx * 0.7, ry * 0.5, '#cf9148', 0.7) +
  some(4, (i) => {
    const at = x - rx * 0.6 + i * rx * 0.36;
    return path(
      `M${at} ${y + ry * 0.5}q${rx * 0.1} ${-ry * 0.6} ${rx * 0.3} ${-ry}q${rx * 0.02} ${ry * 0.6} ${-rx * 0.3} ${ry}`,
      'fill="#f0d7a4"',
    );
  }) +
  some(90, () => {
    const [angle, far] = [random(0, 6.3), Math.sqrt(random(0, 0.8))];
    const at = [x + Math.cos(angle) * far * rx, y + Math.sin(angle) * far * ry] as const;
    return ellipse(...at, random(1, 5), random(1, 4), '#fff4de', `opacity="${random(0.2, 0.6)}"`);
  });

const bread: Draw = (random) =>
  boards(1_200, 900, random) +
  path('M120 640L1040 90l130 560L420 880z', 'fill="#d9d2c2" opacity="0.9"') +
  some(9, (i) => line(`M${150 + i * 95} ${650 - i * 55}l240 220`, '#a34a3a', 7, 'opacity="0.35"')) +
  loaf(610, 460, 360, 225, random);

const rolls: Draw = (random) =>
  rect(0, 0, 900, 900, '#55565a') +
  some(16, (i) => {
    const [x, y] = [125 + (i % 4) * 216, 125 + Math.floor(i / 4) * 216];
    const [at, high] = [x + random(-12, 12), y + random(-12, 12)];
    const seeds = some(26, () => {
      const [angle, far] = [random(0, 6.3), random(0, 58)];
      const seed = [high + Math.sin(angle) * far, random(4, 6)] as const;
      return ellipse(at + Math.cos(angle) * far, seed[0], seed[1], 2.6, i % 2 ? '#f3e3bd' : '#31302f');
    });
    return (
      soft(at + 8, high + 14, 96, 92, '#1d1c1c', 0.6) +
      ellipse(at, high, 92, 88, '#a8642a') +
      soft(at - 10, high - 16, 70, 60, '#d79a52') +
      seeds
    );
  });

const oven: Draw = (random) =>
  rect(0, 0, 900, 900, '#5b2f26') +
  some(12, (row) =>
    some(8, (i) => {
      const tone = `hsl(${random(8, 18)} 42% ${random(26, 38)}%)`;
      return rect(i * 124 - (row % 2) * 62, row * 76, 118, 70, tone, 'rx="4"');
    }),
  ) +
  path('M190 900V520a260 260 0 0 1 520 0v380z', 'fill="#1a0e0a"') +
  path('M250 900V540a200 200 0 0 1 400 0v360z', 'fill="#3a1a0d"') +
  soft(450, 780, 190, 120, '#ff8a2b', 0.8) +
  some(14, (i) => {
    const x = 320 + i * 20;
    return path(
      `M${x} 840q${random(-20, 20)} ${-random(60, 120)} 12 ${-random(100, 220)}q14 90 14 220z`,
      'fill="#ffc35a"',
    );
  }) +
  some(3, (i) => ellipse(360 + i * 90, 850, 60, 34, '#7a431c'));

const basket: Draw = (random) =>
  boards(900, 900, random) +
  soft(460, 520, 350, 310, '#20130a', 0.6) +
  ellipse(450, 490, 345, 305, '#9a6c35') +
  some(18, (i) =>
    ellipse(450, 490, 345 - i * 6, 305 - i * 6, 'none', `stroke="${i % 2 ? '#c79654' : '#6f4a20'}" stroke-width="5"`),
  ) +
  ellipse(450, 480, 240, 205, '#e9e2d2') +
  some(6, (i) => {
    const [x, y] = [330 + (i % 3) * 118, 420 + Math.floor(i / 3) * 120];
    return (
      line(`M${x - 52} ${y + 26}q52 -86 104 0`, '#8c4d1d', 46) +
      line(`M${x - 50} ${y + 20}q50 -78 100 0`, '#cf8a3d', 30) +
      some(4, (k) => line(`M${x - 34 + k * 22} ${y - 26}l${random(4, 12)} 40`, '#8c4d1d', 4))
    );
  });

/** Hills behind one another, and what is above them in the water again. */
const lake =
  (sky: string, glow: string, hills: string, sun: number): Draw =>
  (random) => {
    const shore = 520;
    const ridge = (base: number, high: number, tone: number) => {
      const points = some(13, (i) => `L${i * 100} ${base - random(0, high)}`);
      return path(`M0 ${shore}${points}L1200 ${shore}z`, `fill="${hills}" opacity="${tone}"`);
    };
    return (
      `<defs>${gradient('sky', sky, glow)}${gradient('water', glow, sky)}</defs>` +
      rect(0, 0, 1_200, shore, 'url(#sky)') +
      ellipse(820, sun, 62, 62, '#fff3c9') +
      soft(820, sun, 190, 190, '#fff3c9', 0.25) +
      ridge(430, 180, 0.35) +
      ridge(470, 120, 0.6) +
      ridge(505, 60, 0.95) +
      rect(0, shore, 1_200, 280, 'url(#water)') +
      some(90, () => {
        const y = random(shore + 6, 790);
        const far = ((y - shore) / 280) * 90 + 14;
        return line(`M${random(-40, 1_200)} ${y}h${far}`, '#ffffff', random(1, 3), `opacity="${random(0.08, 0.3)}"`);
      }) +
      some(26, () => {
        const x = random(0, 330);
        return line(
          `M${x} 800q${random(-16, 16)} ${-random(60, 120)} ${random(-24, 24)} ${-random(130, 220)}`,
          '#23301f',
          4,
        );
      })
    );
  };

const cat: Draw = (random) =>
  rect(0, 0, 900, 1_100, '#c9b79f') +
  some(7, (i) => rect(i * 140, 0, 64, 560, '#d5c6b0')) +
  rect(40, 420, 820, 560, '#3f6b68', 'rx="90"') +
  rect(90, 640, 720, 360, '#4c7f7b', 'rx="50"') +
  line('M450 660v330', '#38615e', 6) +
  soft(460, 830, 300, 130, '#1f3a38', 0.5) +
  ellipse(450, 770, 270, 150, '#7d8187') +
  line('M690 830q130 40 60 110q-80 40 -210 -10', '#74787e', 54) +
  ellipse(270, 670, 128, 108, '#878b91') +
  path('M165 640l10 -130l90 70zM300 575l90 -60l0 120z', 'fill="#7d8187"') +
  some(34, () => {
    const [x, y] = [random(220, 680), random(650, 880)];
    return line(`M${x} ${y}q14 -22 40 -20`, '#5e6268', 6, 'opacity="0.7"');
  }) +
  line('M205 665q24 20 50 0M300 665q24 20 50 0', '#26282b', 7) +
  path('M262 700h28l-14 16z', 'fill="#d58f8b"') +
  line('M276 716v14q-20 18 -38 4M276 730q20 18 38 4', '#26282b', 4) +
  some(3, (i) => line(`M210 ${700 + i * 12}l-110 ${i * 16 - 20}M340 ${700 + i * 12}l110 ${i * 16 - 20}`, '#eeeeee', 2));

const flower: Draw = (random) =>
  `<defs>${gradient('leaf', '#3f6b3a', '#1f3a22')}</defs>` +
  rect(0, 0, 1_000, 1_000, 'url(#leaf)') +
  some(40, () => soft(random(0, 1_000), random(0, 1_000), random(40, 130), random(30, 90), '#5f8f4b', 0.25)) +
  line('M520 1000q-40 -240 -10 -420', '#55713f', 26) +
  path('M500 830q-220 -160 -360 -60q130 150 350 110z', 'fill="#4f7f45"') +
  path('M530 760q200 -170 350 -80q-110 150 -340 130z', 'fill="#5b8c4d"') +
  some(6, (i) => {
    const turn = `transform="rotate(${i * 60 + random(-6, 6)} 500 480)"`;
    return path(
      'M500 480q-110 -120 -60 -270q60 -60 120 0q50 150 -60 270z',
      `fill="#fbf9f4" stroke="#ddd6c4" stroke-width="4" ${turn}`,
    );
  }) +
  some(8, (i) => ellipse(500, 448, 13, 40, '#e8b829', `transform="rotate(${i * 45} 500 480)"`)) +
  ellipse(500, 480, 26, 26, '#c98f16');

const poster: Draw = (random) =>
  `<defs>${gradient('night', '#12203f', '#d97b52')}</defs>` +
  rect(0, 0, 900, 1_240, 'url(#night)') +
  some(120, () =>
    ellipse(random(0, 900), random(0, 620), random(0.8, 2.6), random(0.8, 2.6), '#fdf3dd', 'opacity="0.8"'),
  ) +
  ellipse(450, 900, 230, 230, '#f6d9a0') +
  rect(0, 900, 900, 340, '#1a2440') +
  some(5, (i) => line(`M0 ${700 + i * 34}Q450 ${560 + i * 34} 900 ${720 + i * 34}`, '#fdf3dd', 3, 'opacity="0.85"')) +
  some(8, (i) => {
    const [x, y] = [110 + i * 96, 690 + Math.sin(i * 1.3) * 60];
    return (
      ellipse(x, y, 19, 14, '#fdf3dd', `transform="rotate(-20 ${x} ${y})"`) +
      line(`M${x + 17} ${y - 4}v-92`, '#fdf3dd', 5)
    );
  }) +
  text(450, 190, 104, '#fdf3dd', 'Evening Rise', 'text-anchor="middle" font-weight="700"') +
  text(450, 260, 40, '#fdf3dd', 'The choir of Willow Lane', 'text-anchor="middle"') +
  text(450, 1_080, 44, '#f6d9a0', 'Old school · Saturday · 19:30', 'text-anchor="middle"') +
  text(450, 1_150, 32, '#fdf3dd', 'Free, and there is cake', 'text-anchor="middle"');

const wall = (d: string) => line(d, '#26323d', 16);
const floorPlan: Draw = () =>
  rect(0, 0, 1_400, 1_000, '#f7f5ee') +
  some(28, (i) => line(`M${i * 50} 0V1000`, '#dfe6e6', 1)) +
  some(20, (i) => line(`M0 ${i * 50}H1400`, '#dfe6e6', 1)) +
  rect(120, 110, 1_160, 780, '#fffdf7') +
  wall(
    'M120 110H1280V890H820M700 890H120V110M620 110V360M620 480V890M620 560H820M940 560H1280M960 110V300M960 420V560',
  ) +
  line('M700 890A120 120 0 0 1 820 770V890', '#7d8a94', 3) +
  line('M820 560A120 120 0 0 1 940 680V560', '#7d8a94', 3) +
  rect(170, 160, 240, 120, '#d8e3df', 'stroke="#26323d" stroke-width="4"') +
  path('M180 700h210v120h-110a100 60 0 0 0 -100 -40z', 'fill="#ead9c2" stroke="#26323d" stroke-width="4"') +
  rect(1_020, 620, 210, 220, '#e7dfea', 'stroke="#26323d" stroke-width="4"') +
  ellipse(790, 320, 80, 80, '#efe3c8', 'stroke="#26323d" stroke-width="4"') +
  [
    [370, 470, 'Living room'],
    [290, 230, 'Sofa'],
    [300, 770, 'Piano!'],
    [790, 190, 'Kitchen'],
    [1_120, 340, 'Bath'],
    [760, 720, 'Hall'],
    [1_125, 740, 'Bed'],
  ]
    .map(([x, y, name]) => text(Number(x), Number(y), 40, '#26323d', String(name), 'text-anchor="middle"'))
    .join('') +
  some(4, (i) => ellipse(200 + i * 70, 590, 18, 18, '#3c8d57')) +
  some(3, (i) => ellipse(700 + i * 70, 440, 18, 18, '#b8443a')) +
  text(120, 960, 36, '#5c6770', 'Green dots upstairs, red dots in the kitchen');

const DRAWINGS = {
  bread: { width: 1_200, height: 900, draw: bread },
  rolls: { width: 900, height: 900, draw: rolls },
  oven: { width: 900, height: 900, draw: oven },
  basket: { width: 900, height: 900, draw: basket },
  cat: { width: 900, height: 1_100, draw: cat },
  flower: { width: 1_000, height: 1_000, draw: flower },
  poster: { width: 900, height: 1_240, draw: poster },
  'floor plan': { width: 1_400, height: 1_000, draw: floorPlan },
  'lake at six': { width: 1_200, height: 800, draw: lake('#f2b5a0', '#fbe3c0', '#4b4a63', 430) },
  'lake at ten': { width: 1_200, height: 800, draw: lake('#6fb1dc', '#d9eef5', '#2f5d50', 200) },
  'lake at noon': { width: 1_200, height: 800, draw: lake('#3f92d2', '#bfe2f0', '#2c6a3f', 110) },
  'lake at four': { width: 1_200, height: 800, draw: lake('#5b9ac4', '#f2e3bd', '#3a5f3c', 240) },
  'lake at eight': { width: 1_200, height: 800, draw: lake('#45356b', '#f0865a', '#241f3a', 440) },
  'lake at ten at night': { width: 1_200, height: 800, draw: lake('#0b1230', '#2a3f6e', '#0a0f1f', 170) },
} as const satisfies Record<string, Drawing>;

export type DrawingName = keyof typeof DRAWINGS;
