/** What was chosen of messages, with the marks that made it look so. */

const AROUND: Readonly<Record<string, string>> = { STRONG: '**', EM: '_', S: '~~' };

/** Null where nothing of it has marks, or it is no part of a message. */
export function marksIn(range: Range): string | null {
  const at = range.commonAncestorContainer;
  const within = (at instanceof Element ? at : at.parentElement)?.closest('.text');
  const chosen = range.cloneContents();
  const texts: ParentNode[] = within ? [chosen] : [...chosen.querySelectorAll('.text')];
  if (!texts.some((text) => text.querySelector('strong, em, s, code, blockquote, li, .spoiler'))) return null;
  return texts.map((text) => marked(text).trim()).join('\n');
}

function marked(node: ParentNode): string {
  let text = '';
  // What begins and ends with its own lines.
  const block = (lines: string) => {
    text = `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${lines}\n`;
  };
  for (const child of node.childNodes) {
    if (!(child instanceof Element)) text += child.textContent ?? '';
    else if (child.matches('.meta')) continue;
    else if (child.matches('.spoiler')) text += `||${marked(child)}||`;
    else if (child.matches('code')) {
      const code = child.textContent ?? '';
      const around = code.includes('`') ? '``' : '`';
      text += around + code + around;
    } else if (child.matches('pre')) block(`\`\`\`\n${child.textContent}\n\`\`\``);
    else if (child.matches('blockquote')) block(eachLine(marked(child), '> ', '> '));
    else if (child.matches('li')) {
      const begin = child instanceof HTMLLIElement && child.hasAttribute('value') ? `${child.value}. ` : '- ';
      block(eachLine(marked(child), begin, '  '));
    } else if (child.matches('ul, ol')) block(marked(child).trimEnd());
    else {
      const around = AROUND[child.tagName] ?? '';
      text += around + marked(child) + around;
    }
  }
  return text;
}

function eachLine(text: string, first: string, then: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line, i) => (i === 0 ? first : then) + line)
    .join('\n');
}
