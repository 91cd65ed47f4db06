import { badArgs } from './args.ts';

/** One published port as docker keeps it. */
interface Port {
  /** `80/tcp` */
  inside: string;
  /** Empty: all addresses of the host. */
  address: string;
  /** Empty: docker chooses one. */
  outside: string;
}

const shape = /^(?:(?:(\[[0-9a-fA-F:]+\]|[0-9.]+):)?(\d+(?:-\d+)?)?:)?(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/;

/** Reads `80`, `8080:80`, `127.0.0.1:8080:80`, `53:53/udp`, and ranges of the same length on both sides. */
export function readPorts(module: string, entries: readonly (string | number)[]): Port[] {
  return entries.flatMap((entry) => {
    const [whole, address = '', outside, inside = '', protocol = 'tcp'] = shape.exec(String(entry)) ?? [];
    if (whole === undefined)
      throw badArgs(module, `published_ports has "${entry}"`, 'write 80, 8080:80, 127.0.0.1:8080:80 or 53:53/udp');
    const within = range(inside);
    const without = outside === undefined ? within.map(() => '') : range(outside);
    if (within.length !== without.length)
      throw badArgs(module, `published_ports has "${entry}"`, 'both ranges have to be of the same length');
    return within.map((port, i) => ({
      inside: `${port}/${protocol}`,
      address: address === '0.0.0.0' ? '' : address.replace(/^\[(.*)\]$/, '$1'),
      outside: without[i] ?? '',
    }));
  });
}

function range(text: string): string[] {
  const [from = 0, to = from] = text.split('-').map(Number);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => String(from + i));
}

/** The word for `--publish`. */
export function portWord({ inside, address, outside }: Port): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${host === '' ? '' : `${host}:`}${host === '' && outside === '' ? '' : `${outside}:`}${inside}`;
}

/** The line of `containerFormat` for it. */
export function portLine({ inside, address, outside }: Port): string {
  return `port ${inside} ${address}:${outside}`;
}
