# Completion of play for bash. In ~/.bashrc: source <(play completion bash)
_play_complete() {
  local line=${COMP_LINE:0:COMP_POINT} word rest i value
  local -a words=()
  # Bash cuts words at "=" and ":" too: what has no blank between belongs together.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    rest=${line#"${line%%[![:space:]]*}"}
    ((i < COMP_CWORD)) || word=$rest
    if ((i > 0)) && [[ $rest == "$line" && -n $word ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    line=${rest#"$word"}
  done
  words=("${words[@]//\\/}")
  words=("${words[@]//[\'\"]/}")
  local current=${words[${#words[@]} - 1]} cut=
  if [[ $COMP_WORDBREAKS == *=* ]]; then cut+='='; fi
  if [[ $COMP_WORDBREAKS == *:* ]]; then cut+=':'; fi
  if [[ -n $cut ]]; then cut=${current%"${current##*[$cut]}"}; fi
  COMPREPLY=()
  while IFS=$'\t' read -r value _; do
    value=${value#"$cut"}
    case $value in
      */ | *= | *,) compopt -o nospace 2>/dev/null ;;
    esac
    # Not %q for all: it would hide "~" and "!" behind backslashes where nobody needs them.
    case $value in
      *[[:space:]\'\"\\\$\`\&\;\|\<\>\(\)*?]*) printf -v value %q "$value" ;;
    esac
    COMPREPLY+=("$value")
  done < <(command play __complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _play_complete play
