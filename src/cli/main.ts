/** `parley`: the messenger in a terminal, for people and for scripts. */
import { type Command, CommanderError, InvalidArgumentError, program } from 'commander';
import { devices, type SignUpOptions, signIn, signOut, signUp } from './commands/accounts.ts';
import { edit, forward, pin, react, remove, versions } from './commands/acts.ts';
import { block, blocked } from './commands/blocks.ts';
import { lifetime } from './commands/lifetimes.ts';
import { type InviteOptions, invite, joinBy, reindex, reset, serverProgram, signInBy } from './commands/links.ts';
import { type GroupOptions, group, history, list, send } from './commands/messages.ts';
import { read } from './commands/read.ts';
import { type ReportOptions, reports } from './commands/reports.ts';
import { accept, decline } from './commands/requests.ts';
import { type SearchOptions, search } from './commands/search.ts';
import { type Context, contextOf, DEFAULT_SERVER } from './context.ts';
import { EXIT, Failed } from './failure.ts';

/** Commander hands over the arguments that are declared, the options and the command. */
const on =
  <A extends unknown[]>(run: (context: Context, ...args: A) => Promise<void>) =>
  async (...args: unknown[]) => {
    await run(contextOf(args.at(-1) as Command), ...(args.slice(0, -1) as A));
  };

const count = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is a number above 0.');
  return number;
};

/** With the SDK, which the commands that only ask need not load. */
const collect = (path: string, before: string[] = []) => [...before, path];
const files = () => import('./commands/files.ts');
const pictures = () => import('./commands/pictures.ts');
const follow = () => import('./commands/follow.ts');

const EPILOGUE = `
A <who> is a user name (@mara), a group's title, a person's display name, an id of --json, or me for Saved messages.
What others write is never taken for commands of the terminal. Times are local. Ticks: ✓ sent, ✓✓ delivered,
✓✓ read; with --json the field "state" of one's own messages says so in words.

Exit codes: 0 done · ${EXIT.refused} refused, or nobody called so · ${EXIT.usage} wrong use · ${EXIT.unreachable} the server does not answer
            ${EXIT.busy} another parley follows this account · ${EXIT.signedOut} not signed in · 130 broken off`;

const KEYS = `
On the full screen:
  Enter             sends; a pasted text may hold several lines
  ↑ ↓, Tab          another conversation
  PageUp, PageDown  older, newer
  Ctrl+A E U W      start, end, rub out all before, rub out a word
  Ctrl+R, Ctrl+X    send a refused message again, remove it
  Ctrl+T            show what is ||hidden|| in texts, and hide it again
  Ctrl+Y, Ctrl+D    accept a request, decline it
  /edit TEXT        change one's last message; /delete takes it back for everyone
  /react EMOJI      to the last message, nothing takes it back; /pin, /unpin, /hide
  Esc, Ctrl+C       leave; what is not sent goes with the next chat or tail`;

program
  .name('parley')
  .description('A messenger that people run themselves, in a terminal.')
  .option('--server <url>', `address of the server (default: that of the session, else ${DEFAULT_SERVER})`)
  .option('--version', 'print the versions of program, protocol and data')
  .option('--json', 'print one JSON object a line')
  .option('--profile <folder>', 'where the session is kept (default: $PARLEY_HOME, else ~/.config/parley)')
  .addHelpText('after', EPILOGUE)
  .showHelpAfterError('(parley --help tells what there is)')
  .configureOutput({
    outputError: (text, write) => write(text.replace(/^error: (.)/, (_, first: string) => first.toUpperCase())),
  })
  .exitOverride();

/** Of whatever makes an account. */
const newcomer = (command: Command) =>
  command
    .option('--display-name <text>', 'what others see')
    .option('--server-name <text>', 'whoever sets a server up: what it is called')
    .option('--open', '… and anyone who reaches it may join')
    .option('--strangers', '… and its people need not know each other');

newcomer(program.command('signup <name>'))
  .description('make an account and sign in; the password is asked for, piped in or in PARLEY_PASSWORD')
  .action(on((context, name: string, options: SignUpOptions) => signUp(context, name, options)));
program
  .command('signin [name]')
  .alias('sign-in')
  .description('sign in on this device, with a password or with a link')
  .option('--link <link>', 'of another device, or of whoever runs the server')
  .action(
    on((context, name: string | undefined, { link }: { link?: string }) => {
      if (link !== undefined) return signInBy(context, link);
      if (name === undefined) throw new Failed('Say as whom: parley signin NAME', EXIT.usage);
      return signIn(context, name);
    }),
  );
newcomer(program.command('join <link> [name]'))
  .description(
    'use an invitation: with a name to make an account, else to join its group; also the link of a fresh server',
  )
  .action(
    on((context, link: string, name: string | undefined, options: SignUpOptions) =>
      joinBy(context, link, name, options),
    ),
  );
program
  .command('invite')
  .description('make a link that lets somebody in, to the server or to a group')
  .option('--group <who>', 'the group that it leads to')
  .option('--admin', 'it makes admins of the server')
  .option('--uses <count>', 'how many people it lets in', count, 1)
  .option('--hours <count>', 'for how long', count, 168)
  .action(on((context, options: InviteOptions) => invite(context, options)));
program
  .command('reset <name>')
  .description('on the machine of the server: make a sign-in link for somebody who forgot the password')
  .option('--data <folder>', "the server's folder (default: $PARLEY_DATA, else ./data)")
  .action((name: string, { data }: { data?: string }) => reset(name, data));
program
  .command('reindex')
  .description('on the machine of the server, while it does not run: make the search index anew')
  .option('--data <folder>', "the server's folder (default: $PARLEY_DATA, else ./data)")
  .action(({ data }: { data?: string }) => reindex(data));
program
  .command('signout')
  .description('end the session and forget what is kept here')
  .action(on((context) => signOut(context)));
program
  .command('list')
  .description(
    'conversations, newest first, with how many messages are unread; what strangers write first is a request',
  )
  .action(on((context) => list(context)));
program
  .command('read [who]')
  .description('say that you have read all of a conversation')
  .option('--all', '… or of every conversation, but for requests')
  .action(on((context, who: string | undefined, { all = false }: { all?: boolean }) => read(context, who, all)));
program
  .command('accept <name>')
  .description('make a conversation of what a stranger wrote; writing back does it, too')
  .action(on((context, name: string) => accept(context, name)));
program
  .command('decline <name>')
  .description('take a request out of the list; whoever wrote it is not told')
  .action(on((context, name: string) => decline(context, name)));
program
  .command('block <name>')
  .description('neither write to each other nor see of each other; in groups they are folded. They are not told')
  .action(on((context, name: string) => block(context, name, true)));
program
  .command('unblock <name>')
  .description('take that back: everything stands as it was')
  .action(on((context, name: string) => block(context, name, false)));
program
  .command('blocked')
  .description('whom you block, and since when')
  .action(on((context) => blocked(context)));
program
  .command('reports')
  .description('for those who run the server: what people have reported, newest first')
  .option('--all', 'also what is done')
  .option('--done <id>', 'it is done')
  .option('--open <id>', 'it is open again')
  .action(on((context, options: ReportOptions) => reports(context, options)));
program
  .command('chat [who]')
  .description(
    'talk to a person or a group, full screen; in a pipe: lines in are sent, lines out are what others write',
  )
  .addHelpText('after', KEYS)
  .action(on(async (context, who: string | undefined) => (await follow()).chat(context, who)));
program
  .command('send <who> [text...]')
  .description('send one message, or each line of the input; @name calls a member')
  .option('-f, --file <path>', 'with this file; may be said several times', collect)
  .action(
    on(async (context, who: string, words: string[], { file }: { file?: string[] }) =>
      file ? (await files()).sendFiles(context, who, words.join(' '), file) : send(context, who, words),
    ),
  );
program
  .command('save')
  .argument('<who>')
  .argument('<number>', 'of history --numbers', count)
  .argument('[folder]')
  .description('save the files of a message, here or in a folder')
  .action(
    on(async (context, who: string, number: number, folder?: string) =>
      (await files()).save(context, who, number, folder),
    ),
  );
program
  .command('search [words...]')
  .description('find messages, newest first, by parts of words, in one conversation or all')
  .option('--in <who>', 'in the conversation with them, or of this name')
  .option('--by <name>', 'written by them')
  .option('--has <what>', 'with a link, file or image')
  .option('--since <day>', 'on that day or later, as 2026-11-25')
  .option('--until <day>', 'on that day or before')
  .option('-n, --limit <count>', 'how many', count, 20)
  .action(on((context, words: string[], options: SearchOptions) => search(context, words, options)));
program
  .command('history <who>')
  .description('the newest messages of a conversation, in their order')
  .option('-n, --limit <count>', 'how many', count, 50)
  .option('--numbers', 'with the number of each, by which edit, delete, react, pin and forward name it')
  .action(
    on((context, who: string, { limit, numbers }: { limit: number; numbers?: boolean }) =>
      history(context, who, limit, numbers),
    ),
  );
program
  .command('edit')
  .argument('<who>')
  .argument('<number>', 'of history --numbers', count)
  .argument('<text...>')
  .description('change the words of a message of your own')
  .action(on((context, who: string, number: number, words: string[]) => edit(context, who, number, words)));
program
  .command('versions')
  .argument('<who>')
  .argument('<number>', 'of history --numbers', count)
  .description('what a message said at first and after each edit')
  .action(on((context, who: string, number: number) => versions(context, who, number)));
program
  .command('delete')
  .argument('<who>')
  .argument('<number>', 'of history --numbers', count)
  .option('--for-me', 'on your own devices only')
  .description('delete a message for everyone')
  .action(
    on((context, who: string, number: number, { forMe = false }: { forMe?: boolean }) =>
      remove(context, who, number, forMe),
    ),
  );
program
  .command('react')
  .argument('<who>')
  .argument('<number>', 'of history --numbers', count)
  .argument('<emoji>', '- takes it back')
  .description('react to a message')
  .action(on((context, who: string, number: number, emoji: string) => react(context, who, number, emoji)));
program
  .command('pin')
  .argument('<who>')
  .argument('<number>', 'of history --numbers', count)
  .option('--off', 'take it down')
  .description('pin a message at the top of its conversation')
  .action(
    on((context, who: string, number: number, { off = false }: { off?: boolean }) => pin(context, who, number, !off)),
  );
program
  .command('forward')
  .argument('<who>')
  .argument('<number>', 'of history --numbers', count)
  .argument('<to...>')
  .description('send the words of a message on, without saying whose they are')
  .action(on((context, who: string, number: number, to: string[]) => forward(context, who, number, to)));
program
  .command('tail [who]')
  .description('what is written from now on, everywhere or in one conversation')
  .action(on(async (context, who: string | undefined) => (await follow()).tail(context, who)));
program
  .command('group <title> [names...]')
  .description('begin a group with these people')
  .option('--open', 'whoever joins sees what was written before, too')
  .option('--expires <time>', 'all of it goes after 12h or 7d, or with the last who leaves: last')
  .option('--picture <file>', 'its picture, a JPEG, PNG or WebP')
  .action(
    on((context, title: string, people: string[], options: GroupOptions) => group(context, title, people, options)),
  );
program
  .command('picture')
  .argument('<who>', 'a group that you own or are an admin of')
  .argument('[file]', 'a JPEG, PNG or WebP; without one the picture is taken away')
  .description('give a group another picture')
  .action(
    on(async (context, who: string, file: string | undefined) =>
      (await pictures()).groupPicture(context, who, file ?? null),
    ),
  );
program
  .command('profile')
  .description('what you are to others')
  .option('--picture <file>', 'have this picture, a JPEG, PNG or WebP')
  .option('--no-picture', 'have none')
  .action(
    on(async (context, { picture }: { picture?: string | false }) => (await pictures()).profile(context, picture)),
  );
program
  .command('lifetime')
  .argument('<who>')
  .argument('[time]', 'always, or how long a message stays after it was sent: 12h, 7d')
  .option('--whole', 'all of it goes then; with the last who leaves: last')
  .option('--reading', 'between two: that long after the other one has read it')
  .description('how long what is said in a conversation stays')
  .action(
    on((context, who: string, time: string | undefined, options: { whole?: boolean; reading?: boolean }) =>
      lifetime(context, who, time, options),
    ),
  );
program
  .command('devices')
  .description('where you are signed in')
  .option('--revoke <id>', 'sign that device out')
  .action(on((context, options: { revoke?: string }) => devices(context, options.revoke)));

process.stdout.on('error', (error: { code?: string }) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  if (process.argv[2] === '--version') process.exit(await serverProgram(['--version']));
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : EXIT.usage);
  if (!(error instanceof Failed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(error.exitCode);
}
