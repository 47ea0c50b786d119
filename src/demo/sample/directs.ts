/** Conversations of two, most of them Mara's, and her notes. Who has left says nothing after it. */
import { script, type Talk } from '../talk.ts';

export const DIRECTS: readonly Talk[] = [
  {
    kind: 'self',
    people: ['mara'],
    pinned: ['mara'],
    lines: script(`
@19d 08:10

mara: Water meter: \`04417.3\`

@11d 17:42

mara: Shopping: twine, birch tar, 2 kg rye flour, stamps

@8d 19:20

mara: For Mei: her aunt teaches at 北京大学. The HQ of the seed savers has the Donaudampfschiff poster that she asked for.

@5d 21:30

mara: Book that Noa mentioned: *The Hidden Life of Hedges*
    > A hedge is a crowd that takes its time.

@2d 07:55

mara: https://example.org/seed-calendar
`),
  },
  {
    kind: 'direct',
    people: ['maximiliana', 'mara'],
    lines: script(`
@9d 10:05

maximiliana: Dear neighbour, may I borrow the long ladder? A kite has settled in our walnut tree, and my nephew insists that it is happy there, but I have my doubts.

mara: Of course! It leans behind the shed. Mind the third rung.

@9d 17:20

maximiliana: The kite is rescued, the nephew is consoled, and the third rung has been mended as a thank-you.

@7d 15:02

mara: You are wonderful. Cake on the bench at four?
`),
    jammed: true,
    unsent: { mara: 'The ladder is behind the shed again, should another kite settle.' },
  },
  {
    kind: 'direct',
    people: ['maximiliana', 'amina'],
    lines: script(`
@10d 16:00

maximiliana: Dear Amina, your bread was the making of my Sunday. May one order it?

amina: بكل سرور! رغيفان كل يوم سبت؟

maximiliana: Two, and may they never be smaller.
`),
    jammed: true,
    unsent: { amina: 'سيكون هناك خبز بالزيتون أيضاً هذا السبت.' },
  },
  {
    kind: 'direct',
    people: ['maximiliana', 'noa'],
    lines: script(`
@12d 19:20

noa: תשירי איתנו ביום חמישי? חסר לנו קול אלט.

maximiliana: My alto is at your disposal, and so is my umbrella.
`),
    jammed: true,
    unsent: { noa: 'גם המטרייה תתקבל בברכה ☂️' },
  },
  {
    kind: 'direct',
    people: ['maximiliana', 'ravi'],
    lines: script(`
@9d 12:40

maximiliana: Dear Ravi, my doorbell has begun to play the anthem of a country that I cannot name. Would you look at it?

ravi: ज़रूर! शाम को आता हूँ।

@9d 19:05

ravi: It is the tune of an ice-cream van. Shall I leave it?

maximiliana: By all means.
`),
    jammed: true,
    unsent: { ravi: 'घंटी के लिए नई बैटरी ले आया हूँ।' },
  },
  {
    kind: 'direct',
    people: ['maximiliana', 'olena'],
    lines: script(`
@11d 09:15

olena: Доброго ранку! У мене є зайва розсада помідорів. Візьмете?

maximiliana: With both hands! My balcony faces south and has high hopes.
`),
    jammed: true,
    unsent: { olena: 'Поливати їх краще ввечері.' },
  },
  {
    kind: 'direct',
    people: ['maximiliana', 'yusuf'],
    lines: script(`
@13d 08:05

maximiliana: Good morning! Would you put one poppy-seed roll aside for me each day, until further notice?

yusuf: على الرأس والعين! واحدة كل صباح.
`),
    jammed: true,
    unsent: { yusuf: 'نفد الخشخاش اليوم. هل يصلح السمسم؟' },
  },
  {
    kind: 'direct',
    people: ['kwame', 'mara'],
    lines: script(`
@4d 18:12

mara: Did the hinge hold?

kwame: Held all week. I used the brass screws from your tin, I owe you six.

mara: Keep them, they were waiting for a door.

@2d 09:31

mara: One more thing: could you bring the small vice on Saturday?

mara: The red one, not the one that bites.
`),
  },
  {
    kind: 'direct',
    people: ['jo', 'mara'],
    drafts: { mara: 'Yes, and bring ' },
    lines: script(`
@1d 20:55

jo: hi

mara: Hi Jo!

jo: soup?

mara: Soup!

jo: 🍲
`),
  },
  {
    kind: 'direct',
    people: ['mei', 'mara'],
    lines: script(`
@2d 17:40

mei: 你好 Mara！豆苗已经发芽了 🌱

mara: 太好了！ How tall are they?

mei: 大概五厘米。周末可以移到外面吗？

mara: Yes, if the nights stay above eight degrees.

mei: 好的，我星期六早上过来。要不要带一些茶？

mei: 我有新的桂花乌龙 🍵

@1d 08:20

mara: Osmanthus oolong? Yes, please!

mara: The frames are open from eight. Bring gloves, the nettles are back.
`),
  },
  {
    kind: 'direct',
    people: ['olena', 'mara'],
    lines: script(`
@6d 19:01

olena: Привіт! Я знайшла твої рукавички на лавці біля компосту.

mara: So that is where they went! Thank you, Олено.

olena: Поклала їх у сарай, на другу полицю, поруч з лійкою 🧤
`),
  },
  {
    kind: 'direct',
    people: ['noa', 'mara'],
    unread: { mara: 1 },
    lines: script(`
@230m

noa: בוקר טוב! מתי החזרה של המקהלה השבוע?

mara: Thursday at half past seven, in the old school.

noa: מצוין. אני אביא את התווים של “Evening Rise” – 12 עותקים.

mara: Perfect. We are eleven, and one for the piano.

noa: ואת מביאה את העוגיות? 🍪
`),
  },
  {
    kind: 'direct',
    people: ['ravi', 'mara'],
    lines: script(`
@3d 11:20

ravi: नमस्ते! The irrigation timer lives. This is what it runs now:
    \`\`\`
    # minutes of water for each bed
    beds = {"beans": 12, "herbs": 5, "roses": 8}

    def minutes(bed, rain_mm):
        return max(0, beds[bed] - round(rain_mm * 1.5))
    \`\`\`

mara: You wrote a program for beans.

ravi: For beans, herbs and roses. It skips a day when it rained more than 8 mm.

mara: The roses thank you. Where does it get the rain from?

ravi: From a yoghurt cup with a float in it. शुक्रिया for the cup!
`),
  },
  {
    kind: 'direct',
    people: ['amina', 'mara'],
    unread: { mara: 2 },
    lines: script(`
@1d 09:15

amina: صباح الخير يا مارا! هل وصلت البذور؟

mara: Good morning! Yes, yesterday: coriander, mallow and the white aubergines.

amina: رائع. سأمر بعد الظهر لآخذ الكزبرة، ومعي خبز طازج 🫓

mara: You had me at bread.

@112m

amina: حوالي الساعة الرابعة إذن.

amina: وسأحضر معي وصفة الملوخية التي وعدتك بها: 500 غرام أوراق، 4 فصوص ثوم، وملعقة كزبرة.
`),
  },
  {
    kind: 'direct',
    people: ['kenji', 'mara'],
    lines: script(`
@1d 18:44

kenji: こんばんは。自転車のブレーキ、直りました。

mara: Already? That was quick.

kenji: ケーブルを交換して、少し調整しただけです。試乗もしました 🚲

mara: ありがとう! What do I owe you?

kenji: お茶を一杯でお願いします。
`),
  },
  {
    kind: 'direct',
    people: ['pixel', 'mara'],
    keeping: { on: 0, lifetime: { kind: 'timer', seconds: 86_400, after: 'reading' } },
    lines: script(`
@95m

pixel: Psst. Jo must not see this on anybody’s phone, so it goes a day after you have read it.

pixel: Birthday on the 30th. I paint the hedgehog, you bring the soup?

mara: Soup it is. Where do we hide a hedgehog of two metres?

pixel: In plain sight: it is a hedge 🦔
`),
  },
  {
    kind: 'direct',
    people: ['sofia', 'mara'],
    unread: { mara: 1 },
    lines: script(`
@66m

sofia: ¿Te viene bien si colgamos las guirnaldas el viernes?

mara: Friday is good. How many metres do we have?

sofia: Unos cuarenta, más las del año pasado si los ratones no se las comieron 😅

mara: I looked: the mice preferred the cardboard.

sofia: ¡Qué buen gusto! Entonces el viernes a las seis, y luego tortilla en mi casa.
`),
  },
  {
    kind: 'direct',
    people: ['yusuf', 'mara'],
    keeping: { on: 3, lifetime: { kind: 'timer', seconds: 7 * 86_400 } },
    lines: script(`
@8d 06:12

yusuf: صباح النور! العجينة جاهزة، هل أحجز لكِ رغيفين؟

mara: Two, please, and one of the dark ones for Jo.

yusuf: محجوز. الفرن يفتح في السابعة.

@45m

mara: Could we have forty small rolls for Noa’s move on Saturday?

yusuf: أربعون؟ طبعاً. بالسمسم أم بدونه؟

mara: Half and half. You are saving us.
`),
  },
  {
    kind: 'direct',
    people: ['theo', 'mara'],
    forwarded: [4],
    lines: script(`
@31m

theo: Are the keys to the shed still on the nail?

mara: On the nail, behind the calendar.

theo: Found them. Also found a wasps’ nest the size of a fist. We should leave that corner alone until autumn.

mara: Agreed. I will put up a note.

theo: A wasps’ nest is left for good by October. Until then: no hammering within three metres of it.

@12m

theo: Shall I bring coffee

+mara: Will you bring coffee?

theo: … I think that settles it ☕️
`),
  },
];
