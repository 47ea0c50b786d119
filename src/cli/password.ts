/** The password comes from the terminal unseen, or from `PARLEY_PASSWORD`, or as the first line of a pipe. */
import { EXIT, Failed } from './failure.ts';

export async function password(): Promise<string> {
  const given = process.env['PARLEY_PASSWORD'] || (process.stdin.isTTY ? await typed() : await firstLine());
  if (!given) throw new Failed('There is no password. Type it, pipe it in, or set PARLEY_PASSWORD.', EXIT.usage);
  return given;
}

async function firstLine(): Promise<string> {
  let text = '';
  for await (const part of process.stdin) {
    text += part;
    if (text.includes('\n')) break;
  }
  return text.split(/\r?\n/)[0] ?? '';
}

function typed(): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write('Password: ');
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let text = '';
    const end = (settle: () => void) => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      settle();
    };
    const take = (part: string) => {
      for (const char of part) {
        if (char === '\r' || char === '\n') return end(() => resolve(text));
        if (char === '\u0003') return end(() => reject(new Failed('Nothing was done.', 130)));
        text = char === '\u007f' || char === '\b' ? [...text].slice(0, -1).join('') : text + char;
      }
    };
    stdin.on('data', take);
    stdin.resume();
  });
}
