#!/bin/sh
# A systemctl for tests: units are files of settings in $PLAY_UNITS, every verb is written to the log there.
# A unit dies when its `dies` says so: `now` = by the next look after the start, `fail` = the start itself fails.
cd "$PLAY_UNITS" || exit 1
verb=$1
for unit; do :; done
unit=${unit%.service}
set_key() { grep -v "^$1=" "$unit" >"$unit.new"; echo "$1=$2" >>"$unit.new"; mv "$unit.new" "$unit"; }
get_key() { sed -n "s/^$1=//p" "$unit"; }
case $verb in
  show)
    if [ ! -e "$unit" ]; then printf 'Type=\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\nNeedDaemonReload=no\n'; exit 0; fi
    sed 's/^fallen=.*//; s/^dies=.*//' "$unit"
    if [ "$(get_key ActiveState)" = active ]; then
      case $(get_key dies) in
        now) set_key ActiveState failed; set_key Result exit-code ;;
        restarts) set_key MainPID $(($(get_key MainPID) + 1)) ;;
      esac
    fi
    ;;
  status) echo "status of $unit" ;;
  daemon-reload) echo daemon-reload >>log ;;
  *)
    echo "$verb $unit" >>log
    if [ "$(get_key dies)" = fail ] && [ "$verb" = start ]; then echo "Job for $unit failed." >&2; exit 1; fi
    case $verb in
      start | restart)
        set_key ActiveState active
        set_key MainPID 100
        if [ "$(get_key Type)" = oneshot ]; then set_key ActiveState inactive; set_key Result success; fi
        ;;
      stop) set_key ActiveState inactive ;;
      enable) set_key UnitFileState enabled ;;
      disable) set_key UnitFileState disabled ;;
    esac
    ;;
esac
