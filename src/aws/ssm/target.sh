# What runs on an instance around the command of a host. The caller sets play_id and play_d, a directory whose name nobody can guess.
# Answers are lines between `play-ssm ID` and `play-end`.

play_no() { # reason words: nothing has been run, and nothing stays
  rm -rf "$play_d"
  printf '\nplay-ssm %s no %s\nplay-end\n' "$play_id" "$*"
  exit 1
}

play_has() { command -v "$1" >/dev/null 2>&1; }

play_open() { # a directory of ours alone: mkdir fails where anything is
  play_mask=$(umask)
  umask 077
  rm -rf "$play_d"
  mkdir "$play_d" 2>/dev/null || play_no "directory $play_d"
  play_has base64 || play_has openssl || play_no tool base64
}

play_un64() { if play_has base64; then base64 -d; else openssl base64 -d; fi; }

play_64() { if play_has base64; then base64; else openssl base64; fi | tr -d '\n'; }

play_said() { tr '\n' ' ' <"$play_d/w" | cut -c 1-200; }

play_get() { # url
  if play_has curl; then curl -fsS -o "$play_d/p" "$1" 2>"$play_d/w"
  elif play_has wget; then wget -q -O "$play_d/p" "$1" 2>"$play_d/w"
  else play_no tool curl; fi || play_no "arrival $(play_said)"
}

play_puts() { play_has curl || wget --help 2>&1 | grep -q body-file; }

play_take() { # z or p, then how many bytes there must be
  if [ "$1" = p ]; then mv "$play_d/p" "$play_d/i"
  elif play_has gzip; then gzip -dc <"$play_d/p" >"$play_d/i" 2>/dev/null || play_no arrival it is damaged
  else play_no gzip; fi
  [ "$(wc -c <"$play_d/i")" -eq "$2" ] || play_no arrival it is not complete
}

play_value() { # service name region: what `aws` prints, without the line end that it adds
  if [ "$1" = ssm ]; then aws ssm get-parameter --with-decryption --name "$2" --query Parameter.Value --output text --region "$3"
  else aws secretsmanager get-secret-value --secret-id "$2" --query SecretString --output text --region "$3"; fi 2>"$play_d/w"
}

play_quoted() { # a value as it stands between single quotes
  play_t=$1
  while :; do
    case $play_t in
      *\'*) printf "%s'\\\\''" "${play_t%%\'*}"; play_t=${play_t#*\'} ;;
      *) printf %s "$play_t"; return ;;
    esac
  done
}

play_zip() { if [ "$play_g" = z ]; then gzip -c; else cat; fi; }

play_seal() { # public key, `may` when it need not be: a key for this one answer, which only the sender can open
  printf '%s\n' "$1" >"$play_d/pub"
  openssl rand -hex 32 >"$play_d/k" 2>/dev/null &&
    openssl pkeyutl -encrypt -pubin -inkey "$play_d/pub" -pkeyopt rsa_padding_mode:oaep -in "$play_d/k" -out "$play_d/kx" 2>/dev/null &&
    return
  [ "${2-}" = may ] || play_no tool openssl
  rm -f "$play_d/kx"
}

play_store() {
  if [ -e "$play_d/kx" ]; then play_zip | openssl enc -aes-256-cbc -md sha256 -salt -pass "file:$play_d/k" 2>/dev/null
  else play_zip; fi
}

play_keep() { # one stream of the command into a file: at most so many bytes, the others are let go and that is noted
  {
    cat <"$play_d/$1" &
    echo $! >"$play_d/$1.pid"
    wait
  } | {
    head -c "$play_most"
    [ "$(wc -c)" -eq 0 ] || : >"$play_d/cut"
  } | play_store >"$play_d/$1.z"
  : >"$play_d/$1.end"
}

play_feed() { exec cat <&5; }

play_home() { # as a login has it; the agent gives neither
  play_u=$(id -un)
  : "${HOME:=$(eval "echo ~$play_u")}" "${USER:=$play_u}" "${LOGNAME:=$play_u}"
  export HOME USER LOGNAME
  cd "$HOME" 2>/dev/null || cd /
}

play_run() { # bytes of the command at the start of the input
  play_g=p
  play_has gzip && play_g=z
  exec 5<"$play_d/i"
  play_c=$(dd bs="$1" count=1 <&5 2>/dev/null; echo x)
  rm -f "$play_d/i" "$play_d/p" "$play_d/w"
  mkfifo "$play_d/o" "$play_d/e" || play_no arrival no pipe can be made in /tmp
  (play_keep o) >/dev/null 2>&1 5<&- &
  play_ko=$!
  (play_keep e) >/dev/null 2>&1 5<&- &
  play_ke=$!
  # A pipe, since one with a name cannot be opened again (/dev/stdin) when all has been written. What nobody reads is not waited for.
  {
    (play_feed) 2>/dev/null &
    echo $! >"$play_d/f.pid"
    wait
  } | {
    (umask "$play_mask"; exec /bin/sh -c "${play_c%x}") >"$play_d/o" 2>"$play_d/e" 5<&-
    echo $? >"$play_d/s"
    kill "$(cat "$play_d/f.pid")" 2>/dev/null
  }
  play_s=$(cat "$play_d/s") play_h=0 play_n=0
  # No status: what waited for it has been killed as well.
  : "${play_s:=137}"
  # What it has started may still hold its output: that is waited for, two seconds long.
  while [ ! -e "$play_d/o.end" ] || [ ! -e "$play_d/e.end" ]; do
    if [ $play_n -ge 40 ]; then
      play_h=1
      kill "$(cat "$play_d/o.pid")" "$(cat "$play_d/e.pid")" 2>/dev/null
      break
    fi
    sleep 0.05 2>/dev/null || { sleep 1; play_n=$((play_n + 19)); }
    play_n=$((play_n + 1))
  done
  wait $play_ko $play_ke
  exec 5<&-
}

play_answer() { # most bytes that go at once
  play_o=$(($(wc -c <"$play_d/o.z"))) play_e=$(($(wc -c <"$play_d/e.z")))
  cat "$play_d/o.z" "$play_d/e.z" >"$play_d/r"
  [ -e "$play_d/kx" ] && play_g=${play_g}x
  [ -e "$play_d/cut" ] && play_h="$play_h cut"
  printf '\nplay-ssm %s ran %s %s %s %s %s\n' "$play_id" "$play_s" "$play_o" "$play_e" "$play_g" "$play_h"
  if [ -e "$play_d/kx" ]; then play_64 <"$play_d/kx"; echo; fi
  if [ $((play_o + play_e)) -le "$1" ]; then
    play_64 <"$play_d/r"
    echo
    rm -rf "$play_d"
  else rm -f "$play_d"/[!r]*; fi
  echo play-end
  [ "$play_s" -eq 0 ] || exit 1
}

play_done() { printf '\nplay-ssm %s done\nplay-end\n' "$play_id"; }

play_part() { # size, number from 0: that part of what is kept
  [ -e "$play_d/r" ] || play_no gone
  printf '\nplay-ssm %s part\n' "$play_id"
  dd if="$play_d/r" bs="$1" skip="$2" count=1 2>/dev/null | play_64
  printf '\nplay-end\n'
}

play_put() { # url, headers as arguments
  [ -e "$play_d/r" ] || play_no gone
  play_url=$1
  shift
  if play_has curl; then
    for play_t do set -- "$@" -H "$play_t"; shift; done
    curl -fsS -H Expect: "$@" -T "$play_d/r" -o /dev/null "$play_url" 2>"$play_d/w"
  elif play_puts; then
    for play_t do set -- "$@" "--header=$play_t"; shift; done
    wget -q -O /dev/null --method=PUT "$@" --body-file="$play_d/r" "$play_url" 2>"$play_d/w"
  else printf '\nplay-ssm %s unput there is no curl\nplay-end\n' "$play_id"; exit 1; fi || {
    printf '\nplay-ssm %s unput %s\nplay-end\n' "$play_id" "$(play_said)"
    exit 1
  }
  rm -rf "$play_d"
  printf '\nplay-ssm %s put\nplay-end\n' "$play_id"
}
