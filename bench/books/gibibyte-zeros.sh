head -c "$3" /dev/zero
