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

function rangeOf(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (entry.includes('/')) return ipaddr.parseCIDR(entry);
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
