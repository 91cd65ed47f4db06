# The core of the play runtime: read once by the host's shell, then it obeys frames from descriptor 3. What brings files into a state, or ends
# processes, comes with the first program that needs it.
# POSIX sh; runs under dash, bash, busybox ash, mksh and zsh. Every name is prefixed: ksh has aliases for short ones.
# Set before it is loaded: play_M marker (RS + nonce), play_T marker that may show in `ps`, for sudo, play_K token of our processes, play_R run directory,
# play_L the beginning of secret names in it, play_D 1 when diffs are wanted, play_S the shell, play_B the bootstrap that loads play_r, the text of all this.
if [ -n "${ZSH_VERSION-}" ]; then emulate sh; fi
umask 022
PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/sbin:/sbin
unset CDPATH
# With a trap of its own a write to a dead line fails and can be answered; programs that are started get the usual again.
trap : PIPE
play_nl='
'
play_q= play_f=0 play_g= play_gen=1 play_from=0 play_dir= play_up= play_n=0 play_C=0 play_temp= play_hit=

# Markers. They wait in play_q until something must be seen; one write then carries many.
if [ -n "${KSH_VERSION-}" ]; then
  play_out() { print -rn -- "$1"; }
else
  play_out() { printf %s "$1"; }
fi
play_say() { play_q="$play_q$play_M $1$play_nl"; }
play_flush() { if [ -n "$play_q" ]; then play_out "$play_q" || play_gone; play_q=; fi; }

# The run directory: ledger, stop file, FIFOs. mkdir without -p never takes over one that is there. Anyone may pass through it,
# nobody else can list it, and what other users' shells write to has a secret name.
play_mkdir() {
  if [ -z "$play_dir" ]; then
    mkdir -m 711 "$play_R" 2>/dev/null || [ -O "$play_R" ] || return 1
    umask 0
    : >"$play_L.ledger" && play_dir=1
    umask 022
    [ -n "$play_dir" ]
  fi
}
# The line is dead. What the ledger says may still be asked for; all else goes.
play_gone() {
  if [ -n "$play_temp" ]; then rm -f -- "$play_temp"; fi
  if [ -z "${play_child-}" ] && [ -e "$play_R" ]; then
    if [ -s "$play_L.ledger" ]; then rm -f "$play_L".[ab]*; else rm -rf "$play_R"; fi
  fi
  exit 141
}

# play_step ID EPOCH FLAGS: should this step run? Steps of an epoch that has failed are passed over in silence.
# Flags: i failure does not stop the host; l one of a loop's items; z the last of them; g one of them has failed elsewhere; o send what was observed also
# when ok; m author code follows at once, whose beginning travels with this end.
play_step() {
  play_id=$1 play_ep=$2 play_fl=$3 play_err=0 play_to= play_late= play_old= play_body= play_check= play_staged= play_b= play_grp= play_led= play_same= play_only= play_back= play_num=0 play_plan=
  if [ "$2" -le "$play_f" ]; then return 1; fi
  if [ -e "$play_R/stop" ]; then play_say "E $1 cancelled 0 0"; return 1; fi
}
# Something with an effect begins: its marker is written, and checked, before it.
play_begin() {
  play_gen=1
  play_read
}
# play_end STATUS RC
play_end() {
  if [ $play_err = 1 ]; then play_out "$play_M E $play_id$play_nl" >&2 || play_gone; fi
  play_say "E $play_id $1 $2 $play_err"
  case $play_err$play_fl in 1*m*) ;; 1*) play_flush ;; esac
  case $play_fl in *g*) play_g=1 ;; esac
  case $1 in
    ok) if [ $play_gen = 1 ]; then play_gen=2; fi ;;
    stale | drift) play_f=$play_ep ;;
    failed | timeout)
      case $play_fl in
        *i*) ;;
        *l*) play_g=1 ;;
        *) play_f=$play_ep ;;
      esac ;;
  esac
  case $play_fl in *z*) if [ -n "$play_g" ]; then play_f=$play_ep play_g=; fi ;; esac
}

# Author code: `if play_step …; then play_open; ( … exec … ); play_close $?; fi`. The ledger settles it after a lost link.
play_open() {
  if play_mkdir; then printf 'start %s\n' "$play_id" >>"$play_L.ledger" && play_led=1; fi
  play_begin
}
# Something that only reads: its output is seen, nothing is recorded, what was probed stays true.
play_read() {
  PLAY_STEP=$play_K:$play_id:
  export PLAY_STEP
  play_err=1
  play_say "B $play_id" && play_flush
}
play_close() {
  play_z=$1
  if [ -n "$play_to" ]; then play_unwatch; fi
  if [ -n "$play_led" ]; then printf 'end %s %s\n' "$play_id" "$play_z" >>"$play_L.ledger"; fi
  if [ -n "$play_late" ]; then play_end timeout "$play_z"
  elif [ "$play_z" = 0 ]; then play_end changed 0
  else play_end failed "$play_z"; fi
}
play_in() { cd -- "$1" || exit 1; }

# play_recv BYTES: takes counted content from descriptor 3 into play_temp. What cannot be written is taken all the same, or it would be read as frames;
# play_rest then says why.
play_recv() {
  umask 077
  set -C
  play_rest=$({ play_take "$1" | { cat >"$play_temp" || cat >/dev/null; }; } 2>&1)
  set +C
  umask 022
}
play_take() {
  play_i=$(($1 / 65536)) play_k=$(($1 % 65536))
  if [ $play_i -gt 0 ]; then dd bs=65536 iflag=fullblock count=$play_i <&3 2>/dev/null; fi
  if [ $play_k -gt 0 ]; then dd bs=$play_k iflag=fullblock count=1 <&3 2>/dev/null; fi
}
# Staged content that was not used.
play_drop() {
  if [ -n "$play_temp" ] && [ -e "$play_temp" ]; then rm -f -- "$play_temp"; fi
  play_temp=
}

# play_lines N: takes lines from descriptor 3 into play_u.
play_lines() {
  play_i=$1 play_u=
  while [ "$play_i" -gt 0 ] && IFS= read -r play_x <&3; do play_u=$play_u$play_x$play_nl play_i=$((play_i - 1)); done
}
# A piece of program; descriptors of ours are closed while it runs.
play_run() {
  eval "$1" 3<&- 4<&- 5<&- 6<&- 7<&- 8<&-
  play_flush
}
play_loop() {
  if [ -n "${play_child-}" ]; then
    play_dir=1
    exec 4>"$play_L.b"
  else
    # What startup files had to say ends here, on both streams.
    play_out "$play_M R $$$play_nl" >&2
    play_say "R $$" && play_flush
  fi
  while IFS= read -r play_l <&3; do
    set -f
    set -- $play_l
    set +f
    case $1 in
      '#l') play_lines "$2" && play_run "$play_u" ;;
      '#p') play_u=$(exec dd bs="$2" count=1 iflag=fullblock <&3 2>/dev/null) && play_run "$play_u" ;;
      '#t') play_recv "$2" ;;
      '#b') play_become "$2" "$3" "$4" ;;
      '#f') play_feed "$2" ;;
      '#k') play_hang_up "$2" ;;
      '#w') play_take "$3" | eval "cat >&$2" 2>/dev/null ;;
      '#v')
        play_lines "$4"
        if play_reach "$2" "$3"; then
          eval "play_out \"#l \$4\$play_nl\$play_u\" >&$2" 2>/dev/null
          play_answer "$2" "$3"
        fi ;;
      '#u')
        if play_reach "$2" "$3"; then
          { play_out "#$4 $5$play_nl" && play_take "$5"; } | { eval "cat >&$2" || cat >/dev/null; } 2>/dev/null
          play_answer "$2" "$3"
        else play_take "$5" >/dev/null; fi ;;
      '#q') play_say Q && play_flush
        # With a word behind it the status says whether a step has failed: a service that counts failures sees no other sign.
        if [ $# = 2 ]; then rm -rf "$play_R"; [ "$play_f" = 0 ]; exit; fi
        if [ -e "$play_R" ]; then exec rm -rf "$play_R"; fi
        exit 0 ;;
      *) echo "play: this is no frame: $play_l" >&2; break ;;
    esac
    if [ -n "${play_child-}" ]; then echo "ok $play_child $play_f" >&4; fi
  done
  play_gone
}
