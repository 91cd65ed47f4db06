# Ends what a step has started: every process that carries its token in the environment, everything below those, and their groups.
# Used by the watchdog of a timeout inside the session and, for interrupts, over a second channel.
if [ -n "${ZSH_VERSION-}" ]; then emulate sh; fi
# play_pids TOKEN: sets play_h to the live processes (zombies are dead), parents first.
play_pids() {
  play_h=' '
  for play_y in $(grep -ls -- "PLAY_STEP=$1" /proc/[0-9]*/environ 2>/dev/null); do
    play_y=${play_y#/proc/}
    play_h="$play_h${play_y%%/*} "
  done
  if [ "$play_h" = ' ' ]; then return 0; fi
  # All in one go: a read by the shell costs a system call a byte. The name in brackets can be anything.
  play_v=$(cat /proc/[0-9]*/stat 2>/dev/null | sed -n 's/^\([0-9]*\) (.*) \(.\) \([0-9]*\) .*/\1 \2 \3/p')
  play_more=1
  while [ -n "$play_more" ]; do
    play_more=
    set -f
    set -- $play_v
    set +f
    while [ $# -gt 2 ]; do
      case $2 in
        Z | X) case $play_h in *" $1 "*) play_h="${play_h%%" $1 "*} ${play_h#*" $1 "}" ;; esac ;;
        *) case $play_h in
          *" $1 "*) ;;
          *" $3 "*) play_h="$play_h$1 " play_more=1 ;;
        esac ;;
      esac
      shift 3
    done
  done
}
# `kill -s SIG -- -PID` is the one form of a group kill that all shells take.
play_signal() {
  for play_y in $play_h; do
    kill -s "$1" -- "-$play_y" 2>/dev/null
    kill -s "$1" "$play_y" 2>/dev/null
  done
}
# play_kill TOKEN: TERM, some 5 s of grace, KILL; play_h then holds what is still alive.
play_kill() {
  play_w=0
  while play_pids "$1" && [ "$play_h" != ' ' ] && [ $play_w -lt 28 ]; do
    if [ $play_w = 0 ]; then play_signal TERM; elif [ $play_w -ge 20 ]; then play_signal KILL; fi
    play_w=$((play_w + 1))
    # Soon at first: most processes end at once.
    case $play_w in 1 | 2) sleep 0.05 ;; *) sleep 0.25 ;; esac 2>/dev/null || { sleep 1 && play_w=$((play_w + 3)); }
  done
}
# play_watch SECONDS: a watchdog for the step that is about to run. It sleeps a second at a time and has no trap meanwhile: called off at
# whatever moment, nothing swallows the signal, and no clock goes on for longer than that, which holds nothing of the session open. USR1, because
# mksh always has a trap of its own for TERM.
play_watch() {
  if command -v setsid >/dev/null 2>&1; then play_grp=setsid; fi
  (
    unset PLAY_STEP
    exec </dev/null >/dev/null
    play_w=$1
    while [ "$play_w" -gt 0 ]; do sleep 1 2>/dev/null; play_w=$((play_w - 1)); done
    trap '' USR1
    play_kill "$play_K:$play_id:"
    if [ "$play_h" != ' ' ]; then echo "play: still running after SIGKILL:$play_h" >&2; fi
    exit 77
  ) &
  play_to=$!
}
play_unwatch() {
  kill -s USR1 "$play_to" 2>/dev/null
  wait "$play_to" 2>/dev/null
  if [ $? = 77 ]; then play_late=1; fi
  play_to=
}
