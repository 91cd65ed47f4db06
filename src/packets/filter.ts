import { type Amount, baseOf, compare, constants, join, load, operatorsOf } from './filter-arithmetic.ts';
import {
  type Direction,
  etherTest,
  manyTest,
  networkTest,
  portTest,
  protocolTest,
  protoTest,
  type Test,
} from './filter-primitives.ts';
import { type Token, tokensOf } from './filter-tokens.ts';
import { emptyView, lookAt } from './frame-view.ts';
import { PacketError } from './packet-error.ts';

/** Whether a frame fits a filter. */
export type Filter = (frame: { data: Buffer; length: number; linkType: number }) => boolean;

/** Compiles the usual part of the filter language of tcpdump (pcap-filter(7)). Throws PacketError. */
export function compileFilter(text: string): Filter {
  if (text.trim() === '') return () => true;
  const test = new Reader(tokensOf(text)).whole();
  const view = emptyView();
  return ({ data, length, linkType }) => {
    Object.assign(view, { data, length, linkType, isShort: false });
    lookAt(view);
    return test(view) && !view.isShort;
  };
}

const comparisons = ['>', '<', '>=', '<=', '=', '==', '!='];
const kinds = ['host', 'net', 'port', 'portrange', 'proto'];
const types = 'ether link ip ip6 arp rarp tcp udp sctp icmp igmp icmp6 ah esp vrrp pim'.split(' ');

/** What stands before a value, and is meant again by a value alone: `port 80 or 443`. */
interface Qualifiers {
  protocol?: string;
  direction?: Direction;
  kind?: string;
}

class Reader {
  private readonly tokens: Token[];
  private at = 0;
  /** VLAN tags that have been asked for so far: what follows looks behind them. */
  private tags = 0;
  private last: Qualifiers = {};

  constructor(tokens: Token[]) {
    this.tokens = tokens;
  }

  whole(): Test {
    const test = this.alternatives();
    if (this.peek.kind !== 'end') this.wrong();
    return test;
  }

  private get peek(): Token {
    return this.tokens[this.at]!;
  }

  private take(...texts: string[]): string | undefined {
    const { text, kind } = this.peek;
    if (kind === 'end' || !texts.includes(text)) return undefined;
    this.at += 1;
    return text;
  }

  private wrong(): never {
    throw new PacketError(`filter: "${this.peek.text}" is not expected there`);
  }

  /** `and` and `or` bind equally, from left to right. */
  private alternatives(): Test {
    let test = this.term();
    for (;;) {
      const word = this.take('and', '&&', 'or', '||');
      if (word === undefined) return test;
      const [a, b] = [test, this.term()];
      test = word === 'and' || word === '&&' ? (view) => a(view) && b(view) : (view) => a(view) || b(view);
    }
  }

  private term(): Test {
    if (this.take('not', '!') !== undefined) {
      const test = this.term();
      return (view) => !test(view);
    }
    const relation = this.relation();
    if (relation) return relation;
    if (this.take('(') !== undefined) {
      const test = this.alternatives();
      if (this.take(')') === undefined) this.wrong();
      return test;
    }
    return this.primitive();
  }

  /** A comparison of numbers; undefined, and nothing is read, where there is none. */
  private relation(): Test | undefined {
    const from = this.at;
    const next = this.tokens[from + 1]?.text ?? '';
    const begins = this.peek.kind === 'number' || ['(', 'len', '-'].includes(this.peek.text) || next === '[';
    if (!begins) return undefined;
    const guards: Test[] = [];
    const left = this.amount(0, guards);
    const operator = left && this.take(...comparisons);
    const right = operator === undefined ? undefined : this.amount(0, guards);
    if (!left || operator === undefined || !right) {
      this.at = from;
      return undefined;
    }
    const test = this.behindTags(compare(operator, left, right));
    const fits = guards.map((guard) => this.behindTags(guard));
    return (view) => fits.every((guard) => guard(view)) && test(view);
  }

  private amount(rank: number, guards: Test[]): Amount | undefined {
    const operators = operatorsOf(rank);
    if (!operators) return this.single(guards);
    let left = this.amount(rank + 1, guards);
    while (left) {
      const operator = this.take(...operators);
      if (operator === undefined) break;
      const right = this.amount(rank + 1, guards);
      left = right && join(operator, left, right);
    }
    return left;
  }

  private single(guards: Test[]): Amount | undefined {
    const { text, kind } = this.peek;
    if (kind === 'number') {
      this.at += 1;
      const number = Number(text);
      return () => number;
    }
    if (this.take('len') !== undefined) return (view) => view.length;
    if (this.take('(') !== undefined) {
      const inner = this.amount(0, guards);
      return inner && this.take(')') !== undefined ? inner : undefined;
    }
    if (this.take('-') !== undefined) {
      const inner = this.single(guards);
      return inner && ((view) => -inner(view) >>> 0);
    }
    const constant = constants[text];
    if (constant !== undefined) {
      this.at += 1;
      return () => constant;
    }
    return kind === 'word' && this.tokens[this.at + 1]?.text === '[' ? this.bytes(guards) : undefined;
  }

  /** `tcp[tcpflags]`, `ip[2:2]`. */
  private bytes(guards: Test[]): Amount {
    const { fits, at } = baseOf(this.peek.text);
    this.at += 2;
    const offset = this.amount(0, guards);
    const size = this.take(':') === undefined ? 1 : Number(this.peek.text);
    if (![1, 2, 4].includes(size)) throw new PacketError('filter: one, two or four bytes can be read at once');
    if (this.tokens[this.at]?.kind === 'number') this.at += 1;
    if (!offset || this.take(']') === undefined) this.wrong();
    guards.push(fits);
    return (view) => load(view, at(view) + offset(view), size);
  }

  private behindTags(test: Test): Test {
    const { tags } = this;
    if (tags === 0) return test;
    return (view) => {
      lookAt(view, tags);
      const fits = test(view);
      lookAt(view);
      return fits;
    };
  }

  private primitive(): Test {
    if (this.take('vlan') !== undefined) return this.vlan();
    const less = this.take('less', 'greater');
    if (less !== undefined) return this.size(less);
    const protocol = this.take(...types);
    const many = this.take('broadcast', 'multicast');
    if (many !== undefined) return this.behindTags(manyTest(protocol, many as 'broadcast' | 'multicast'));
    const direction = this.direction();
    const kind = this.take(...kinds);
    if (protocol !== undefined && direction === undefined && kind === undefined && !this.isValue()) {
      this.last = {};
      const test = protocol === 'ether' || protocol === 'link' ? undefined : protocolTest(protocol);
      return test ? this.behindTags(test) : this.wrong();
    }
    if (!this.isValue()) this.wrong();
    const bare = protocol === undefined && direction === undefined && kind === undefined;
    const qualifiers: Qualifiers = bare
      ? this.last
      : { ...(protocol && { protocol }), ...(direction && { direction }), ...(kind && { kind }) };
    this.last = qualifiers;
    const word = this.peek.text;
    this.at += 1;
    return this.behindTags(this.value(qualifiers, word));
  }

  private isValue(): boolean {
    const { kind, text } = this.peek;
    return kind === 'number' || (kind === 'word' && !['and', 'or', 'not', ...kinds].includes(text));
  }

  private direction(): Direction | undefined {
    const first = this.take('src', 'dst') as 'src' | 'dst' | undefined;
    if (first === undefined) return undefined;
    const between = this.peek.text;
    const second = this.tokens[this.at + 1]?.text;
    if (!['and', 'or'].includes(between) || second === first || (second !== 'src' && second !== 'dst')) return first;
    this.at += 2;
    return between === 'and' ? 'src and dst' : 'src or dst';
  }

  private value({ protocol, direction = 'src or dst', kind }: Qualifiers, word: string): Test {
    if (kind === 'proto') return protoTest(protocol, word);
    if (kind === 'port' || kind === 'portrange')
      return portTest({ protocol, direction, word, isRange: kind === 'portrange' });
    if (protocol === 'ether' || protocol === 'link') return etherTest(direction, word);
    const mask = kind === 'net' && this.take('mask') !== undefined ? this.peek.text : undefined;
    if (mask !== undefined) this.at += 1;
    const network = mask === undefined ? word : `${word}/${mask}`;
    return networkTest({ protocol, direction, word: network, isNet: kind === 'net' });
  }

  /** Whatever comes after it in the filter looks behind the tag. */
  private vlan(): Test {
    const id = this.peek.kind === 'number' ? Number(this.peek.text) : undefined;
    if (id !== undefined) this.at += 1;
    const test = this.behindTags(
      (view) =>
        [0x8100, 0x88a8, 0x9100].includes(view.type) && (id === undefined || (load(view, view.at, 2) & 0xfff) === id),
    );
    this.tags += 1;
    return test;
  }

  private size(word: string): Test {
    if (this.peek.kind !== 'number') this.wrong();
    const size = Number(this.peek.text);
    this.at += 1;
    return word === 'less' ? (view) => view.length <= size : (view) => view.length >= size;
  }
}
