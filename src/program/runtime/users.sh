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
