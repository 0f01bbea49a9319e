#!/usr/bin/env bash
# A merchant's server for the calls that AlipayHK makes: verifies the raw body, applies each event
# once, and answers signed. socat starts it for each connection: it reads one request from standard
# input and writes its answer to standard output. Needs bash 4.2, openssl, jq, socat and GNU date.
#
#   PORT=3000 bash receiver.sh
#
# ALIPAYHK_CLIENT_ID, ALIPAYHK_PRIVATE_KEY (yours) and ALIPAYHK_PLATFORM_KEY (AlipayHK's) as
# `alipayhk-mock env` prints them: keys as bare base64. With several platform versions:
# ALIPAYHK_PLATFORM_KEY_2=… for version 2. It shows the steps and suits tests: a dozen processes for
# each request are too slow for a crowd.
set -uo pipefail
if [ "${1:-}" != handle ]; then
  umask 077
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  mkdir "$folder/applied"
  pem() { printf -- '-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n' "$1" "$(fold -w 64 <<< "$2")" "$1"; }
  pem PRIVATE "$ALIPAYHK_PRIVATE_KEY" > "$folder/private.pem"
  for name in "${!ALIPAYHK_PLATFORM_KEY@}"; do pem PUBLIC "${!name}" > "$folder/$name.pem"; done
  socat "TCP-LISTEN:${PORT:-3000},bind=127.0.0.1,reuseaddr,fork" \
    "SYSTEM:FOLDER='$folder' exec bash '$0' handle" &
  trap 'kill $!' TERM INT
  echo "receiver listens on http://127.0.0.1:${PORT:-3000}"
  wait
  exit
fi

work=$FOLDER/$BASHPID
trap 'rm -rf "$work"*' EXIT
declare -A header
IFS=' ' read -r _ target _
while IFS= read -r line && line=${line%$'\r'} && [ -n "$line" ]; do
  name=${line%%:*} value=${line#*:}
  header[${name,,}]=${value# }
done
length=${header[content-length]:-0}
[[ $length =~ ^[0-9]{1,7}$ && $length -le 1048576 ]] || exit
# The bytes as they arrived; what broke off applies nothing.
head -c "$length" > "$work.body"
[ "$(stat -c %s "$work.body")" = "$length" ] || exit

content() { # time file: POST <path>\n<Client-Id>.<time>.<body as it arrived>
  printf 'POST %s\n%s.%s.' "$target" "$ALIPAYHK_CLIENT_ID" "$1"
  cat "$2"
}

is_trusted() {
  local time=${header[request-time]:-} sent now pairs=,${header[signature]:-} key signature
  [ "${header[client-id]:-}" = "$ALIPAYHK_CLIENT_ID" ] || return 1
  # A captured request must not be worth anything tomorrow.
  sent=$(date -d "$time" +%s 2> /dev/null) || return 1
  printf -v now '%(%s)T' -1
  [ $((now - sent)) -lt 600 ] || return 1
  pairs=${pairs//[[:space:]]/}
  [[ $pairs == *,algorithm=RSA256* && $pairs =~ ,signature=([^,]+) ]] || return 1
  signature=${BASH_REMATCH[1]}
  [[ $pairs =~ ,keyVersion=([0-9]+) ]] || return 1
  key=$FOLDER/ALIPAYHK_PLATFORM_KEY_${BASH_REMATCH[1]}.pem
  [ -f "$key" ] || key=$FOLDER/ALIPAYHK_PLATFORM_KEY.pem
  printf '%b' "${signature//%/\\x}" | openssl base64 -d -A > "$work.signature" 2> /dev/null
  content "$time" "$work.body" |
    openssl dgst -sha256 -verify "$key" -signature "$work.signature" > /dev/null 2>&1
}

success='{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}'
handle() {
  local older id names='.billNo // .acquirementId // .orderId // .requestId // ""'
  IFS=$'\t' read -r older id < <(jq -r "[.request != null,
    (.request.body // . | $names | tostring | @uri)] | @tsv" "$work.body")
  [ -n "$older" ] || exit
  # mkdir claims the id before the work, and only once: in production a unique index does it.
  if [ -n "$id" ] && mkdir "$FOLDER/applied/$id" 2> /dev/null; then
    # Here the points are added, the order is created: once.
    echo "applied $id" >&2
  fi
  if [ "$older" = true ]; then
    printf '{"response":{"head":{"respTime":"%s"},"body":{"resultInfo":%s,"orderId":"%s"}}}' \
      "$time" "$success" "$id"
  elif [[ $target == *top_up* ]]; then
    printf '{"result":%s,"acquiringSite":"aboss","orderInfo":{"id":"%s"}}' "$success" "$id"
  else
    printf '{"result":%s}' "$success"
  fi
}

TZ=Etc/GMT-8 printf -v time '%(%Y-%m-%dT%H:%M:%S+08:00)T' -1
if is_trusted; then
  handle > "$work.answer"
else
  printf '{"result":{"resultCode":"INVALID_SIGNATURE","resultStatus":"F"}}' > "$work.answer"
fi
signature=$(content "$time" "$work.answer" |
  openssl dgst -sha256 -sign "$FOLDER/private.pem" | openssl base64 -A)
signature=${signature//+/%2B} signature=${signature//\//%2F} signature=${signature//=/%3D}
printf '%s\r\n' 'HTTP/1.1 200 OK' 'Content-Type: application/json; charset=UTF-8' \
  "Content-Length: $(stat -c %s "$work.answer")" "Client-Id: $ALIPAYHK_CLIENT_ID" \
  "Response-Time: $time" 'Connection: close' \
  "Signature: algorithm=RSA256,keyVersion=${ALIPAYHK_KEY_VERSION:-1},signature=$signature" ''
cat "$work.answer"
