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
  if [ -n "$play_plan" ] && ! play_planned; then play_end drift 0; return; fi
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
# Whether what is there, and what is wanted, is what a saved plan says.
play_planned() {
  if [ -n "$play_last" ]; then play_x="${play_o##*"$play_nl"}$play_nl${play_want##*"$play_nl"}"
  else play_x=$play_o$play_nl$play_want; fi
  play_x=$(play_out "$play_salt$play_nl$play_x" | $play_sumtool)
  play_x=${play_x%%[ *]*}
  [ "$play_x" = "$play_plan" ]
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

# Files. A target is replaced whole or not at all: a temp beside it, then owner, mode and rename.
# play_attr PATH MODE OWNER GROUP: empty = leave.
play_attr() {
  if [ -n "$3$4" ]; then chown -h -- "$3${4:+:$4}" "$1" || return; fi
  if [ -n "$2" ]; then chmod -- "$2" "$1" || return; fi
}
play_backup() {
  if [ ! -e "$1" ]; then return; fi
  play_t=$1.$(date -u +%Y-%m-%dT%H:%M:%SZ)~
  cp -p -- "$1" "$play_t" || { rm -f -- "$play_t"; return 1; }
}
# play_real PATH: sets play_d to the path, or to where its links lead in the end. Not every readlink has -f.
play_real() {
  play_d=$1 play_i=0
  while [ -L "$play_d" ]; do
    if [ $play_i = 40 ]; then echo "$1 is a link that leads in a circle" >&2; return 1; fi
    play_i=$((play_i + 1)) play_num=0
    play_x=$(readlink -- "$play_d" && echo .) || return
    play_x=${play_x%"$play_nl".}
    case $play_x in
      /*) play_d=$play_x ;;
      *) case $play_d in */*) play_d=${play_d%/*}/$play_x ;; *) play_d=$play_x ;; esac ;;
    esac
  done
}
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
    # Some shells say no more than "I/O error".
    if [ $play_z != 0 ] && [ -z "$play_staged" ] && [ -e "$play_t" ]; then echo "no room to write in ${play_t1%/}?" >&2; fi
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
