/** What people have told of each other, for those who run the server. */
import type { Result } from '../../protocol/commands.ts';
import { PAGE_MAX } from '../../protocol/limits.ts';
import { type Context, signedIn } from '../context.ts';
import { names } from '../find.ts';
import { oneLine, print, printJson, safe, time } from '../print.ts';

const REASONS = {
  spam: 'advertising or fraud',
  harassment: 'insults or harassment',
  threat: 'threats of violence',
  illegal: 'something that the law forbids',
  pretence: 'pretends to be somebody else',
  other: 'something else',
} as const;

type Report = Result<'reports'>['reports'][number];

export interface ReportOptions {
  readonly all?: boolean;
  readonly done?: string;
  readonly open?: string;
}

export async function reports(context: Context, { all = false, done, open }: ReportOptions): Promise<void> {
  const { ask } = await signedIn(context);
  const id = done ?? open;
  if (id !== undefined) {
    const { report } = await ask('settleReport', { report: id, done: done !== undefined });
    if (context.json) printJson(report);
    return;
  }
  const found: Report[] = [];
  for (let after: string | null = null; ; ) {
    const page: Result<'reports'> = await ask('reports', { open: !all, after, limit: PAGE_MAX });
    found.push(...page.reports);
    if (page.next === null) break;
    after = page.next;
  }
  if (found.length === 0 && !context.json) print(all ? 'Nobody has reported anything.' : 'Nothing is open.');
  const known = await names(
    ask,
    found.flatMap(({ by, about, done }) => [by, about, ...(done ? [done.by] : [])]),
  );
  const name = (user: string) => known.get(user) ?? user;
  for (const report of found) {
    if (context.json) printJson({ ...report, name: name(report.about) });
    else for (const line of linesOf(report, name)) print(line);
  }
}

function linesOf(
  { id, at, by, about, reason, comment, message, done }: Report,
  name: (user: string) => string,
): string[] {
  const copy = message && (message.text === null ? 'a message, without a copy' : `“${oneLine(message.text)}”`);
  return [
    `${time(at)}  ${name(about)}: ${REASONS[reason]}  (by ${name(by)})${done ? `  done by ${name(done.by)}` : ''}`,
    ...(comment === '' ? [] : [`                  ${safe(comment).replaceAll('\n', '\n                  ')}`]),
    ...(copy ? [`                  ${time(message.at)}  ${copy}`] : []),
    `                  ${id}`,
  ];
}
