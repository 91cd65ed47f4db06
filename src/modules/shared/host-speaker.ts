import type { AuthorCode } from '../../model/resource.ts';
import { perlClock } from './perl-clock.ts';

/** What a program of the host connects to and says. */
export interface Speech {
  protocol: 'tcp' | 'udp' | 'unix';
  /** Names or addresses with their ports; a path has the port 0. Only `none` may have more than one. */
  places: { host: string; port: number }[];
  payload: Buffer;
  /** `dns`: a message with its length before it, which is not printed. The others are those of an Exchange. */
  read: 'once' | 'all' | 'none' | 'dns';
  /** Over when this fits, where the program of the host can tell; empty: it has no say. */
  fits: string;
  /** Seconds. */
  timeout: number;
  most: number;
  /** Of several places so many at once. */
  parallel?: number;
  /** Through `openssl s_client` with these options. */
  tls?: string[];
}

/** A host without anything that could connect. */
export const noSpeaker = 69;
/** What there is speaks only TCP. */
export const onlyTcp = 65;

/** Connects within the time, sends, and prints what comes; on standard error it ends with `ended WHY MILLISECONDS`. */
const perlText = `use strict; use Socket qw(:DEFAULT getaddrinfo); use IO::Handle; use Errno;
${perlClock}
my ($proto, $read, $fits, $seconds, $most, $parallel, @to) = @ARGV;
binmode STDIN; binmode STDOUT; STDOUT->autoflush(1); $SIG{PIPE} = "IGNORE";
my $payload = @to == 2 ? do { local $/; <STDIN> } : "";
my $kind = $proto eq "udp" ? SOCK_DGRAM : SOCK_STREAM;
my ($s, $why, $end);
if (@to == 2) { my $said = speak(@to); print STDERR "$said\\n"; exit }
my ($index, $running) = (0, 0);
while (my @place = splice @to, 0, 2) {
  if ($running >= $parallel) { wait; $running-- }
  my $child = fork;
  die "$!\\n" unless defined $child;
  if (!$child) {
    my $said = eval { speak(@place) };
    syswrite STDOUT, defined $said ? "place $index 0 $said\\n" : "place $index 1 $@";
    exit;
  }
  $running++; $index++;
}
1 while wait > 0;
sub ready {
  my ($out) = @_;
  my $left = $end - now();
  return 0 if $left <= 0;
  my $bits = ""; vec($bits, fileno $s, 1) = 1;
  return ($out ? select undef, $bits, undef, $left : select $bits, undef, undef, $left) > 0;
}
sub connected {
  if (!$!{EINPROGRESS}) { $why = "$!"; return 0 }
  if (!ready(1)) { $why = "timed out"; return 0 }
  $! = unpack "i", getsockopt $s, SOL_SOCKET, SO_ERROR;
  $why = "$!" if $!;
  return !defined $why;
}
sub speak {
  my ($host, $port) = @_;
  my $start = now(); $end = $start + $seconds;
  my ($wrong, @places) = $proto eq "unix" ? ("", { family => AF_UNIX, addr => pack_sockaddr_un($host) })
    : getaddrinfo($host, $port, { socktype => $kind });
  die "$host: $wrong\\n" if $wrong;
  for my $place (@places) {
    undef $why;
    if (!socket $s, $place->{family}, $kind, $place->{protocol} || 0) { $why = "$!"; next }
    $s->blocking(0);
    last if connect($s, $place->{addr}) || connected();
  }
  die "$why\\n" if defined $why;
  my $ms = (now() - $start) * 1000;
  while (length $payload) {
    ready(1) or die "timed out\\n";
    my $n = syswrite $s, $payload;
    if (defined $n) { substr $payload, 0, $n, "" } elsif (!$!{EAGAIN}) { die "$!\\n" }
  }
  my ($got, $ended) = ("", "enough");
  my $pattern = $fits eq "" ? undef : eval { qr/$fits/m };
  while ($read ne "none") {
    if (!ready(0)) { $ended = "timeout"; last }
    my $n = sysread $s, my $data, 65536;
    if (!defined $n) {
      next if $!{EAGAIN} || $!{EINTR};
      die "$!\\n" if $got eq "";
    }
    if (!$n) { next if $proto eq "udp" && defined $n; $ended = "closed"; last }
    $got .= $data;
    print $data unless $read eq "dns";
    if (length $got >= $most) { $ended = "full"; last }
    last if $read eq "once" && $fits eq "" || $pattern && $got =~ $pattern;
    last if $read eq "dns" && length $got >= 2 && length $got >= 2 + unpack "n", $got;
  }
  print substr $got, 2 if $read eq "dns" && length $got > 2;
  $ms = (now() - $start) * 1000 if $read ne "none";
  return sprintf "ended %s %.1f", $ended, $ms;
}
`;

/** The same with the descriptors of bash. Its printf would cut a datagram at every line, dd does not. */
const bashText = `exec 3<>"/dev/$1/$2/$3" || exit 7
dd ibs=65536 obs=65507 >&3 2>/dev/null
case $4 in
none) ;;
once) exec dd bs=65536 count=1 <&3 ;;
dns) set -- $(dd bs=1 count=2 <&3 2>/dev/null | od -A n -t u1); exec dd bs=1 count="$((\${1:-0} * 256 + \${2:-0}))" <&3 2>/dev/null ;;
*) exec cat <&3 ;;
esac`;

/**
 * The first program that is there does it: openssl for TLS, else perl, bash, nc. What is sent comes on standard input in base64, so that nobody
 * sees it in a list of processes. Programs that wait for the end of their input get it through a pipe that stays open until enough has come.
 */
const text = `proto=$1 read=$2 fits=$3 seconds=$4 whole=$5 most=$6 parallel=$7 tls=$8
shift 8
export LC_ALL=C
help=$(nc -h 2>&1)
if [ -n "$tls" ]; then tool=openssl; command -v openssl >/dev/null 2>&1 || tool=
elif command -v perl >/dev/null 2>&1; then tool=perl
elif [ "$proto" != unix ] && command -v bash >/dev/null 2>&1 && ! bash --norc -c 'exec 3<>/dev/tcp/127.0.0.1/0' 2>&1 </dev/null | grep -q 'No such file'; then tool=bash
else
  case $help in *-z*) tool=nc ;; *'-e PROG'*) tool=busybox ;; *) tool= ;; esac
  case $proto in udp) option=-u ;; unix) option=-U ;; *) option= ;; esac
  if [ -n "$tool" ]; then case $help in *"$option"*) ;; *) exit ${onlyTcp} ;; esac; fi
fi
[ -n "$tool" ] || exit ${noSpeaker}
dir=$(mktemp -d) || exit
trap 'rm -rf "$dir"' EXIT
limit=
if timeout 1 true 2>/dev/null; then limit="timeout $whole"; fi
ask() {
  case $tool in
  perl) perl -e "$perl" "$proto" "$read" "$fits" "$seconds" "$most" "$parallel" "$@" ;;
  bash) $limit bash --norc -c "$bash" bash "$proto" "$1" "$2" "$read" ;;
  busybox) if [ "$read" = none ] && [ "$sends" = no ]; then nc -w "$whole" "$1" "$2" -e true; else piped nc -w "$whole" "$1" "$2"; fi ;;
  nc)
    if [ "$proto" = unix ]; then piped nc -U "$1"
    elif [ "$read" = none ] && [ "$sends" = no ]; then nc -z -v -w "$whole" "$1" "$2"
    elif [ "$proto" = udp ]; then piped nc -u -w "$whole" "$1" "$2"
    else piped nc -v -w "$whole" "$1" "$2"; fi ;;
  openssl) eval "piped openssl s_client -quiet $tls" ;;
  esac
}
piped() {
  mkfifo "$dir/in" "$dir/out" || return
  $limit "$@" <"$dir/in" >"$dir/out" &
  pid=$! ended=
  exec 3>"$dir/in" 4<"$dir/out"
  dd ibs=65536 obs=65507 >&3 2>/dev/null
  case $read in
  none) sleep 1; ended=yes ;;
  once) dd bs=65536 count=1 <&4 2>/dev/null >"$dir/first"; cat "$dir/first"; if [ -s "$dir/first" ]; then ended=yes; fi ;;
  dns)
    set -- $(dd bs=1 count=2 <&4 2>/dev/null | od -A n -t u1)
    dd bs=1 count="$((\${1:-0} * 256 + \${2:-0}))" <&4 2>/dev/null
    if [ $# -eq 2 ]; then ended=yes; fi ;;
  *)
    # That of OpenBSD ends only when its input has, too, and keeps the connection until then.
    if [ "$tool" = nc ]; then exec 3>&-; fi
    cat <&4 ;;
  esac
  exec 3>&- 4<&-
  if [ -n "$ended" ]; then kill "$pid" 2>/dev/null; fi
  wait "$pid" 2>/dev/null
  rc=$?
  if [ -n "$ended" ]; then rc=0; fi
  return "$rc"
}
base64 -d >"$dir/payload" 2>/dev/null || { command -v openssl >/dev/null 2>&1 && openssl base64 -d -A >"$dir/payload"; }
if [ -s "$dir/payload" ]; then sends=yes; else sends=no; fi
if [ $# -eq 2 ] || [ "$tool" = perl ]; then
  ask "$@" <"$dir/payload"
  exit
fi
many=0
while [ $# -ge 2 ]; do
  (
    said=$(ask "$1" "$2" </dev/null 2>&1)
    rc=$?
    echo "place $many $rc $(printf %s "$said" | tr '\\n' ' ')"
  ) &
  many=$((many + 1))
  shift 2
  if [ "$((many % parallel))" -eq 0 ]; then wait; fi
done
wait`;

/** The program for a host. With several places it prints `place INDEX STATUS WORDS` for each, else what has come. */
export function speaker({
  protocol,
  places,
  payload,
  read,
  fits,
  timeout,
  most,
  parallel = 20,
  tls = [],
}: Speech): AuthorCode {
  const quoted = tls.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const whole = String(Math.max(1, Math.ceil(timeout)));
  return {
    text,
    assign: { perl: perlText, bash: bashText },
    args: [
      ...[protocol, read, fits, String(timeout), whole, String(most), String(parallel), quoted],
      ...places.flatMap(({ host, port }) => [host, String(port)]),
    ],
    stdin: payload.toString('base64'),
    env: {},
  };
}
