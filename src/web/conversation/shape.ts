/** What a text looks like before anything in it is known. */
const PICTOGRAM =
  /(?:\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}[\uFE0F\p{EMod}]*(?:\u200D\p{Extended_Pictographic}[\uFE0F\p{EMod}]*)*)/u;
const FEW_PICTOGRAMS = new RegExp(`^(?:${PICTOGRAM.source}\\s*){1,3}$`, 'u');
const LINES_MAX = 24;
const LINE_LETTERS = 60;

/** One to three emoji and nothing else. */
export function isPictograms(text: string): boolean {
  return text.length <= 60 && FEW_PICTOGRAMS.test(text);
}

/** Takes more lines than one wants to scroll past, on a screen of usual width. */
export function isLong(text: string): boolean {
  const lines = text.split('\n', LINES_MAX + 1);
  return lines.reduce((sum, { length }) => sum + Math.max(1, Math.ceil(length / LINE_LETTERS)), 0) > LINES_MAX;
}
