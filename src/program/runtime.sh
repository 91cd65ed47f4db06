# The play runtime: read once by the host's shell, then it obeys frames from descriptor 3.
# POSIX sh; runs under dash, bash, busybox ash, mksh and zsh. Every name is prefixed: ksh has aliases for short ones.
# Set before it is loaded: play_M marker (RS + nonce), play_T token for become, play_K kill nonce, play_R run directory,
# play_C 1 while a step only forecasts, play_D 1 when diffs are wanted, play_S the shell, play_B the bootstrap that loads play_r, the text of all this.
if [ -n "${ZSH_VERSION-}" ]; then emulate sh; fi
umask 022
PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/sbin:/sbin
unset CDPATH
play_nl='
'
play_q= play_f=0 play_g= play_gen=1 play_dir= play_sumtool= play_me= play_n=0

# Markers. They wait in play_q until something must be seen; one write then carries many.
if [ -n "${KSH_VERSION-}" ]; then
  play_out() { print -rn -- "$1"; }
else
  play_out() { printf %s "$1"; }
fi
play_say() { play_q="$play_q$play_M $1$play_nl"; }
play_flush() { if [ -n "$play_q" ]; then play_out "$play_q" || exit 141; play_q=; fi; }

# The run directory: ledger, stop file, FIFOs. Its name is secret; mkdir without -p never takes over one that is there.
play_mkdir() {
  if [ -z "$play_dir" ]; then
    mkdir -m 711 "$play_R" 2>/dev/null || [ -O "$play_R" ] || return 1
    play_dir=1
  fi
}

# play_step ID EPOCH FLAGS: should this step run? Steps of an epoch that has failed are passed over in silence.
# Flags: i failure does not stop the host; l one of a loop's items; z the last of them; o send what was observed also when ok.
play_step() {
  play_id=$1 play_ep=$2 play_fl=$3 play_err=0 play_to= play_old= play_body= play_check= play_staged= play_b= play_grp= play_led= play_same=
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
  if [ $play_err = 1 ]; then play_out "$play_M E $play_id$play_nl" >&2 || exit 141; fi
  play_say "E $play_id $1 $2 $play_err"
  if [ $play_err = 1 ]; then play_flush; fi
  case $1 in
    stale) play_f=$play_ep ;;
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
  if play_mkdir; then printf 'start %s\n' "$play_id" >>"$play_R/ledger" && play_led=1; fi
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
  if [ -n "$play_led" ]; then printf 'end %s %s\n' "$play_id" "$play_z" >>"$play_R/ledger"; fi
  if [ -n "$play_to" ] && [ -e "$play_R/late.$play_id" ]; then play_end timeout "$play_z"; return; fi
  if [ "$play_z" = 0 ]; then play_end changed 0; else play_end failed "$play_z"; fi
}
# A subshell of author code starts with this: no descriptors of ours, its own environment.
play_in() { if [ -n "$1" ]; then cd -- "$1" || exit 1; fi; }

# State to reach: play_p probes into play_o, play_x applies; `play_conv EXPECT [VERIFY]`, EXPECT @ = play_e prints it.
play_conv() {
  play_want=$1
  play_p
  play_z=$?
  case $play_z in
    0) ;;
    10)
      play_say "O $play_id$play_nl$play_o"
      if [ $play_C = 1 ]; then play_end cannot 10; else play_end failed 10; fi
      return ;;
    *) play_end failed "$play_z"; return ;;
  esac
  if [ "$1" = @ ]; then play_want=$(play_e) || { play_end failed $?; return; }; fi
  if [ "$play_o" = "$play_want" ]; then
    case $play_fl in *o*) play_say "O $play_id$play_nl$play_o" ;; esac
    play_end ok 0
    return
  fi
  play_say "O $play_id$play_nl$play_o"
  if [ "$1" = @ ]; then play_say "X $play_id$play_nl$play_want"; fi
  if [ -n "$play_old" ] && [ "${play_o##*"$play_nl"}" != "$play_old" ]; then play_end stale 0; return; fi
  if [ $play_D = 1 ] && [ -n "$play_body" ]; then play_show D "$play_body"; fi
  if [ $play_C = 1 ]; then play_end would-change 0; return; fi
  play_begin
  play_x </dev/null
  play_z=$?
  if [ -n "$play_to" ]; then
    play_unwatch
    if [ -e "$play_R/late.$play_id" ]; then play_end timeout "$play_z"; return; fi
  fi
  if [ $play_z != 0 ]; then play_end failed $play_z; return; fi
  case $2 in
    apply) play_end changed 0; return ;;
    [0-9]*) play_settle "$2" ;;
    *) play_p ;;
  esac
  if [ "$play_o" = "$play_want" ]; then play_end changed 0; return; fi
  play_say "A $play_id$play_nl$play_o" && play_end failed 0
}
# Probes again until it fits, at most $1 seconds, then once more after it has settled.
play_settle() {
  play_i=0
  while play_p && [ "$play_o" != "$play_want" ] && [ $play_i -lt "$1" ]; do sleep 1; play_i=$((play_i + 1)); done
}
# play_show MARK FILE: the first MiB of a file as it is.
play_show() {
  play_say "$1 $play_id" && play_flush
  if [ -f "$2" ]; then dd bs=65536 count=16 <"$2" 2>/dev/null; fi
  play_out "$play_nl"
}

# One stat and one sha256sum serve all probes of a unit; the first effect drops what they said (play_gen).
play_stat() { LC_ALL=C stat -c '%F|%a|%U|%G|%u|%g|%s' "$@"; }
play_pre() {
  play_i=0 play_k=$# play_l=
  while [ $play_i -lt $play_k ]; do
    play_i=$((play_i + 1)) play_x=$1
    shift
    if [ -e "$play_x" ] || [ -L "$play_x" ]; then
      set -- "$@" "$play_x"
      play_l="$play_l $play_i"
    else
      eval "play_c$play_i=absent"
    fi
  done
  play_gen=0
  if [ $# -gt 0 ]; then play_o=$(play_stat -- "$@" 2>/dev/null) || play_gen=1; fi
  play_fill play_c
}
play_presum() {
  play_i=0 play_k=$# play_l=
  while [ $play_i -lt $play_k ]; do
    play_i=$((play_i + 1)) play_x=$1
    shift
    if [ -f "$play_x" ] && [ -r "$play_x" ]; then
      set -- "$@" "$play_x"
      play_l="$play_l $play_i"
    else
      eval "play_h$play_i=-"
    fi
  done
  if [ $# -gt 0 ]; then play_o=$(play_sha "$@" 2>/dev/null) || play_gen=1; fi
  play_fill play_h
}
# Gives the lines of play_o, one each, to the variables $1N for N in play_l.
play_fill() {
  for play_i in $play_l; do
    play_x=${play_o%%"$play_nl"*} play_o=${play_o#*"$play_nl"}
    eval "$1$play_i=\$play_x"
  done
}
play_sha() {
  if [ -z "$play_sumtool" ]; then
    if command -v sha256sum >/dev/null 2>&1; then play_sumtool=sha256sum
    elif command -v shasum >/dev/null 2>&1; then play_sumtool='shasum -a 256'
    else play_sumtool='openssl dgst -sha256 -r'; fi
  fi
  $play_sumtool -- "$@"
}
# play_st N PATH FIELDS [L]: sets play_s to the state of a path; N = its place in the unit's cache, 0 = none.
play_st() {
  if [ "$1" != 0 ] && [ $play_gen = 0 ]; then eval "play_x=\$play_c$1"
  elif [ -e "$2" ] || { [ -z "${4-}" ] && [ -L "$2" ]; }; then play_x=$(play_stat ${4:+-L} -- "$2") || return 1
  else play_x=absent; fi
  if [ "$play_x" = absent ]; then play_s=absent; return 0; fi
  play_t1=$3
  play_split "$play_x"
  play_s=$play_s1
  for play_x in $play_t1; do
    case $play_x in
      mode) play_s="$play_s $play_s2" ;;
      owner) play_s="$play_s $play_s3" ;;
      group) play_s="$play_s $play_s4" ;;
      uid) play_s="$play_s $play_s5" ;;
      gid) play_s="$play_s $play_s6" ;;
      size) play_s="$play_s $play_s7" ;;
    esac
  done
}
play_split() {
  play_ifs=$IFS
  IFS='|'
  set -f
  set -- $1
  set +f
  IFS=$play_ifs
  case $1 in
    'regular file' | 'regular empty file') play_s1=file ;;
    'symbolic link') play_s1=link ;;
    'block special file') play_s1=block ;;
    'character special file') play_s1=char ;;
    *) play_s1=$1 ;;
  esac
  case $2 in ?) play_s2=000$2 ;; ??) play_s2=00$2 ;; ???) play_s2=0$2 ;; *) play_s2=$2 ;; esac
  play_s3=$3 play_s4=$4 play_s5=$5 play_s6=$6 play_s7=$7
}
play_sum() {
  if [ "$1" != 0 ] && [ $play_gen = 0 ]; then eval "play_x=\$play_h$1"
  elif [ -f "$2" ] && [ -r "$2" ]; then play_x=$(play_sha "$2") || return 1
  else play_x=-; fi
  play_x=${play_x#\\}
  play_s="sha256 ${play_x%%[ *]*}"
}
play_link() { if [ -L "$1" ]; then play_s="-> $(readlink -- "$1")"; else play_s='-> -'; fi; }

# Files. A target is replaced whole or not at all: a temp beside it, then owner, mode and rename.
play_attr() {
  if [ -n "$3$4" ]; then chown -h -- "$3${4:+:$4}" "$1" || return; fi
  if [ -n "$2" ]; then chmod -- "$2" "$1" || return; fi
}
play_backup() { if [ -e "$1" ]; then cp -p -- "$1" "$1.$(date -u +%Y-%m-%dT%H:%M:%SZ)~"; fi; }
play_real() { if [ -L "$1" ]; then play_d=$(readlink -f -- "$1"); else play_d=$1; fi; }
# play_put DEST MODE OWNER GROUP: writes play_b, or the staged file play_t, to DEST; empty = keep what is there.
play_put() {
  if [ -d "$1" ] && [ ! -L "$1" ]; then echo "$1 is a directory" >&2; return 1; fi
  if [ -n "$play_same" ]; then play_attr "$1" "$2" "$3" "$4"; return; fi
  play_mode=$2 play_own=$3 play_gid=$4 play_um=077
  if [ -e "$1" ] && [ ! -L "$1" ]; then
    play_x=$(play_stat -- "$1") || return 1
    play_split "$play_x"
    if [ -z "$play_me" ]; then play_me=$(id -u); fi
    if [ -z "$2" ]; then play_mode=$play_s2; fi
    if [ -z "$3" ] && [ "$play_s5" != "$play_me" ]; then play_own=$play_s5; fi
    if [ -z "$4" ] && [ "$play_me" = 0 ] && [ "$play_s6" != 0 ]; then play_gid=$play_s6; fi
  fi
  case $play_mode$play_own$play_gid in
    '') play_um=022 ;;
    0644) play_um=133 play_mode= ;;
    0640) play_um=137 play_mode= ;;
    0600) play_um=177 play_mode= ;;
  esac
  if [ -z "$play_staged" ]; then
    play_n=$((play_n + 1)) play_t=${1%/*}
    case $1 in */*) play_t=$play_t/.play-$play_n-${play_R##*-} ;; *) play_t=.play-$play_n-${play_R##*-} ;; esac
    umask $play_um
    play_out "$play_b" >"$play_t"
    play_z=$?
    umask 022
    if [ $play_z != 0 ]; then rm -f -- "$play_t"; return 1; fi
  elif [ -z "$play_mode" ]; then
    case $play_um in 022 | 133) play_mode=0644 ;; 137) play_mode=0640 ;; esac
  fi
  if [ -n "$play_check" ]; then
    "$play_S" -c "${play_check%%%s*}\"\$1\"${play_check#*%s}" sh "$play_t" >&2 </dev/null || {
      play_z=$?
      rm -f -- "$play_t"
      echo "validation failed ($play_z): $play_check" >&2
      return 1
    }
  fi
  play_attr "$play_t" "$play_mode" "$play_own" "$play_gid" && mv -f -- "$play_t" "$1" || {
    rm -f -- "$play_t"
    return 1
  }
}
# play_recv BYTES: takes counted content from descriptor 3 into the staging file play_t; what cannot be written is still taken.
play_recv() {
  umask 077
  { play_take "$1" >"$play_t"; } 2>/dev/null || { play_rest=$?; }
  umask 022
}
play_take() {
  play_i=$(($1 / 65536)) play_k=$(($1 % 65536))
  if [ $play_i -gt 0 ]; then dd bs=65536 iflag=fullblock count=$play_i <&3 2>/dev/null; fi
  if [ $play_k -gt 0 ]; then dd bs=$play_k iflag=fullblock count=1 <&3 2>/dev/null; fi
}

# Other users: one child shell each, fed over a FIFO on descriptor 5 to 8; it answers on the FIFO at descriptor 4.
# play_become FD METHOD USER: n = sudo without a password, s = sudo that asks on its stdin.
play_become() {
  play_x=$2
  play_mkdir || return 0
  if [ ! -p "$play_R/b" ]; then mkfifo -m 622 "$play_R/b" && chmod 622 "$play_R/b" && exec 4<>"$play_R/b"; fi
  mkfifo -m 600 "$play_R/a$1"
  if [ "$2" = s ] && sudo -n -u "$3" true 2>/dev/null; then play_x=n; fi
  eval "exec $1<>\"\$play_R/a$1\""
  (
    exec <"$play_R/a$1" 3<&- 4<&- 5<&- 6<&- 7<&- 8<&-
    rm -f "$play_R/a$1"
    case $play_x in
      n) sudo -n -H -u "$3" -- "$play_S" -c "$play_B" ;;
      s) sudo -S -p "$play_T P $1$play_nl" -H -u "$3" -- "$play_S" -c "printf '%s\n' '$play_T U $1'; $play_B" ;;
    esac
    play_x=$?
    play_out "$play_M U $1 $play_x$play_nl"
    { echo "dead $play_x" 1<>"$play_R/b"; } 2>/dev/null
  ) &
  if [ "$play_x" = s ]; then play_say "W $1"; else
    play_feed "$1"
    if [ "$2" = s ]; then play_say "F $1"; fi
  fi
  play_flush
}
# Gives the child the same runtime; play_child makes it answer.
play_feed() {
  play_x="play_child=1$play_nl$play_r"
  printf '%s\n%s' "${#play_x}" "$play_x" | eval "cat >&$1"
}
# Waits for the child: `ok EPOCH`, or `dead RC` when sudo has ended.
play_answer() {
  IFS=' ' read -r play_x play_z <&4
  case $play_x in
    ok) if [ "$play_z" -gt "$play_f" ]; then play_f=$play_z; fi ;;
    *) play_f=$2 ;;
  esac
}

# A piece of program; descriptors of ours are closed while it runs.
play_run() {
  eval "$1" 3<&- 4<&- 5<&- 6<&- 7<&- 8<&-
  play_flush
}
play_loop() {
  if [ -n "${play_child-}" ]; then
    play_dir=1
    exec 4<>"$play_R/b"
  else
    play_say "R $$" && play_flush
  fi
  while IFS= read -r play_l <&3; do
    case $play_l in
      '#l '*)
        play_i=${play_l#'#l '} play_u=
        while [ "$play_i" -gt 0 ] && IFS= read -r play_x <&3; do play_u=$play_u$play_x$play_nl play_i=$((play_i - 1)); done
        play_run "$play_u" ;;
      '#p '*) play_u=$(dd bs="${play_l#'#p '}" count=1 iflag=fullblock <&3 2>/dev/null) && play_run "$play_u" ;;
      '#t '*) play_recv "${play_l#'#t '}" ;;
      '#b '*) set -f && set -- ${play_l#'#b '} && set +f && play_become "$1" "$2" "$3" ;;
      '#f '*) play_feed "${play_l#'#f '}" ;;
      '#w '*) set -- ${play_l#'#w '} && play_take "$2" | eval "cat >&$1" ;;
      '#u '*)
        set -- ${play_l#'#u '}
        if [ "$2" -le "$play_f" ]; then play_take "$4" >/dev/null
        else
          { printf '#%s %s\n' "$3" "$4" && play_take "$4"; } | eval "cat >&$1"
          play_answer "$1" "$2"
        fi ;;
      '#q') break ;;
    esac
    if [ -n "${play_child-}" ]; then echo "ok $play_f" >&4; fi
  done
  # Content whose rest never came.
  case ${play_t-} in *.play-s[0-9]*-"${play_R##*-}") rm -f -- "$play_t" ;; esac
  if [ -z "${play_child-}" ] && [ -n "$play_dir" ]; then rm -rf "$play_R" || play_say "L $play_R"; fi
  play_say Q && play_flush
}
