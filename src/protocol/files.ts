/** Files: uploading them in parts, by plain HTTP because frames are text, and where they can be fetched. */
import Type, { type Static } from 'typebox';
import { FileInfo, Id, Time } from './entities.ts';
import { ADDRESSES_MAX, ATTACHMENTS_MAX, PART_BYTES_MAX, PART_BYTES_MIN } from './limits.ts';
import { object } from './parts.ts';

const strict = { additionalProperties: false } as const;

export const BeginUpload = Type.Object(
  {
    key: Type.String({ ...Id, description: 'Names the upload: the same key goes on with the same upload.' }),
    conversation: Type.String({ ...Id, description: 'Of the message that it will be sent with.' }),
    name: Type.String({ maxLength: 16_384, description: 'Cleaned: without folders, at most 255 bytes.' }),
    bytes: Type.Integer({ minimum: 0, description: 'Of the whole file.' }),
  },
  strict,
);
export type BeginUpload = Static<typeof BeginUpload>;

export const PartQuery = Type.Object(
  {
    offset: Type.Integer({ minimum: 0, description: 'Where the part begins: how far the upload is.' }),
    crc: Type.Integer({ minimum: 0, maximum: 0xffffffff, description: 'CRC-32 of the part.' }),
  },
  strict,
);

export const FinishUpload = Type.Object(
  {
    as: Type.Union([Type.Literal('picture'), Type.Literal('file')], {
      description: 'A picture is turned upright, made smaller, and loses all that it says of where and when.',
    }),
  },
  strict,
);
export type FinishUpload = Static<typeof FinishUpload>;

export const UploadState = Type.Object(
  {
    offset: Type.Integer({ minimum: 0, description: 'How far it is: all below is on disk.' }),
    partBytes: Type.Integer({
      description: `The most that a part may hold: ${PART_BYTES_MAX}. Only the last may hold less than ${PART_BYTES_MIN}.`,
    }),
    file: Type.Union([FileInfo, Type.Null()], { description: 'Once it is finished.' }),
  },
  strict,
);
export type UploadState = Static<typeof UploadState>;

export const FILE_COMMANDS = {
  addresses: {
    request: object(
      { conversation: Id, files: Type.Array(Id, { minItems: 1, maxItems: ADDRESSES_MAX, uniqueItems: true }) },
      'Where the asker can fetch the files of messages, for some hours, without a header.',
    ),
    result: object({
      addresses: Type.Array(
        object({
          id: Id,
          file: Type.String({
            description:
              'Of the file, to be saved; of a picture its largest size. A path of this server, or an address somewhere else.',
          }),
          small: Type.Optional(Type.String({ description: 'Of a picture: at most 320 pixels wide and high.' })),
          medium: Type.Optional(Type.String({ description: 'Of a picture: at most 1,280 pixels.' })),
          large: Type.Optional(Type.String({ description: 'Of a picture: at most 2,560 pixels.' })),
        }),
      ),
      until: Time,
      missing: Type.Array(Id, { description: 'Of no message that the asker may see.' }),
    }),
  },
  forwardFiles: {
    request: object(
      {
        key: Type.String({ ...Id, description: 'Names the copies: the same key gives the same ones.' }),
        from: Id,
        to: Type.String({ ...Id, description: 'The conversation of the message that they will be sent with.' }),
        files: Type.Array(Id, { minItems: 1, maxItems: ATTACHMENTS_MAX, uniqueItems: true }),
      },
      "Makes files of messages the asker's own in another conversation, as if uploaded there, without a second upload.",
    ),
    result: object({ files: Type.Array(FileInfo, { description: 'In the order of the request.' }) }),
  },
};
