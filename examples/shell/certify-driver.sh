#!/usr/bin/env bash
# alipayhk-mock certify -- examples/shell/certify-driver.sh      (bash, openssl, curl, jq)
set -euo pipefail
job=$(cat)
BASE_URL=$ALIPAYHK_BASE_URL CLIENT_ID=$ALIPAYHK_CLIENT_ID OUTBOX=$ALIPAYHK_CERTIFY_STATE
PAUSE_FACTOR=$ALIPAYHK_CERTIFY_PAUSE_FACTOR PLATFORM_KEY=
export TMPDIR=$ALIPAYHK_CERTIFY_STATE # certify removes it, also after it has killed the driver
source "$(dirname "$0")/../openssl.sh" $(jq -r 'if .sealed then "--encrypt" else empty end' <<<"$job")
MERCHANT_KEY=$work/merchant.pem PLATFORM_KEYS=$work

pem() { printf -- '-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n' "$1" "$(fold -w 64 <<<"$2")" "$1"; }
pem PRIVATE "$ALIPAYHK_PRIVATE_KEY" >"$MERCHANT_KEY"
while read -r PLATFORM_VERSION key; do pem PUBLIC "$key" >"$work/v$PLATFORM_VERSION.public.pem"; done \
  < <(jq -r 'to_entries | sort_by(.key | tonumber)[] | "\(.key) \(.value)"' <<<"$ALIPAYHK_PLATFORM_KEYS")

claim() {
  jq -nc --arg outcome "$status" --arg resultCode "$code" --arg reason "$detail" --arg next "$next_in" \
    --arg orderStatus "$([[ $status == U ]] || result_field orderStatus "$detail")" \
    '{$outcome, $resultCode, $reason, observed: {$orderStatus}, alerted: ($outcome != "S" and $next == ""),
      nextAttemptInMs: (if $next == "" then null else ($next | tonumber * 1000) end)}' >>"$work/claims"
}
if [[ $(jq -r .action <<<"$job") == resume ]]; then
  for file in "$OUTBOX"/*.open; do [[ ! -f $file ]] || { attempt "$file" && claim; }; done
fi
# A new requestId for each message, but for the card; a later event has a later time.
while read -r message; do notify "$(jq -r .path <<<"$job")" "$message" && claim; done < <(jq -c --arg id "$(id)" '
  {syncAccountLinkage: "bizTime", syncOrder: "orderModifyTime", updateMembershipCard: ""} as $times
  | ($times[.operation] // "requestTime") as $time | .messages | to_entries[] | .key as $n | .value
  | if $time == "" then . else {requestId: "\($n)\($id[1:])"} + . | .[$time] += $n end' <<<"$job")
touch "$work/claims" && jq -sc '{outcomes: .}' "$work/claims"
