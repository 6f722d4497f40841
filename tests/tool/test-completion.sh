# SPDX-License-Identifier: LGPL-2.1-or-later
# The bash completion, sourced and asked as bash asks it. Arguments: the completion's file, the command.
source "$1"
posthorn=$2
number=0
failed=0

# complete LINE: what Tab at its end would offer, sorted, in $offered. Words are cut as bash cuts them, at blanks, "=" and ":".
offer() {
  local rest=$1 piece
  COMP_WORDS=()
  while [[ -n $rest ]]; do
    [[ $rest =~ ^\ *([=:]+|[^\ =:]*) ]]
    piece=${BASH_REMATCH[0]}
    COMP_WORDS+=("${BASH_REMATCH[1]}")
    rest=${rest:${#piece}}
  done
  [[ $1 == *" " ]] && [[ -n ${COMP_WORDS[-1]} ]] && COMP_WORDS+=('')
  COMP_WORDS[0]=$posthorn
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  COMP_LINE=$1
  COMP_POINT=${#1}
  _posthorn
  offered=$(printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' ')
}

# expect NAME LINE CANDIDATES: exactly these
expect() {
  number=$((number + 1))
  offer "$2"
  if [[ $offered == "$3 " ]]; then
    echo "ok $number $1"
  else
    echo "not ok $number $1"
    echo "# $2 offers: $offered"
    failed=1
  fi
}

# with NAME LINE CANDIDATE: among others
with() {
  number=$((number + 1))
  offer "$2"
  if [[ " $offered" == *" $3 "* ]]; then
    echo "ok $number $1"
  else
    echo "not ok $number $1"
    echo "# $2 offers: $offered"
    failed=1
  fi
}

echo TAP version 13
expect 'commands by their beginning' 'posthorn se' 'search send'
with 'every command is known' 'posthorn ' 'watch'
expect 'help on a command' 'posthorn help wat' 'watch'
expect 'options by their beginning' 'posthorn watch --password-' '--password-command --password-file'
with 'options of the command itself' 'posthorn watch --' '--events'
expect 'values behind =' 'posthorn watch --tls=' 'never prefer required'
expect 'values by their beginning' 'posthorn watch --tls=re' 'required'
with 'sources of credentials' 'posthorn watch --credentials=' 'netrc'
expect 'what messages are kept as' 'posthorn fetch --as=m' 'maildir mbox'
expect 'values as words' 'posthorn watch --tls n' 'never'
expect 'schemes that have mailboxes' 'posthorn watch im' 'imap:// imaps://'
expect 'what stands before a colon is not said twice' 'posthorn watch imaps:' '//'
expect 'schemes that take mail' 'posthorn send lm' 'lmtp+unix:/// lmtp://'
expect 'what is done with a password' 'posthorn password l' 'look-up'
expect 'kinds of recorded streams' 'posthorn decode i' 'imap'
cd /
expect 'files elsewhere' 'posthorn send smtp://localhost /et' '/etc'
echo "1..$number"
exit $failed
