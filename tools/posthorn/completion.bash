# SPDX-License-Identifier: LGPL-2.1-or-later
# bash completion for posthorn: commands, options and what they take, as the command itself lists them.

# The command's words of a pattern, out of its help
_posthorn_words() {
  "${COMP_WORDS[0]}" "${@:2}" --help 2>/dev/null | sed -nE "$1"
}

_posthorn_commands() {
  _posthorn_words '/^Commands:/,/^$/s/^  ([a-z]+) .*/\1/p'
}

_posthorn_options() {
  _posthorn_words 's/^ +(-[A-Za-z], )?(--[a-z-]+).*/\2/p' "$1"
  printf '%s\n' --help
}

# Whether an option of the command takes a value in a word of its own
_posthorn_takes_value() {
  _posthorn_words 's/^ +(-[A-Za-z], )?(--[a-z-]+)=.*/\2/p' "$1" | grep -qxe "$2"
}

# Candidates with a colon in them: bash takes what stands before the last one in COMP_WORDBREAKS for a word of its own.
_posthorn_strip_colons() {
  local head=${1%"${1##*:}"} i
  [[ $COMP_WORDBREAKS == *:* && -n $head ]] || return
  for i in "${!COMPREPLY[@]}"; do
    COMPREPLY[i]=${COMPREPLY[i]#"$head"}
  done
}

_posthorn_values() {
  case $1 in
  --as) printf '%s\n' eml mbox maildir ;;
  --algorithm) printf '%s\n' references refs subject ;;
  --by) printf '%s\n' arrival cc date from size subject to display-from display-to ;;
  --tls) printf '%s\n' required prefer never ;;
  --credentials) "${COMP_WORDS[0]}" plugins 2>/dev/null | sed -nE 's/^credentials +([^ ]+).*/\1/p' ;;
  --mechanism) "${COMP_WORDS[0]}" plugins 2>/dev/null | sed -nE 's/^(sasl|mechanism)[^A-Z]*([A-Z0-9-]+).*/\2/p' ;;
  esac
}

_posthorn_uris() {
  case $1 in
  send) printf '%s\n' smtp:// smtps:// lmtp:// lmtp+unix:/// ;;
  probe) printf '%s\n' smtp:// smtps:// imap:// imaps:// lmtp:// lmtp+unix:/// ;;
  *) printf '%s\n' imap:// imaps:// ;;
  esac
}

_posthorn() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} line=$COMP_LINE command=${COMP_WORDS[1]} option
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "$(_posthorn_commands) help --help --version" -- "$word")
    return
  fi
  if [[ $command == help ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_posthorn_commands)" -- "$word")
    return
  fi

  # "--tls=re" arrives as three words, "--tls re" as two
  if [[ $word == = ]]; then
    option=$before word=
  elif [[ $before == = ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $before == --* ]] && _posthorn_takes_value "$command" "$before"; then
    option=$before
  fi
  if [[ -n $option ]]; then
    local values
    values=$(_posthorn_values "$option")
    if [[ -n $values ]]; then
      mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
    else
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
    return
  fi

  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_posthorn_options "$command")" -- "$word")
  elif [[ ${line:0:COMP_POINT} =~ ^[^\ ]+\ +[a-z]+\ +([^\ ]*)$ && $command != plugins && $command != decode && $command != password ]]; then
    # the first argument: a URI, whole in the line though it is in pieces among the words
    word=${BASH_REMATCH[1]}
    mapfile -t COMPREPLY < <(compgen -W "$(_posthorn_uris "$command")" -- "$word")
    _posthorn_strip_colons "$word"
    compopt -o nospace 2>/dev/null
  elif [[ $command == decode && $COMP_CWORD -eq 2 ]]; then
    mapfile -t COMPREPLY < <(compgen -W "imap smtp" -- "$word")
  elif [[ $command == password && $COMP_CWORD -eq 2 ]]; then
    mapfile -t COMPREPLY < <(compgen -W "store look-up clear" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}

complete -o filenames -F _posthorn posthorn
