const kilobytes = new Intl.NumberFormat('en-GB', { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 });
const megabytes = new Intl.NumberFormat('en-GB', { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 });

/** As people say how large a file is: "1 kB" and less are one. */
export function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? kilobytes.format(Math.max(1, Math.round(bytes / 1_000))) : megabytes.format(bytes / 1e6);
}
