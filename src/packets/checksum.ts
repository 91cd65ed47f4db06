/** The Internet checksum of RFC 1071 over some pieces; only the last may have an odd length. */
export function internetChecksum(...pieces: Uint8Array[]): number {
  let sum = 0;
  for (const piece of pieces) {
    const even = piece.length - (piece.length % 2);
    for (let i = 0; i < even; i += 2) sum += (piece[i]! << 8) | piece[i + 1]!;
    if (even < piece.length) sum += piece[even]! << 8;
  }
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** The addresses of the IP layer around a segment: four bytes each, or sixteen. */
export interface Endpoints {
  src: Buffer;
  dst: Buffer;
}

/** What TCP, UDP and ICMPv6 sum up before their own bytes (RFC 9293 §3.1, RFC 8200 §8.1). */
export function pseudoHeader({ src, dst }: Endpoints, protocol: number, length: number): Buffer {
  if (src.length === 4) {
    const tail = Buffer.from([0, protocol, 0, 0]);
    tail.writeUInt16BE(length & 0xffff, 2);
    return Buffer.concat([src, dst, tail]);
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32BE(length, 0);
  tail[7] = protocol;
  return Buffer.concat([src, dst, tail]);
}
