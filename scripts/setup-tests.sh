#!/bin/sh
# Installs what the tests need on Debian or Ubuntu, and with `--bench` what the benchmark compares with.
# Does nothing, and needs no network, when everything is there. Run as root: scripts/setup-tests.sh [--bench]
set -eu

# command:package, where the command is what the tests start.
wanted='
  sshd:openssh-server
  ssh:openssh-client
  ssh-keygen:openssh-client
  sudo:sudo
  visudo:sudo
  useradd:passwd
  perl:perl-base
  setsid:util-linux
  busybox:busybox
  bash:bash
  dash:dash
  mksh:mksh
  toybox:toybox
  zsh:zsh
  fish:fish
  tmux:tmux
  git:git
  dropbear:dropbear-bin
  tinysshd:tinysshd
  age:age
  age-keygen:age
  iptables:iptables
  nft:nftables
  setfacl:acl
  crontab:cron
  update-alternatives:dpkg
  unshare:util-linux
  flock:util-linux
  pg_ctlcluster:postgresql
  mariadbd:mariadb-server-core
  mariadb:mariadb-client-core
  debootstrap:debootstrap
  systemd-nspawn:systemd-container
  ip:iproute2
  python3:python3
  pip3:python3-pip
  openssl:openssl
  ping:iputils-ping
  ip:iproute2
  tshark:tshark
  tcpdump:tcpdump
  scapy:python3-scapy
  sqlite3:sqlite3
  curl:curl
  wget:wget
'

# module:package, for /usr/bin/python3: what test/python compares with.
pythons='
  pandas:python3-pandas
  yaml:python3-yaml
  psutil:python3-psutil
  requests:python3-requests
  boto3:python3-boto3
  httpbin:python3-httpbin
'

case "${1-}" in
  '') ;;
  --bench) wanted="$wanted ansible-playbook:ansible-core" ;;
  *)
    echo "usage: $0 [--bench]" >&2
    exit 2
    ;;
esac

# Servers and administration programs are not on every user's path.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# OpenRC is run from a folder of its own, in namespaces: as a package it would take the place of the init system here.
openrc=/opt/play-tests/openrc

# Prints the packages of the commands that are not there.
missing() {
  {
    for pair in $wanted; do
      command -v "${pair%%:*}" >/dev/null 2>&1 || echo "${pair#*:}"
    done
    for pair in $pythons; do
      test -e "/usr/lib/python3/dist-packages/${pair%%:*}" || echo "${pair#*:}"
    done
  } | sort -u | tr '\n' ' '
}

packages=$(missing)
unpacked=
[ -d "$openrc" ] || unpacked='openrc '
[ -n "$packages$unpacked" ] || exit 0

if [ "$(id -u)" != 0 ]; then
  echo "$0: not installed: $packages$unpacked; run this as root to install them" >&2
  exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "$0: not installed: $packages$unpacked; there is no apt-get here, please install them by hand" >&2
  exit 1
fi

# The tests start servers of their own: an sshd that the package starts on port 22 is not wanted.
policy=/usr/sbin/policy-rc.d
log=$(mktemp)
made=
# Invoked by the trap.
tidy() {
  rm -f "$log"
  [ -z "$made" ] || rm -f "$policy"
}
trap tidy EXIT
trap 'exit 1' HUP INT TERM
if [ ! -e "$policy" ]; then
  made=yes
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

install() {
  # $packages is a list of words.
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages </dev/null >"$log" 2>&1
}

unpack_openrc() (
  rm -rf "$openrc.new" && mkdir -p "$openrc.new" && cd "$openrc.new" || return
  apt-get download -qq openrc librc1 libeinfo1 </dev/null >"$log" 2>&1 || return
  for file in *.deb; do dpkg -x "$file" . && rm "$file" || return; done
  mv "$openrc.new" "$openrc"
)

echo "$0: installing $packages$unpacked" >&2
# A fresh machine has no package lists, an old one may have lists that name versions long gone.
if ! install; then
  if ! apt-get update -qq </dev/null >"$log" 2>&1 || ! install; then
    echo "$0: apt-get could not install ${packages% }; it said:" >&2
    tail -n 20 "$log" >&2
    exit 1
  fi
fi

packages=$(missing)
if [ -n "$packages" ]; then
  echo "$0: still missing after the installation: ${packages% }" >&2
  exit 1
fi
if [ -n "$unpacked" ] && ! unpack_openrc; then
  apt-get update -qq </dev/null >"$log" 2>&1 || :
  if ! unpack_openrc; then
    echo "$0: apt-get could not download openrc; it said:" >&2
    tail -n 20 "$log" >&2
    exit 1
  fi
fi
