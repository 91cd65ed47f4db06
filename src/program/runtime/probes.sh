# Probes. One stat and one sha256sum serve a whole unit: its play_batch calls `play_many c NUMBER PATH …` for stat and `play_many h …` for sha256,
# which fill play_cNUMBER and play_hNUMBER. play_gen says whether they still hold: 0 yes; 1 something has had an effect since;
# 2 then something was ok, so effects are rare and it pays to ask for all again. Numbers below play_from are not asked for.
play_many() {
  if [ -n "$play_hit" ]; then play_drops "$@"; return; fi
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
  play_hit=$1
  play_batch
  play_hit=
}
play_drops() {
  play_k=$1 play_i=
  shift
  for play_x do
    if [ -z "$play_i" ]; then play_i=$play_x; continue; fi
    case $play_hit in
      "$play_x" | "$play_x"/*) eval "play_$play_k$play_i=" ;;
      *) if [ "$play_x" -ef "$play_hit" ]; then eval "play_$play_k$play_i="; fi ;;
    esac
    play_i=
  done
}
play_see_c() { [ -e "$1" ] || [ -L "$1" ]; }
play_see_h() { [ -f "$1" ] && [ -r "$1" ]; }
# These two take over their process: call them in $( ).
play_stat() { export LC_ALL=C; exec stat $play_as "$play_fmt" "$@"; }
play_sha() { exec $play_sumtool -- "$@"; }
# GNU, busybox and toybox give `stat` its format by -c, BSD and macOS by -f, and each has letters of its own (stat(1) of coreutils and of FreeBSD).
if stat -c %s / >/dev/null 2>&1; then play_as=-c play_fmt='%F|%a|%U|%G|%u|%g|%s' play_size=%s
else play_as=-f play_fmt='%HT|%Mp%03Lp|%Su|%Sg|%u|%g|%z' play_size=%z; fi
if command -v sha256sum >/dev/null 2>&1; then play_sumtool=sha256sum
elif command -v shasum >/dev/null 2>&1; then play_sumtool='shasum -a 256'
elif command -v sha256 >/dev/null 2>&1; then play_sumtool='sha256 -r'
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
    'regular file' | 'regular empty file' | 'Regular File') play_s1=file ;;
    Directory) play_s1=directory ;;
    'symbolic link' | 'Symbolic Link') play_s1=link ;;
    'Fifo File') play_s1=fifo ;;
    Socket) play_s1=socket ;;
    'block special file' | 'Block Device') play_s1=block ;;
    'character special file' | 'Character Device') play_s1=char ;;
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
play_link() { if [ -L "$1" ]; then play_s="-> $(exec readlink -- "$1")"; else play_s='no link'; fi; }

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
  if [ -n "$play_a" ]; then play_z=$(eval "exec stat -L $play_as $play_size -- $play_a" 2>/dev/null); fi
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
