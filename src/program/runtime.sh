# The play runtime: read once by the host's shell, then it obeys frames from descriptor 3.
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
play_q= play_f=0 play_g= play_gen=1 play_from=0 play_dir= play_up= play_n=0 play_C=0 play_temp= play_gone=

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
  play_id=$1 play_ep=$2 play_fl=$3 play_err=0 play_to= play_late= play_old= play_body= play_check= play_staged= play_b= play_grp= play_led= play_same= play_only= play_back= play_num=0
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

# State to reach: play_p probes into play_o, play_x applies; `play_conv EXPECT [VERIFY]`, EXPECT @ = play_e prints it.
play_conv() {
  play_want=$1
  play_p
  play_z=$?
  if [ $play_z != 0 ]; then
    # What the probe had to say is on the other stream.
    play_err=1
    play_say "O $play_id$play_nl$play_o"
    case $play_z$play_C in 101) play_end cannot 10 ;; *) play_end failed $play_z ;; esac
    return
  fi
  if [ "$1" = @ ]; then play_want=$(play_e) || { play_z=$? play_err=1; play_end failed $play_z; return; }; fi
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
  if [ -n "$play_only" ] && [ $play_gen = 0 ]; then
    play_read
    play_x </dev/null
    play_z=$?
    play_forget "$play_only"
  else
    play_begin
    play_x </dev/null
    play_z=$?
  fi
  if [ -n "$play_to" ]; then play_unwatch; fi
  if [ -n "$play_late" ]; then play_end timeout $play_z; return; fi
  if [ $play_z != 0 ]; then play_end failed $play_z; return; fi
  if [ -n "$play_b" ] && [ ${#play_b} -le 2048 ]; then play_back=1; fi
  case $2 in
    apply) play_end changed 0; return ;;
    [0-9]*) play_settle "$2" ;;
    *) play_p ;;
  esac
  if [ "$play_o" = "$play_want" ]; then play_end changed 0; return; fi
  play_say "A $play_id$play_nl$play_o" && play_end failed 0
}
# Probes again until it fits, at most $1 seconds.
play_settle() {
  play_w=0
  while play_p && [ "$play_o" != "$play_want" ] && [ $play_w -lt "$1" ]; do sleep 1; play_w=$((play_w + 1)); done
}
# play_show MARK FILE: the first MiB of a file as it is.
play_show() {
  play_say "$1 $play_id" && play_flush
  if [ -f "$2" ]; then dd bs=65536 count=16 <"$2" 2>/dev/null; fi
  play_out "$play_nl"
}

# Probes. One stat and one sha256sum serve a whole unit: its play_batch calls `play_many c NUMBER PATH …` for stat and `play_many h …` for sha256,
# which fill play_cNUMBER and play_hNUMBER. play_gen says whether they still hold: 0 yes; 1 something has had an effect since;
# 2 then something was ok, so effects are rare and it pays to ask for all again. Numbers below play_from are not asked for.
play_fmt='%F|%a|%U|%G|%u|%g|%s'
play_many() {
  if [ -n "$play_gone" ]; then play_drops "$@"; return; fi
  play_gen=0 play_l= play_a= play_k=0 play_i=-
  for play_x do
    play_k=$((play_k + 1))
    case $play_i in
      -) play_i= ;;
      '') play_i=$play_x ;;
      *)
        if [ "$play_i" -lt "$play_from" ]; then eval "play_$1$play_i="
        elif play_see_$1 "$play_x"; then play_l="$play_l $play_i" play_a="$play_a \"\${$play_k}\""
        else eval "play_$1$play_i=-"; fi
        play_i= ;;
    esac
  done
  if [ -z "$play_l" ]; then return; fi
  play_m=$(
    exec 2>/dev/null
    case $1 in c) eval "play_stat $play_a" ;; h) eval "play_sha $play_a" ;; esac
  ) || play_gen=1
  for play_i in $play_l; do
    play_x=${play_m%%"$play_nl"*} play_m=${play_m#*"$play_nl"}
    eval "play_$1$play_i=\$play_x"
  done
}
# play_forget PATH: nothing is known any more of this path, of other names of the same file, and of its parents, which may just have been made.
play_forget() {
  play_gone=$1
  play_batch
  play_gone=
}
play_drops() {
  play_k=$1 play_i=
  shift
  for play_x do
    if [ -z "$play_i" ]; then play_i=$play_x; continue; fi
    case $play_gone in
      "$play_x" | "$play_x"/*) eval "play_$play_k$play_i=" ;;
      *) if [ "$play_x" -ef "$play_gone" ]; then eval "play_$play_k$play_i="; fi ;;
    esac
    play_i=
  done
}
play_see_c() { [ -e "$1" ] || [ -L "$1" ]; }
play_see_h() { [ -f "$1" ] && [ -r "$1" ]; }
# These two take over their process: call them in $( ).
play_stat() { export LC_ALL=C; exec stat -c "$play_fmt" "$@"; }
play_sha() { exec $play_sumtool -- "$@"; }
if command -v sha256sum >/dev/null 2>&1; then play_sumtool=sha256sum
elif command -v shasum >/dev/null 2>&1; then play_sumtool='shasum -a 256'
else play_sumtool='openssl dgst -sha256 -r'; fi
# play_ask c|h NUMBER: sets play_x to what is known by that number, if anything.
play_ask() {
  play_x=
  if [ "$2" != 0 ]; then
    if [ $play_gen = 2 ]; then play_from=$2; play_batch; fi
    if [ $play_gen = 0 ]; then eval "play_x=\${play_$1$2-}"; fi
  fi
  [ -n "$play_x" ]
}
# play_st N PATH FIELDS [L]: sets play_s to the state of a path; N = its number, 0 = none; L = a link stands for its target.
play_st() {
  if [ -z "$3" ]; then play_kind "$2" "${4-}"; return; fi
  # Only of a link it matters whether it is followed.
  if { [ -z "${4-}" ] || [ ! -L "$2" ]; } && play_ask c "$1"; then :
  elif [ -e "$2" ] || { [ -z "${4-}" ] && [ -L "$2" ]; }; then play_x=$(play_stat ${4:+-L} -- "$2") || return 1
  else play_x=-; fi
  if [ "$play_x" = - ]; then play_s=absent; return 0; fi
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
# What kind of thing a path is, without a process.
play_kind() {
  if [ -L "$1" ] && [ -z "$2" ]; then play_s=link
  elif [ -f "$1" ]; then play_s=file
  elif [ -d "$1" ]; then play_s=directory
  elif [ -p "$1" ]; then play_s=fifo
  elif [ -S "$1" ]; then play_s=socket
  elif [ -b "$1" ]; then play_s=block
  elif [ -c "$1" ]; then play_s=char
  else play_s=absent; fi
}
play_sum() {
  if play_ask h "$1"; then :
  elif [ -n "$play_back" ] && play_holds "$2"; then play_s=${play_want##*"$play_nl"}; return
  elif play_see_h "$2"; then play_x=$(play_sha "$2") || return 1
  else play_x=-; fi
  play_x=${play_x#\\}
  play_s="sha256 ${play_x%%[ *]*}"
}
# Whether a file holds the text play_b, which was just written to it: reading a short one back takes less than a process for its sum.
play_holds() {
  play_i=
  if [ ! -r "$1" ]; then return 1; fi
  while IFS= read -r play_x; do play_i=$play_i$play_x$play_nl; done <"$1"
  [ "$play_i$play_x" = "$play_b" ]
}
play_link() { if [ -L "$1" ]; then play_s="-> $(exec readlink -- "$1")"; else play_s='-> -'; fi; }

# Of files that are to be replaced: a link is, whatever it leads to.
play_sums() {
  play_say "O $1"
  shift
  for play_j do
    if [ -L "$play_j" ]; then play_s='sha256 -'; else play_sum 0 "$play_j"; fi
    play_q=$play_q$play_s$play_nl
  done
}
# play_fetch ID PATH…: a line on each file, then the bytes of those that can be edited, one file after another.
play_fetch() {
  play_t1=$1 play_l= play_a= play_k=1 play_i=0
  shift
  for play_x do
    play_kind "$play_x" L
    if [ $play_s = file ]; then
      if [ -r "$play_x" ]; then play_a="$play_a \"\${$play_k}\"" play_s=@; else play_s=unreadable; fi
    fi
    play_l="$play_l $play_s" play_k=$((play_k + 1))
  done
  play_z=
  if [ -n "$play_a" ]; then play_z=$(eval "exec stat -L -c %s -- $play_a" 2>/dev/null); fi
  play_a= play_k=0
  play_say "O $play_t1"
  for play_s in $play_l; do
    play_k=$((play_k + 1))
    if [ $play_s = @ ]; then
      play_x=${play_z%%"$play_nl"*} play_z=${play_z#*"$play_nl"}
      play_s="file ${play_x:-0}"
      if [ "${play_x:-0}" -le 1048576 ] && [ $((play_i + play_x)) -le 8388608 ]; then
        play_i=$((play_i + play_x)) play_s="$play_s sent" play_a="$play_a \"\${$play_k}\""
      fi
    fi
    play_q=$play_q$play_s$play_nl
  done
  play_say "D $play_t1"
  play_flush
  if [ -n "$play_a" ]; then eval "cat -- $play_a" 2>/dev/null; fi
  play_out "$play_nl"
}

# Files. A target is replaced whole or not at all: a temp beside it, then owner, mode and rename.
# play_attr PATH MODE OWNER GROUP: empty = leave.
play_attr() {
  if [ -n "$3$4" ]; then chown -h -- "$3${4:+:$4}" "$1" || return; fi
  if [ -n "$2" ]; then chmod -- "$2" "$1" || return; fi
}
play_backup() { if [ -e "$1" ]; then cp -p -- "$1" "$1.$(date -u +%Y-%m-%dT%H:%M:%SZ)~"; fi; }
play_real() { if [ -L "$1" ]; then play_d=$(readlink -f -- "$1") play_num=0; else play_d=$1; fi; }
# play_put DEST MODE OWNER GROUP: writes play_b, or the staged file play_temp, to DEST; empty = keep what is there.
play_put() {
  if [ -d "$1" ]; then echo "$1 is a directory" >&2; return 1; fi
  if [ -n "$play_same" ]; then play_attr "$1" "$2" "$3" "$4"; return; fi
  case $1 in */*) play_t1=${1%/*}/ ;; *) play_t1=./ ;; esac
  if [ ! -d "$play_t1" ]; then echo "the directory ${play_t1%/} does not exist" >&2; return 1; fi
  if [ -n "$play_staged" ] && [ -n "$play_rest" ]; then echo "$play_rest" >&2; return 1; fi
  play_mode=$2 play_own=$3 play_gid=$4 play_um=077
  if [ -e "$1" ] && [ ! -L "$1" ]; then
    # -O and -G say "mine" without a process.
    if [ -z "$2" ] || [ ! -O "$1" ] || [ ! -G "$1" ]; then
      { play_ask c $play_num && [ "$play_x" != - ]; } || play_x=$(play_stat -- "$1") || return 1
      play_split "$play_x"
      if [ -z "$2" ]; then play_mode=$play_s2; fi
      if [ -z "$3" ] && [ ! -O "$1" ]; then play_own=$play_s5; fi
      if [ -z "$4" ] && [ ! -G "$1" ]; then play_gid=$play_s6; fi
    fi
  fi
  # The umask gives most modes, which saves a chmod; whoever the file is for in the end, it is never open to more than that.
  case $play_mode in
    '') play_um=022 ;;
    0644) play_um=133 play_mode= ;;
    0640) play_um=137 play_mode= ;;
    0600) play_um=177 play_mode= ;;
    0440) play_um=337 play_mode= ;;
  esac
  play_t=$play_temp
  if [ -z "$play_staged" ] || [ "${play_temp%/*}/" != "$play_t1" ]; then
    play_n=$((play_n + 1)) play_t=$play_t1.play-$play_n-$play_K
    umask $play_um
    # Never through something that is there already.
    set -C
    if [ -n "$play_staged" ]; then cat <"$play_temp" >"$play_t"; else play_out "$play_b" >"$play_t"; fi
    play_z=$?
    set +C
    umask 022
    if [ $play_z != 0 ]; then rm -f -- "$play_t"; return 1; fi
  elif [ -z "$play_mode" ]; then
    case $play_um in 022 | 133) play_mode=0644 ;; 137) play_mode=0640 ;; 337) play_mode=0440 ;; esac
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

# Other users: one child shell each, fed over a FIFO on descriptor 5 to 8; all answer on the FIFO at descriptor 4, with their number.
# play_become FD METHOD USER: n = sudo must not ask, s = sudo asks on its stdin. What sudo says stands between the markers S and U on stderr.
play_become() {
  if play_mkdir && mkfifo -m 600 "$play_L.a$1" && { [ -p "$play_L.b" ] || { mkfifo "$play_L.b" && chmod 622 "$play_L.b" && exec 4<>"$play_L.b"; }; }; then
    (
      exec <"$play_L.a$1" 3<&- 4<&- 5<&- 6<&- 7<&- 8<&-
      rm -f "$play_L.a$1"
      play_out "$play_M S $1$play_nl" >&2
      play_x="printf '%s\n' '$play_T U $1' >&2; play_child=$1; $play_B"
      case $2 in
        s) sudo -S -p "$play_T P $1$play_nl" -H -u "$3" -- "$play_S" -c "$play_x" ;;
        *) sudo -n -H -u "$3" -- "$play_S" -c "$play_x" ;;
      esac
      play_z=$?
      play_out "$play_M U $1 $play_z$play_nl" >&2
      echo "dead $1 $play_z" >"$play_L.b"
    ) &
    # Each end waits for the other one to open; later a write to a dead child fails instead of waiting for ever.
    eval "exec $1>\"\$play_L.a\$1\""
    play_up=$play_up$1
    if [ "$2" = n ]; then play_feed "$1"; fi
  else play_out "$play_M S $1$play_nl$play_M U $1 1$play_nl" >&2; fi
}
# Gives the child the same runtime.
play_feed() { eval "play_out \"\${#play_r}\$play_nl\$play_r\" >&$1" 2>/dev/null; }
play_hang_up() {
  case $play_up in *$1*) eval "exec $1>&-"; play_up=${play_up%%$1*}${play_up#*$1} ;; esac
}
# play_answer FD EPOCH: waits for the child: `ok FD EPOCH`, or `dead FD RC` when sudo has ended.
play_answer() {
  while IFS=' ' read -r play_x play_i play_z <&4; do
    if [ "$play_x" = dead ]; then play_hang_up "$play_i"; fi
    if [ "$play_i" = "$1" ]; then break; fi
  done
  if [ "$play_x" != ok ]; then play_f=$2; elif [ "$play_z" -gt "$play_f" ]; then play_f=$play_z; fi
}
# play_reach FD EPOCH: is that child to be given something? Where it is gone, nothing that follows in the epoch may run.
play_reach() {
  case $play_up in *$1*) ;; *) if [ "$2" -gt "$play_f" ]; then play_f=$2; fi ;; esac
  play_gen=1
  [ "$2" -gt "$play_f" ]
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
        if [ -e "$play_R" ]; then exec rm -rf "$play_R"; fi
        exit 0 ;;
      *) echo "play: this is no frame: $play_l" >&2; break ;;
    esac
    if [ -n "${play_child-}" ]; then echo "ok $play_child $play_f" >&4; fi
  done
  play_gone
}
