/** The groups of Willow Lane: small and large, quiet and busy. */
import { script, type Talk } from '../talk.ts';

export const GROUPS: readonly Talk[] = [
  {
    kind: 'group',
    title: 'Summer picnic (was lovely)',
    people: ['sofia', 'mara', 'theo', 'jo', 'mei'],
    archived: ['mara', 'theo', 'sofia'],
    lines: script(`
sofia: Thank you all! Somebody left a blue bowl and one sandal.

jo: sandal is mine

theo: Only one?

jo: the other is on my foot
`),
  },
  {
    kind: 'group',
    title: 'Proposals for naming the new compost heap, and other matters of great importance to the lane',
    people: ['maximiliana', 'mara', 'kwame', 'noa', 'pixel'],
    muted: ['mara'],
    unread: { mara: 3 },
    lines: script(`
maximiliana: The floor is open. I propose “Mount Crumble”.

noa: “הר הפלאות”

kwame: Heap of Faith.

pixel: Compostella 🐚

maximiliana: We have a winner, I believe. All in favour of Compostella?
`),
  },
  {
    kind: 'group',
    title: 'Trip to the lake',
    people: ['theo', 'mara', 'kenji'],
    lines: script(`
theo: Train at 8:12, back at 18:40. It is 4 km on foot from the station, all flat.

kenji: おにぎりを作ります。梅と鮭、どちらがいいですか。

mara: One of each? I bring apples, the big blanket and the map.

>1 theo: 梅, please!

kenji: 了解です 🍙

theo: Packing list so far:
    • towels
    • sun cream
    • the map that folds only one way
    • something to read
`),
  },
  {
    kind: 'group',
    title: 'Choir: Evening Rise 🎶',
    people: ['noa', 'mara', 'sofia', 'kwame', 'olena', 'ravi'],
    admins: ['mara'],
    unread: { mara: 2, sofia: 1 },
    lines: script(`
noa: חזרה ביום חמישי, 19:30. נתחיל עם Evening Rise.

kwame: Basses reporting: both of us will be there.

olena: Альти теж будуть! Можна трохи повільніше у другій строфі?

noa: כן, ננסה 72 במקום 80.

ravi: I can bring the small drum, if the neighbours have forgiven me.

sofia: Te han perdonado… casi 🥁

mara: From bar 17 on, could the altos breathe after “night” instead of before? Then the tenors’ entry stands alone, and the long note does not fall off at the end of the page. I have marked it in the copies, in green, and in the one for the piano, in blue, because the green pen gave up.

noa: רעיון טוב!

kwame: My copy is green and proud.
`),
  },
  {
    kind: 'group',
    title: 'Repair Café – first Saturday',
    people: ['kwame', 'mara', 'theo', 'kenji', 'ravi', 'olena', 'mei', 'jo'],
    admins: ['kenji', 'mara'],
    lines: script(`
kwame: On Saturday we have: two toasters, a music box, a lamp, and a chair with three legs.

kenji: 音楽箱は私が見ます。

theo: I take the chair. I know a fourth leg that is looking for a seat.

ravi: Toasters are mine. Please, nobody plug them in “just to see”.

jo: …

>4 ravi: Jo.

jo: it only sparked a little

olena: Пиріг з вишнями буде о третій. Хто приносить чашки?

mei: 我带杯子，还有茶。

kwame: How to find the place: https://example.org/old-school, through the yard, second door. Ring twice.

mara: Sign on the door is painted. It says “Bring it. We will look at it together.”
`),
  },
  {
    kind: 'group',
    title: 'Willow Lane Garden 🌱',
    people: ['mara', 'theo', 'amina', 'sofia', 'mei', 'ravi', 'kenji', 'noa', 'olena', 'jo'],
    admins: ['theo', 'amina'],
    pinned: ['mara', 'theo'],
    unread: { mara: 4 },
    lines: script(`
mara: Good morning, gardeners! Jobs for this week:
    1. Thin the carrots (gently)
    2. Tie up the beans
    3. Empty the rain barrels before the storm on Thursday
    4. Find out who has been feeding the hedgehog pastries

theo: 1 and 3 are mine.

amina: سأربط الفاصوليا مساء الغد، بعد أن تبرد الشمس.

jo: 4 was me

mara: Jo!

jo: he looked like he had had a long day

sofia: 😂😂😂

mei: 刺猬喜欢什么馅的？

>7 jo: apricot

ravi: The timer says the barrels hold 620 litres. If we open the left tap now, the beds by the wall get it before the storm does.

theo: Opening it. It gurgles happily.

+kenji: 左の蛇口、開けておきました。

theo: Ha, two hands on one tap. It is very open now.

noa: מישהו ראה את המספריים האדומים?

olena: Вони у відрі біля теплиці ✂️

amina: تفتحت أول زهرة باذنجان بيضاء اليوم! 🤍

sofia: ¡Qué bonita! Hay que celebrarlo con limonada.
`),
  },
];
