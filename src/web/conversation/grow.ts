/** Gives a field the height that its text needs. */
export function grow(field: HTMLTextAreaElement | null, text: string): void {
  if (!field) return;
  field.style.blockSize = '';
  // The height that is set holds the border too.
  const border = field.offsetHeight - field.clientHeight;
  if (text !== '') field.style.blockSize = `${field.scrollHeight + border}px`;
}
