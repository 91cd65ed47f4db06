set -eu
i=1
while [ "$i" -le 100 ]; do
  /bin/echo "$i"
  i=$((i + 1))
done
