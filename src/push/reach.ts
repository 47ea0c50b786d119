/** Where a server may be sent by somebody else's address: to public hosts by https, and nowhere inside. */
import { type LookupAddress, lookup } from 'node:dns';
import ipaddr from 'ipaddr.js';

/** Names that never leave a network. */
const INSIDE_NAME = /^(localhost|[^.]+|.*\.(localhost|local|internal|intranet|lan|home|corp|home\.arpa))\.?$/i;

/** Whether this is the address of a machine that everybody can reach: no private, shared, link-local or tunnelled one. */
export function isPublic(address: string): boolean {
  const text = address.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(text) && ipaddr.process(text).range() === 'unicast';
}

/** As far as the address itself tells; the name may still lead inside. */
export function mayReach(endpoint: string): boolean {
  const url = URL.parse(endpoint);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  // However it was written, an address of four numbers stands here as such.
  const isNumber = /^[\d.]+$/.test(url.hostname) || url.hostname.startsWith('[');
  return isNumber ? isPublic(url.hostname) : !INSIDE_NAME.test(url.hostname);
}

type Found = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** For `node:https`: looks a name up, and fails when any of what it leads to is inside. */
export function lookupOutside(name: string, options: { all?: boolean }, found: Found): void {
  lookup(name, { all: true }, (error, addresses) => {
    if (error) return found(error, '');
    const inside = addresses.find(({ address }) => !isPublic(address));
    const [first] = addresses;
    if (inside || !first) return found(new Error(`${name} leads to ${inside?.address ?? 'nothing'}.`), '');
    if (options.all) found(null, addresses);
    else found(null, first.address, first.family);
  });
}
