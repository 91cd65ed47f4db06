import type { Sh } from '../../model/resource.ts';
import { raw, sh } from '../../program/sh.ts';

/** A port to look at. */
export interface PortCheck {
  host: string;
  port: number;
  /** Seconds for one attempt. */
  connectTimeout: number;
  /** What it has to say: an extended regular expression. */
  regex?: string;
}

/**
 * Defines `play_wf_port`: exit 0 when a connection can be made (and the other side says what is wanted). POSIX has no tool for it,
 * so the first that is there does it: bash, nc, perl. Without any, play_wf_t is empty.
 */
export function portCheck({ host, port, connectTimeout, regex }: PortCheck): Sh {
  const args = [host, port, connectTimeout, regex ?? ''];
  const open = sh`bash) $play_wf_l bash -c ${regex === undefined ? 'exec 3<>"/dev/tcp/$1/$2"' : bashReads} bash ${args} ;;`;
  const nc = sh`nc) $play_wf_l nc -z -w ${connectTimeout} ${host} ${port} ;;
nce) $play_wf_l nc -w ${connectTimeout} ${host} ${port} -e true ;;`;
  return sh`play_wf_l=
if timeout 1 true 2>/dev/null; then play_wf_l=${`timeout ${connectTimeout * (regex === undefined ? 1 : 2)}`}; fi
${regex === undefined ? anyTool : readingTool}
play_wf_port() {
case $play_wf_t in
${open}
${regex === undefined ? nc : raw('')}
perl) perl -e ${perlText} ${args} ;;
esac >/dev/null 2>&1 </dev/null
}`;
}

/** A bash without network redirections takes /dev/tcp for a file. */
const hasBash = raw(
  `command -v bash >/dev/null 2>&1 && case $(LC_ALL=C bash -c 'exec 3<>/dev/tcp/127.0.0.1/0' 2>&1) in *'No such file'*) false ;; esac`,
);

/** busybox has an nc without -z that can run a program once it is connected. */
const anyTool = sh`play_wf_t=
if ${hasBash}; then play_wf_t=bash
elif command -v nc >/dev/null 2>&1; then
case $(nc -h 2>&1) in *-z*) play_wf_t=nc ;; *'-e PROG'*) play_wf_t=nce ;; esac
fi
if [ -z "$play_wf_t" ] && command -v perl >/dev/null 2>&1; then play_wf_t=perl; fi`;

const readingTool = sh`play_wf_t=
if ${hasBash}; then play_wf_t=bash
elif command -v perl >/dev/null 2>&1; then play_wf_t=perl; fi`;

/** Reads lines until one fits; what comes without a line end counts too. */
const bashReads = `exec 3<>"/dev/tcp/$1/$2" || exit
while IFS= read -r -t "$3" -u 3 line || [ -n "$line" ]; do
if [[ $line =~ $4 ]]; then exit 0; fi
done
exit 1`;

const perlText = `my ($h, $p, $t, $r) = @ARGV; my $s;
if (eval { require IO::Socket::IP; 1 }) { $s = IO::Socket::IP->new(PeerHost => $h, PeerPort => $p, Timeout => $t) }
else { require IO::Socket::INET; $s = IO::Socket::INET->new(PeerAddr => $h, PeerPort => $p, Timeout => $t) }
exit 1 unless $s;
exit 0 if $r eq "";
$SIG{ALRM} = sub { exit 1 }; alarm $t;
my ($b, $c) = ("", "");
while (sysread($s, $c, 4096)) { $b .= $c; exit 0 if $b =~ /$r/m }
exit 1`;
