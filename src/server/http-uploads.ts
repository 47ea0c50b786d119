/** The addresses for uploading files. */
import Type from 'typebox';
import { BeginUpload, FinishUpload, PartQuery, UploadState } from '../protocol/files.ts';
import { isId } from '../protocol/ids.ts';
import { Failed } from './failed.ts';
import { defineRoute, type Route } from './http-route.ts';

function keyIn({ key }: Readonly<Record<string, string>>): string {
  if (key === undefined || !isId(key)) throw new Failed('not_found');
  return key;
}

const begin = defineRoute({
  method: 'POST',
  path: '/api/uploads',
  summary: 'Begin an upload, or go on with the one that has this key.',
  body: BeginUpload,
  answer: UploadState,
  run: ({ backend, session, body }) => backend.node.uploads.begin(session, body),
});

const state = defineRoute({
  method: 'GET',
  path: '/api/uploads/:key',
  summary: 'How far an upload is.',
  answer: UploadState,
  run: ({ backend, session, params }) => backend.node.uploads.state(session, keyIn(params)),
});

const part = defineRoute({
  method: 'PUT',
  path: '/api/uploads/:key',
  summary: 'The next part of an upload, as it is; repeated, it is taken once.',
  query: PartQuery,
  body: 'bytes',
  answer: UploadState,
  run: ({ backend, session, params, query, body }) =>
    backend.node.uploads.part(session, keyIn(params), query, body as Uint8Array),
});

const finish = defineRoute({
  method: 'POST',
  path: '/api/uploads/:key/finish',
  summary: 'Make the file of an upload of which every part has come. It is taken away unless it is sent within a day.',
  body: FinishUpload,
  answer: UploadState,
  run: ({ backend, session, params, body, patient }) => {
    patient();
    return backend.node.uploads.finish(session, keyIn(params), body);
  },
});

const cancel = defineRoute({
  method: 'DELETE',
  path: '/api/uploads/:key',
  summary: 'Take an upload away, unless it was sent.',
  answer: Type.Object({}, { additionalProperties: false }),
  run: async ({ backend, session, params }) => {
    await backend.node.uploads.cancel(session, keyIn(params));
    return {};
  },
});

export const UPLOAD_ROUTES: readonly Route[] = [begin, state, part, finish, cancel];
