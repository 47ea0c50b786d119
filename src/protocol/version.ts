/**
 * Moves when the hash of all schemas moves (`test/protocol/version.test.ts`). The server speaks this version and the
 * one before it.
 *
 *  1  The first: conversations, feed, receipts, presence, settings, community, links.
 */
export const PROTOCOL_VERSION = 1;
