# For the stand-ins of BSD's tools: options are read as getopt(3) of FreeBSD reads them. An option that a program does not have is refused in
# its words, long ones too, and nothing behind the first operand is an option. The work is done by the tools of GNU.
theirs=$PATH PATH=/usr/bin:/bin POSIXLY_CORRECT=1
export PATH POSIXLY_CORRECT

# options LETTERS ARGUMENT…: refuses, or returns with OPTIND at the first operand.
options() {
  letters=$1
  shift
  while getopts ":$letters" letter; do
    case $letter in
      '?') refuse "illegal option -- $OPTARG" ;;
      :) refuse "option requires an argument -- $OPTARG" ;;
    esac
  done
}

refuse() {
  echo "${0##*/}: $1" >&2
  exit 64
}
