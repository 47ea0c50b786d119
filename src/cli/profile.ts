/** The folder that remembers who is signed in and where: readable by its owner only. */
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EXIT, Failed } from './failure.ts';

export interface SavedSession {
  readonly server: string;
  readonly user: string;
  readonly name: string;
  readonly device: string;
  readonly token: string;
}

export class Profile {
  readonly folder: string;

  constructor(folder: string | undefined) {
    const config = process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
    this.folder = folder || process.env['PARLEY_HOME'] || join(config, 'parley');
  }

  /** The replica of one account on one server. */
  replica(session: SavedSession): string {
    return join(this.folder, `replica-${session.device}.json`);
  }

  async find(): Promise<SavedSession | null> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as SavedSession;
    } catch {
      return null;
    }
  }

  async session(): Promise<SavedSession> {
    const found = await this.find();
    if (!found) throw new Failed('Nobody is signed in here. First: parley signin NAME', EXIT.signedOut);
    return found;
  }

  async save(session: SavedSession): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await chmod(this.folder, 0o700);
    const next = `${this.#path}.next`;
    await rm(next, { force: true });
    await writeFile(next, `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600 });
    await rename(next, this.#path);
  }

  async forget(session: SavedSession): Promise<void> {
    await rm(this.#path, { force: true });
    await rm(this.replica(session), { recursive: true, force: true });
  }

  get #path(): string {
    return join(this.folder, 'session.json');
  }
}
