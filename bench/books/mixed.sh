# The ten mixed tasks as a careful administrator writes them: look first, write beside and rename, keep the mode.
# Arguments: host name, directory of the bench.
set -eu
umask 022
d=$2/$1

# put PATH MODE: makes the file hold standard input.
put() {
  new=$(mktemp "$1.XXXXXX")
  cat >"$new"
  if [ -f "$1" ] && [ "$(sha256sum <"$1")" = "$(sha256sum <"$new")" ]; then
    rm "$new"
  else
    chmod "$2" "$new"
    mv "$new" "$1"
  fi
  [ "$(stat -c %a "$1")" = "$2" ] || chmod "$2" "$1"
}

[ -d "$d/app" ] || mkdir "$d/app"
[ "$(stat -c %a "$d/app")" = 755 ] || chmod 755 "$d/app"

put "$d/app/motd" 644 <<'END'
This machine is managed.
Changes that are made by hand will be lost.

Ask the people who run it: ops@example.org
END

put "$d/app/app.conf" 640 <<END
# configuration of $1
server_name $1
listen 8080
worker red weight=3
worker green weight=2
worker blue weight=1
END

[ "$(stat -c %a "$d/secret.key")" = 600 ] || chmod 600 "$d/secret.key"

[ "$(readlink "$d/current")" = "$d/app" ] || ln -sfn "$d/app" "$d/current"

if ! grep -qx 'PermitRootLogin no' "$d/sshd.conf"; then
  mode=$(stat -c %a "$d/sshd.conf")
  sed 's/^#\{0,1\}PermitRootLogin .*/PermitRootLogin no/' "$d/sshd.conf" | put "$d/sshd.conf" "$mode"
fi

if grep -q 'nofile  *1024$' "$d/limits.conf"; then
  mode=$(stat -c %a "$d/limits.conf")
  sed 's/nofile  *1024$/nofile 65536/' "$d/limits.conf" | put "$d/limits.conf" "$mode"
fi

block='# BEGIN bench
192.0.2.10 db.example.org db
192.0.2.11 cache.example.org cache
192.0.2.12 queue.example.org queue
# END bench'
if [ "$(sed -n '/^# BEGIN bench$/,/^# END bench$/p' "$d/hosts")" != "$block" ]; then
  mode=$(stat -c %a "$d/hosts")
  { sed '/^# BEGIN bench$/,/^# END bench$/d' "$d/hosts" && echo "$block"; } | put "$d/hosts" "$mode"
fi

if [ -e "$d/app/motd" ]; then
  [ -e "$d/app/done" ] || touch "$d/app/done"
fi
