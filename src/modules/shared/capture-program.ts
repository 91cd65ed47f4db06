import type { AuthorCode } from '../../model/resource.ts';

/** What tcpdump is told. */
export interface CaptureOrder {
  interface: string;
  filter: string;
  /** Over with the first packet that fits it; empty: none. */
  stopFilter: string;
  count: number;
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
 * Starts tcpdump with its output in descriptor 4, a clock beside it, and where there is a filter to stop at a second tcpdump that waits for its
 * packet. A filter comes after `--` and can be no option. Only TERM ends a job of the background: INT is ignored there (POSIX, 2.11).
 */
const start = `if [ -n "$stop" ] && ! tcpdump -i "$iface" -d -- "$stop" >"$said" 2>&1; then
  cat "$said" >&2
  exit 1
fi
set -- -i "$iface" -n -U --immediate-mode -s "$snaplen" -c "$count" $promiscuous -w -
tcpdump "$@" -- "$filter" >&4 2>"$said" 4>&- &
pid=$!
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

const read = 'iface=$1 filter=$2 stop=$3 count=$4 seconds=$5 snaplen=$6 promiscuous=$7';

const argsOf = (order: CaptureOrder): string[] => [
  order.interface,
  order.filter,
  order.stopFilter,
  String(order.count),
  String(order.timeout),
  String(order.snaplen),
  order.promiscuous ? '' : '-p',
];

/** Captures and prints a pcap file until enough has come. */
export function captureNow(order: CaptureOrder): AuthorCode {
  const text = `${read}
${noTcpdump}
said=$(mktemp) || exit
trap 'rm -f "$said"' EXIT
exec 4>&1
${start}
wait "$pid"
rc=$?
kill "$clock" $guard 2>/dev/null
cat "$said" >&2
exit "$rc"`;
  return { text, args: argsOf(order), env: {} };
}

/** Starts a capture that goes on behind the task, and prints the folder that it is in once it listens. */
export function captureStart(order: CaptureOrder): AuthorCode {
  const text = `${read}
${noTcpdump}
dir=$(umask 077 && mktemp -d /tmp/play-capture.XXXXXX) || exit
said=$dir/said
trap 'rm -rf "$dir"' EXIT
exec 4>"$dir/pcap"
trap '' HUP
${start}
echo "$pid $clock $guard" >"$dir/pids"
tries=0
until grep -q 'listening on' "$said" 2>/dev/null; do
  if ! kill -0 "$pid" 2>/dev/null || [ "$tries" -ge 100 ]; then
    kill "$clock" $guard "$pid" 2>/dev/null
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
read -r pid others <"$dir/pids"
# Packets on their way are still taken.
sleep 1
kill "$pid" 2>/dev/null
kill $others 2>/dev/null
tries=0
while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 10 ]; do tries=$((tries + 1)); sleep 1; done
cat "$dir/said" >&2
cat "$dir/pcap" && rm -rf "$dir"`;
  return { text, args: [folder], env: {} };
}

/** Why tcpdump did not capture, without what it says when all is well. */
export function captureFailure(stderr: string): string {
  const usual = /^(listening on |data link type |verbose output |Warning: |\d+ packets? )/;
  const lines = stderr.split('\n').map((line) => line.replace(/^tcpdump: /, ''));
  const words = lines.filter((line) => line !== '' && !usual.test(line)).join('; ');
  return /permission|not permitted/i.test(words)
    ? `${words}; capturing needs root: become: true`
    : words || 'tcpdump failed';
}
