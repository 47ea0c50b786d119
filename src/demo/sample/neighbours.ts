/** Who else lives around: given names and family names of several scripts, each pair once. */
const NAMES: readonly { readonly given: string; readonly family: string; readonly familyFirst?: true }[] = [
  {
    given: 'Ada Bruno Clara David Elin Finn Greta Hugo Ines Jonas Katrin Leif Mina',
    family: 'Almeida Berg Costa Duval Eriksen Fischer Greco Hansen',
  },
  { given: 'ليلى سامي هدى كريم نادية عمر سلمى طارق', family: 'خوري نصار صالح عزام رحال' },
  { given: 'תמר יונתן מאיה אורי דנה איתן נועם', family: 'לוי כהן מזרחי ברק שגיא' },
  { given: '陽子 翔 美咲 大輔 さくら 直樹 由美 隆', family: '鈴木 高橋 田中 伊藤 渡辺', familyFirst: true },
  { given: 'अनिता विजय मीरा सुनील काव्या रोहन दीपा', family: 'वर्मा पटेल मिश्रा जोशी गुप्ता' },
  { given: 'Ірина Тарас Оксана Богдан Ольга Петро Марія', family: 'Мельник Шевчук Бондар Лисенко Гнатюк Коваль' },
];

const ALL = NAMES.flatMap(({ given, family, familyFirst }) =>
  given
    .split(' ')
    .flatMap((own) => family.split(' ').map((last) => (familyFirst ? `${last} ${own}` : `${own} ${last}`))),
);

export function neighbours(count: number): readonly string[] {
  if (count > ALL.length) throw new Error(`There are ${ALL.length} names, not ${count}.`);
  return ALL.slice(0, count);
}
