# Completion of play for fish: play completion fish > ~/.config/fish/completions/play.fish
function __play_complete
    set -l words (commandline -opc) (commandline -ct)
    command play __complete -- $words[2..-1] 2>/dev/null
end
complete -c play -e
complete -c play -f -a '(__play_complete)'
