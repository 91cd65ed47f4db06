import type { AuthorCode } from '../../model/resource.ts';

/** What tcpdump is told. */
export interface CaptureOrder {
  interface: string;
  filter: string;
  /** Over with the first packet that fits it; empty: none. */
  stopFilter: string;
  count: number;
  /** Over when the file would have more. */
  bytes: number;
  /** Seconds. */
  timeout: number;
  /** Bytes that are kept of each packet. */
  snaplen: number;
  promiscuous: boolean;
}

const noTcpdump = `command -v tcpdump >/dev/null 2>&1 || {
echo 'there is no tcpdump on the host; install it, for example with package: { name: tcpdump }' >&2
exit 127
}`;

/**
 * Starts tcpdump in the folder $dir, with a reader that hands on at most $bytes to descriptor 4 and then ends it, a clock, and where there is a
 * filter to stop at a second tcpdump that waits for its packet. The reader goes on reading, so that tcpdump can say its last words. A filter comes
 * after `--` and can be no option. Only TERM ends a job of the background: INT is ignored there (POSIX, 2.11).
 */
const start = `said=$dir/said
if [ -n "$stop" ] && ! tcpdump -i "$iface" -d -- "$stop" >"$said" 2>&1; then
  cat "$said" >&2
  exit 1
fi
mkfifo "$dir/stream" || exit
set -- -i "$iface" -n -U --immediate-mode -s "$snaplen" -c "$count" $promiscuous -w -
tcpdump "$@" -- "$filter" >"$dir/stream" 2>"$said" 4>&- &
pid=$!
{
  head -c "$bytes" >&4
  kill "$pid"
  cat >/dev/null
} <"$dir/stream" 2>/dev/null &
reader=$!
(
  sleep "$seconds" & nap=$!
  trap 'kill "$nap"; exit' TERM
  wait "$nap"
  kill "$pid"
) >/dev/null 2>&1 4>&- &
clock=$!
guard=
if [ -n "$stop" ]; then
  (
    tcpdump -i "$iface" -n --immediate-mode -c 1 -w /dev/null $promiscuous -- "$stop" & watch=$!
    trap 'kill "$watch"; exit' TERM
    wait "$watch" && { sleep 1; kill "$pid"; }
  ) >/dev/null 2>&1 4>&- &
  guard=$!
fi`;

const read = 'iface=$1 filter=$2 stop=$3 count=$4 bytes=$5 seconds=$6 snaplen=$7 promiscuous=$8';

const argsOf = (order: CaptureOrder): string[] => [
  order.interface,
  order.filter,
  order.stopFilter,
  String(order.count),
  String(order.bytes),
  String(order.timeout),
  String(order.snaplen),
  order.promiscuous ? '' : '-p',
];

/** Captures and prints a pcap file until enough has come. */
export function captureNow(order: CaptureOrder): AuthorCode {
  const text = `${read}
${noTcpdump}
dir=$(mktemp -d) || exit
trap 'rm -rf "$dir"' EXIT
exec 4>&1
${start}
wait "$pid"
rc=$?
wait "$reader"
kill "$clock" $guard 2>/dev/null
cat "$said" >&2
echo "at most $bytes bytes" >&2
exit "$rc"`;
  return { text, args: argsOf(order), env: {} };
}

/** Starts a capture that goes on behind the task, and prints the folder that it is in once it listens. */
export function captureStart(order: CaptureOrder): AuthorCode {
  const text = `${read}
${noTcpdump}
dir=$(umask 077 && mktemp -d /tmp/play-capture.XXXXXX) || exit
trap 'rm -rf "$dir"' EXIT
exec 4>"$dir/pcap"
trap '' HUP
${start}
echo "$pid $reader $bytes $clock $guard" >"$dir/pids"
tries=0
until grep -q 'listening on' "$said" 2>/dev/null; do
  if ! kill -0 "$pid" 2>/dev/null || [ "$tries" -ge 100 ]; then
    kill "$clock" $guard "$pid" "$reader" 2>/dev/null
    cat "$said" >&2
    exit 1
  fi
  tries=$((tries + 1))
  sleep 0.1 2>/dev/null || sleep 1
done
trap - EXIT
echo "$dir"`;
  return { text, args: argsOf(order), env: {} };
}

/** Ends a capture that was started, and prints its pcap file. */
export function captureStop(folder: string): AuthorCode {
  const text = `dir=$1
[ -f "$dir/pids" ] || { echo "there is no capture in $dir; it was stopped before, or started by another user" >&2; exit 1; }
read -r pid reader bytes others <"$dir/pids"
# Packets on their way are still taken.
sleep 1
kill "$pid" 2>/dev/null
kill $others 2>/dev/null
tries=0
while { kill -0 "$pid" || kill -0 "$reader"; } 2>/dev/null && [ "$tries" -lt 10 ]; do tries=$((tries + 1)); sleep 1; done
cat "$dir/said" >&2
echo "at most $bytes bytes" >&2
cat "$dir/pcap" && rm -rf "$dir"`;
  return { text, args: [folder], env: {} };
}

/** Why tcpdump did not capture, without what it says when all is well. */
export function captureFailure(stderr: string): string {
  const usual = /^(listening on |data link type |verbose output |Warning: |\d+ packets? |at most )/;
  const lines = stderr.split('\n').map((line) => line.replace(/^tcpdump: /, ''));
  const words = lines.filter((line) => line !== '' && !usual.test(line)).join('; ');
  return /permission|not permitted/i.test(words)
    ? `${words}; capturing needs root: become: true`
    : words || 'tcpdump failed';
}
