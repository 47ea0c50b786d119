const kilobytes = new Intl.NumberFormat('en-GB', { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 });
const megabytes = new Intl.NumberFormat('en-GB', { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 });

/** How far something is, with one unit for both: "3 of 8 MB". */
export function sizesText(done: number, all: number): { readonly done: string; readonly all: string } {
  const by = all < 1_000_000 ? 1_000 : 1_000_000;
  const digits = by === 1_000 || all >= 10_000_000 ? 0 : 1;
  const number = new Intl.NumberFormat('en-GB', { maximumFractionDigits: digits });
  return { done: number.format(done / by), all: sizeText(all) };
}

/** As people say how large a file is: "1 kB" and less are one. */
export function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? kilobytes.format(Math.max(1, Math.round(bytes / 1_000))) : megabytes.format(bytes / 1e6);
}
