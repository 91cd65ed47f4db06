#compdef play
# Completion of play for zsh. In ~/.zshrc, below compinit: source <(play completion zsh)
_play() {
  local -a lines whole whole_shown begun begun_shown typed
  local line value about
  typed=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
  lines=("${(@f)$(command play __complete -- "${typed[@]}" 2>/dev/null)}")
  for line in "${lines[@]}"; do
    value=${line%%$'\t'*}
    about=${line#*$'\t'}
    [[ -n $value ]] || continue
    [[ -z $about ]] || about="$value -- $about"
    if [[ $value == *[/=,] ]]; then
      begun+=("$value")
      begun_shown+=("${about:-$value}")
    else
      whole+=("$value")
      whole_shown+=("${about:-$value}")
    fi
  done
  (( ${#begun} )) && compadd -S '' -l -d begun_shown -a begun
  (( ${#whole} )) && compadd -l -d whole_shown -a whole
  (( ${#begun} + ${#whole} ))
}
# As a file `_play` of $fpath this is the body of the function; sourced, it registers itself.
if [[ ${funcstack[1]-} == _play ]]; then _play "$@"; else compdef _play play; fi
