/** The groups of Willow Lane: small and large, quiet and busy. */

import { bakerySign, gardenSign } from '../portraits.ts';
import { script, type Talk } from '../talk.ts';
import { BREAD, CAT, FLOWER, LAKE, MOVE, POSTER, SATURDAY, SCORE } from './files.ts';

export const GROUPS: readonly Talk[] = [
  {
    kind: 'group',
    title: 'Summer picnic (was lovely)',
    people: ['sofia', 'mara', 'theo', 'jo', 'mei'],
    archived: ['mara', 'theo', 'sofia'],
    acts: [
      { by: 'jo', on: 1, delete: true },
      { by: 'mei', on: 4, react: '😂' },
      { by: 'sofia', on: 4, react: '😂' },
    ],
    lines: script(`
@17d 20:10

sofia: Thank you all! Somebody left a blue bowl and one sandal.

jo: which door was it again?

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
    acts: [
      { by: 'noa', on: 3, react: '😂' },
      { by: 'kwame', on: 3, react: '😂' },
      { by: 'maximiliana', on: 3, react: '🎉' },
    ],
    lines: script(`
@10d 18:30

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
    acts: [
      {
        by: 'theo',
        on: 0,
        edit: 'Train at **8:12**, back at **18:40**. It is 4 km on foot from the station, all flat. Platform 3.',
      },
      { by: 'theo', on: 0, pin: true },
      { by: 'kenji', on: 0, react: '👍' },
      { by: 'mara', on: 0, react: '👍' },
      { by: 'mara', on: 1, react: '❤️' },
      { by: 'mara', on: 6, react: '❤️' },
    ],
    files: [{ on: 6, files: LAKE }],
    lines: script(`
@13d 19:05

theo: Train at 8:12, back at 18:40. It is 4 km on foot from the station, all flat.

kenji: おにぎりを作ります。梅と鮭、どちらがいいですか。

mara: One of each? I bring apples, the big blanket and the map.

>1 theo: 梅, please!

kenji: 了解です 🍙

@12d 21:00

theo: Packing list so far:
    - towels
    - sun cream
    - the map that folds only one way
    - something to read

@9d 22:40

kenji: 湖の一日、朝六時から夜十時まで。
`),
  },
  {
    kind: 'group',
    title: 'Ladder committee',
    people: ['mei', 'mara', 'maximiliana', 'amina', 'noa', 'ravi', 'olena', 'yusuf'],
    resigned: ['mara', 'amina', 'noa', 'ravi', 'olena', 'yusuf'],
    unsent: {
      mara: 'The missing rung has turned up in my umbrella stand.',
      amina: 'هل بقيت نظارتي معلّقة على السلّم؟',
      noa: 'רגע, ומי לקח את הסולם?',
      ravi: 'सीढ़ी तो मेरे बरामदे में खड़ी है!',
      olena: 'Я знайшла ще одну перекладину.',
      yusuf: 'من ترك السلّم أمام باب الفرن؟',
    },
    lines: script(`
@15d 16:20

maximiliana: As this committee has only one ladder, I propose that it also have only one member.

mei: 附议！我来做记录。

mara: I resign, with relief.

amina: وأنا أيضاً، فأنا أخاف المرتفعات.

noa: גם אני. הסולם בידיים טובות.

ravi: मैं भी। सीढ़ी को मेरी शुभकामनाएँ!

yusuf: وأنا كذلك، العجين ينتظرني.

olena: І я. Протокол був чудовий 👏
`),
  },
  {
    kind: 'group',
    title: 'Bakery on the corner 🥐',
    picture: bakerySign,
    people: ['yusuf', 'mara', 'amina', 'kenji', 'sofia'],
    files: [
      { on: 3, files: BREAD },
      { on: 7, files: SATURDAY },
    ],
    lines: script(`
@18d 18:30

yusuf: من يستطيع المساعدة يوم السبت صباحاً؟ نفتح في السادسة.

kenji: 六時から九時まで手伝えます。

amina: وأنا من التاسعة حتى الظهر، وسأحضر الزعتر.

@14d 13:05

yusuf: شكراً لكم! بعنا كل شيء قبل الحادية عشرة 🎉

sofia: Yo solo conseguí medio cruasán, pero qué medio.

@6d 17:15

mara: The new oven door is in. It closes without a kick now.

yusuf: سأشتاق إلى الركلة قليلاً.

@3d 18:02

yusuf: قائمة السبت: خبز بالشوفان، كعك بالتمر، وفطائر السبانخ.

kenji: ほうれん草、二つお願いします。

amina: واثنتان لي!
`),
  },
  {
    kind: 'group',
    title: 'Everybody on Willow Lane',
    people: ['theo', 'mara', 'sofia', 'kenji', 'amina', 'noa', 'mei', 'ravi', 'olena', 'yusuf'],
    everybody: true,
    unread: { mara: 2, noa: 2 },
    files: [{ on: 1, files: CAT }],
    lines: script(`
@20d 10:00

theo: This is for all of the lane: water, bins, lost cats. One cat at a time.

@16d 18:40

sofia: ¡Gato gris encontrado! Está en mi sofá y no piensa irse.

olena: Це Барсик. Він завжди так робить.

@9d 07:30

theo: No water on the odd side from 9 to 11 today. The even side is glad to lend a tap.

@3d 19:00

ravi: The lamp at the corner is repaired. It now also comes on at night.

@74m

sofia: Para la fiesta de la calle: yo llevo dos mesas y ninguna silla.

theo: Then we need a map of who brings which table. @mara, you drew the last one, would you draw it again?
`),
  },
  {
    kind: 'group',
    title: 'Choir: Evening Rise 🎶',
    people: ['noa', 'mara', 'sofia', 'kwame', 'olena', 'ravi'],
    admins: ['mara'],
    unread: { mara: 2, sofia: 1 },
    files: [
      { on: 3, files: SCORE },
      { on: 6, files: POSTER },
    ],
    lines: script(`
@8d 12:10

noa: חזרה ביום חמישי, 19:30. נתחיל עם Evening Rise.

kwame: Basses reporting: both of us will be there.

olena: Альти теж будуть! Можна трохи повільніше у другій строфі?

noa: כן, ננסה 72 במקום 80.

ravi: I can bring the small drum, if the neighbours have forgiven me.

@4d 20:00

sofia: Te han perdonado… casi 🥁

@3d 19:20

noa: הפוסטר מוכן. מה דעתכם?

kwame: I would come, and I would bring both basses.

@88m

mara: From bar 17 on, could the altos breathe after “night” instead of before? Then the tenors’ entry stands alone, and the long note does not fall off at the end of the page. I have marked it in the copies, in green, and in the one for the piano, in blue, because the green pen gave up.

noa: רעיון טוב!

olena: Мій примірник теж зелений 💚
`),
  },
  {
    kind: 'group',
    title: 'Repair Café – first Saturday',
    people: ['kwame', 'mara', 'theo', 'kenji', 'ravi', 'olena', 'mei', 'jo'],
    admins: ['kenji', 'mara'],
    lines: script(`
@5d 17:00

kwame: On Saturday we have: two toasters, a music box, a lamp, and a chair with three legs.

kenji: 音楽箱は私が見ます。

theo: I take the chair. I know a fourth leg that is looking for a seat.

ravi: Toasters are mine. Please, nobody plug them in “just to see”.

jo: …

>4 ravi: Jo.

jo: it only sparked a little

@4d 19:10

olena: Пиріг з вишнями буде о третій. Хто приносить чашки?

mei: 我带杯子，还有茶。

ravi: How to find the place: https://example.org/old-school, through the yard, second door. Ring twice.

mara: Sign on the door is painted. It says “Bring it. We will look at it together.”
`),
  },
  {
    kind: 'group',
    title: 'Noa moves house 📦',
    people: ['noa', 'mara', 'theo', 'ravi', 'yusuf', 'sofia'],
    admins: ['mara'],
    endsInDays: 6,
    files: [{ on: 4, files: MOVE }],
    lines: script(`
@11d 20:15

noa: אז זה רשמי: ביום שבת אני עוברת שלושה בתים הלאה 🎉

theo: Three houses! Shall I hire a ship?

noa: עגלה אחת תספיק, וגם מישהו חזק לפסנתר.

ravi: Two strong people for the piano. It has opinions.

@4d 21:10

mara: Plan for Saturday:
    1. 9:00 books, while all are fresh
    2. 11:00 the piano, while all are brave
    3. 13:00 lunch on the new doorstep

>4 sofia: Me apunto al punto 3, y un poco al 1.

theo: The van is ours from nine to six.

@24m

yusuf: الغداء عليّ: أربعون رغيفاً صغيراً وحساء العدس.

noa: יוסוף, אתה מלאך.

mara: Boxes with a green dot go upstairs, red dots stay in the kitchen, and the one marked “?” is Noa’s to explain.

noa: “?” זה הכובעים 🎩
`),
  },
  {
    kind: 'group',
    title: 'Willow Lane Garden 🌱',
    picture: gardenSign,
    people: ['mara', 'theo', 'amina', 'sofia', 'mei', 'ravi', 'kenji', 'noa', 'olena', 'jo'],
    admins: ['theo', 'amina'],
    pinned: ['mara', 'theo'],
    unread: { mara: 4 },
    files: [{ on: 15, files: FLOWER }],
    lines: script(`
@2d 08:05

mara: Good morning, gardeners! Jobs for this week:
    1. Thin the carrots (*gently*)
    2. Tie up the beans
    3. Empty the rain barrels **before the storm on Thursday**
    4. Find out who has been feeding the hedgehog pastries

theo: 1 and 3 are mine.

amina: سأربط الفاصوليا مساء الغد، بعد أن تبرد الشمس.

jo: 4 was ||me||

mara: Jo!

jo: he looked like he had had a long day

sofia: 😂😂😂

@1d 12:31

mei: 刺猬喜欢什么馅的？

>7 jo: apricot

@1d 17:48

ravi: The timer says the barrels hold 620 litres. If we open the left tap now, the beds by the wall get it before the storm does.

theo: Opening it. It gurgles happily.

+kenji: 左の蛇口、開けておきました。

theo: Ha, two hands on one tap. It is very open now.

@52m

noa: מישהו ראה את המספריים האדומים?

olena: Вони у відрі біля теплиці ✂️

amina: تفتحت أول زهرة باذنجان بيضاء اليوم! 🤍

sofia: ¡Qué bonita! Hay que celebrarlo con limonada.
`),
  },
];
