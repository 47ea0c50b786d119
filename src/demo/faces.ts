/** The sample people and their groups show pictures, as any program would give them. */
import { uploadFile } from '../client/index.ts';
import type { House } from './house.ts';
import { portrait } from './portraits.ts';
import type { Resident } from './resident.ts';
import type { Group } from './talk.ts';

export async function showFace(house: House, resident: Resident): Promise<void> {
  const { messenger, person } = resident;
  if (person.look === undefined) return;
  const notes = await messenger.openSelf();
  await messenger.setPicture(await bring(house, resident, notes, await portrait(person.look)));
}

export async function showGroup(
  house: House,
  by: Resident,
  id: string,
  picture: NonNullable<Group['picture']>,
): Promise<void> {
  await by.messenger.setGroupPicture(id, await bring(house, by, id, await picture()));
}

function bring({ url: server }: House, { session }: Resident, conversation: string, bytes: Uint8Array<ArrayBuffer>) {
  const at = { server, token: session.token, conversation };
  return uploadFile({ ...at, content: new Blob([bytes]), name: 'picture.webp', as: 'picture' });
}
