import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * True when an address is in a list of addresses and CIDRs; an empty list takes every address.
 * IPv4 written as IPv6 (`::ffff:192.0.2.1`) counts as IPv4.
 */
export function isAllowedAddress(address: string, list: readonly string[]): boolean {
  if (list.length === 0) return true;
  if (!ipaddr.isValid(address)) return false;
  const client = ipaddr.process(address);
  return list.some((entry) => {
    const [network, bits] = rangeOf(entry);
    return client.kind() === network.kind() && client.match(network, bits);
  });
}

/** True for what may stand in such a list: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`. */
export function isAddressOrRange(entry: string): boolean {
  try {
    rangeOf(entry);
    return true;
  } catch {
    // The question is exactly whether it can be read.
    return false;
  }
}

/**
 * What one client is counted by: an IPv4 address, or the /64 of an IPv6 one, which is what a single subscriber gets to
 * choose addresses from.
 */
export function countedAddress(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${parsed
    .toByteArray()
    .slice(0, 8)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')}/64`;
}

/** Strict where the library guesses: `1.2.3`, `010.0.0.1` and `0x7f.1` mean different addresses to different readers. */
function rangeOf(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const [text = '', given, ...more] = entry.split('/');
  const whole = isIP(text) === 6 ? 128 : 32;
  const bits = given === undefined ? whole : /^(0|[1-9]\d{0,2})$/.test(given) ? Number(given) : -1;
  if (isIP(text) === 0 || more.length > 0 || bits < 0 || bits > whole)
    throw new RangeError(`${JSON.stringify(entry)} is neither an address nor a CIDR.`);
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96)
    return [address.toIPv4Address(), bits - 96];
  return [address, bits];
}
