import ipaddr from 'ipaddr.js';

/** Why an address may not be connected to; `null` when it may. */
export type Objection = string | null;

/**
 * IPv4 blocks that are not the public internet: IANA's special-purpose registry (RFC 6890 and its updates),
 * multicast, the reserved top, and the address where Azure serves its machines' credentials.
 */
const closed4: [string, string][] = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'carrier-grade NAT'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local, where cloud metadata services live'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'IETF protocol assignments'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'AS112'],
  ['192.52.193.0/24', 'AMT'],
  ['192.88.99.0/24', '6to4 relay'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'AS112'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['168.63.129.16/32', 'the Azure wire server'],
];

/** Only 2000::/3 is global unicast; inside it these blocks carry or hide other addresses, or lead nowhere. */
const open6 = '2000::/3';
const closed6: [string, string][] = [
  ['2001::/23', 'IETF protocol assignments (Teredo, ORCHID, benchmarking)'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4, which carries an IPv4 address'],
  ['2620:4f:8000::/48', 'AS112'],
  ['3fff::/20', 'documentation'],
];

const parse = (cidr: string) => ipaddr.parseCIDR(cidr);
const closed = [...closed4, ...closed6].map(([cidr, why]) => ({ range: parse(cidr), why }));
const global6 = parse(open6);

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Whether an address lies in a range of its own family (`ipaddr.js` throws on mixed ones). */
function within(address: ipaddr.IPv4 | ipaddr.IPv6, [base, bits]: Range): boolean {
  if (address.kind() !== base.kind()) return false;
  return address.kind() === 'ipv4'
    ? (address as ipaddr.IPv4).match(base as ipaddr.IPv4, bits)
    : (address as ipaddr.IPv6).match(base as ipaddr.IPv6, bits);
}

/**
 * Judges one IP address that we are about to connect to, or have connected to. Deny by default: IPv6 outside
 * 2000::/3 is refused, which covers `::`, `::1`, `::ffff:…` (mapped), `64:ff9b::…` (NAT64), unique-local,
 * link-local and multicast at once.
 *
 * @param address an IP address as text, without brackets
 * @param allow CIDRs that the operator opened (`PATCHBAY_EGRESS_ALLOW`); `::ffff:` forms never match an IPv4 one
 */
export function judgeAddress(address: string, allow: readonly string[] = []): Objection {
  if (address.includes('%')) return 'an address with a zone is link-local';
  if (!ipaddr.isValid(address)) return 'not an IP address';
  const parsed = ipaddr.parse(address);
  if (allow.some((cidr) => within(parsed, parse(cidr)))) return null;
  const hit = closed.find(({ range }) => within(parsed, range));
  if (hit) return hit.why;
  if (parsed.kind() === 'ipv6' && !within(parsed, global6)) return 'not a global unicast address';
  return null;
}
