import type { BothContext } from '../../model/module.ts';
import type { AuthorCode } from '../../model/resource.ts';
import { perlClock } from './perl-clock.ts';

/** Frames or packets that a host is to send, and what it waits for. */
export interface RawOrder {
  /** Frames of Ethernet go out of this interface … */
  interface?: string;
  /** … packets of IP to their address. */
  packets: { hex: string; rules: string; address: string }[];
  /** Seconds between two packets. */
  interval: number;
  /** Seconds to wait after the last; 0: nothing is waited for. */
  timeout: number;
  /** More than one answer each is waited for. */
  multi: boolean;
}

/** An answer: to which packet, after how many milliseconds, its bytes from the frame (of Ethernet) or the packet on. */
export interface RawAnswer {
  index: number;
  rtt: number;
  bytes: Buffer;
}

/**
 * Sockets of the kernel (packet(7), raw(7)) without anything but perl: Node has none. What it reads on standard input is one order a line; it
 * prints `sent INDEX` and `got INDEX MILLISECONDS HEX`. An answer counts when all bytes of one of its rules are where they have to be.
 */
const program = `use strict; use warnings; use Socket;
${perlClock}my (%o, @send);
while (my $line = <STDIN>) {
  chomp $line;
  my ($key, @rest) = split / /, $line;
  next unless defined $key;
  if ($key eq "send") { push @send, [pack("H*", $rest[0]), $rest[1], $rest[2] // ""] } else { $o{$key} = $rest[0] }
}
my $all = pack "n", 3;
my $frames = defined $o{interface};
my ($in, $four, $six, $index);
my $denied = "raw sockets need root: become: true\\n";
if ($frames) {
  open my $file, "<", "/sys/class/net/$o{interface}/ifindex" or die "there is no interface $o{interface}\\n";
  $index = <$file>; chomp $index;
}
socket $in, 17, $frames ? SOCK_RAW : SOCK_DGRAM, unpack "S", $all or die $denied;
bind $in, pack "Sa2iSCCa8", 17, $all, $index, 0, 0, 0, "" or die "$o{interface}: $!\\n" if $frames;
my @rules = map { [map { [map { /^([nt])(\\d+)=(.*)$/; [$1, $2, pack "H*", $3] } split /,/] } split /\\|/, $_->[2]] } @send;
my (@when, @done);
my $left = grep { length $_->[2] } @send;
sub look {
  my ($until) = @_;
  while (1) {
    my $wait = $until - now();
    my $bits = ""; vec($bits, fileno $in, 1) = 1;
    return if $wait <= 0 || ($left <= 0 && !$o{multi});
    next unless select $bits, undef, undef, $wait;
    my $from = recv $in, my $data, 65535, 0;
    next unless defined $from;
    my $now = now();
    my (undef, $proto, undef, undef, $kind) = unpack "SnISC", $from;
    next if $kind == 4;
    my $net = 0;
    if ($frames) {
      $net = 14; my $type = unpack "n", substr $data, 12, 2;
      while ($type == 0x8100) { $type = unpack "n", substr $data, $net + 2, 2; $net += 4 }
    }
    next if length $data < $net + 20;
    my $head = ord substr $data, $net, 1;
    my $trans = $net + ($head >> 4 == 4 ? ($head & 15) * 4 : 40);
    for my $i (0 .. $#when) {
      next if $done[$i] && !$o{multi};
      for my $rule (@{$rules[$i]}) {
        my $fits = 1;
        for my $c (@$rule) {
          my $at = ($c->[0] eq "n" ? $net : $trans) + $c->[1];
          if ($at + length $c->[2] > length $data || substr($data, $at, length $c->[2]) ne $c->[2]) { $fits = 0; last }
        }
        next unless $fits;
        printf "got %d %.3f %s\\n", $i, ($now - $when[$i]) * 1000, unpack "H*", $data;
        $left-- unless $done[$i];
        $done[$i] = 1;
        last;
      }
    }
  }
}
$| = 1;
for my $i (0 .. $#send) {
  my ($data, $address) = @{$send[$i]};
  $when[$i] = now();
  if ($frames) { send $in, $data, 0 or die "$o{interface}: $!\\n" }
  elsif ($address =~ /:/) {
    socket $six, 10, SOCK_RAW, 255 or die $denied unless $six;
    my $to = pack "SnNa16N", 10, 0, 0, Socket::inet_pton(10, $address), 0;
    send $six, $data, 0, $to or die "$address: $!\\n";
  } else {
    socket $four, 2, SOCK_RAW, 255 or die $denied unless $four;
    setsockopt $four, 1, 6, 1;
    send $four, $data, 0, scalar sockaddr_in(0, inet_aton $address) or die "$address: $!\\n";
  }
  print "sent $i\\n";
  $o{timeout} > 0 ? look(now() + $o{interval}) : select undef, undef, undef, $o{interval} if $i < $#send && $o{interval} > 0;
}
look(now() + $o{timeout}) if $o{timeout} > 0;
`;

const withPerl = (text: string): string => `command -v perl >/dev/null 2>&1 || {
echo 'sending packets needs perl on the host, and it has none' >&2
exit 127
}
exec perl -e ${`'${text.replaceAll("'", `'\\''`)}'`}`;

/** Sends, and waits for answers. */
export function rawSend(order: RawOrder): AuthorCode {
  const lines = [
    ...(order.interface === undefined ? [] : [`interface ${order.interface}`]),
    `interval ${order.interval}`,
    `timeout ${order.timeout}`,
    `multi ${order.multi ? 1 : 0}`,
    ...order.packets.map(({ hex, rules, address }) => `send ${hex} ${address} ${rules}`),
  ];
  return { text: withPerl(program), stdin: lines.join('\n'), env: {} };
}

/** Reads what the program has printed. */
export function readAnswers(stdout: string): { sent: number; answers: RawAnswer[] } {
  const answers: RawAnswer[] = [];
  let sent = 0;
  for (const line of stdout.split('\n')) {
    const [word, index, rtt, hex] = line.split(' ');
    if (word === 'sent') sent += 1;
    if (word === 'got') answers.push({ index: Number(index), rtt: Number(rtt), bytes: Buffer.from(hex ?? '', 'hex') });
  }
  return { sent, answers };
}

/** Prints for each address the one that this machine would send from, and for each interface its hardware address. */
export function ownPlaces({ addresses, interfaces }: { addresses: string[]; interfaces: string[] }): AuthorCode {
  const text = `use strict; use Socket;
for (@ARGV) {
  if (m{^/}) { open my $f, "<", $_ or die "there is no interface " . (split m{/})[4] . "\\n"; my $mac = <$f>; print $mac; next }
  my $six = /:/;
  socket my $s, $six ? 10 : 2, SOCK_DGRAM, 0 or die "$!\\n";
  setsockopt $s, 1, 6, 1;
  my $to = $six ? pack("SnNa16N", 10, 9, 0, Socket::inet_pton(10, $_), 0) : sockaddr_in(9, inet_aton $_);
  connect $s, $to or die "$_: $!\\n";
  my $own = getsockname $s;
  print $six ? Socket::inet_ntop(10, (unpack "SnNa16", $own)[3]) : inet_ntoa((sockaddr_in $own)[1]), "\\n";
}
`;
  return {
    text: `${withPerl(text)} -- "$@"`,
    args: [...addresses, ...interfaces.map((each) => `/sys/class/net/${each}/address`)],
    env: {},
  };
}

/** Runs one of these programs on the host; gives what it prints. Throws NetworkError with what it said when it failed. */
export async function onHost(run: AuthorCode, context: BothContext, { reads = false } = {}): Promise<string> {
  const { NetworkError } = await import('../../network/network-error.ts');
  const [answer] = await context.visit([{ kind: 'action', reads, run: { ...run, env: context.env } }], {
    mayFail: true,
  });
  if (answer?.failure) throw new NetworkError(answer.stderr.trim() || answer.failure.message);
  return String(answer?.stdout ?? '');
}
