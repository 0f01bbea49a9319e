#!/usr/bin/env bash
# alipayhk-mock certify -- examples/shell/certify-driver.sh      (bash, openssl, curl, jq)
set -euo pipefail
job=$(cat)
field() { jq -r "$1" <<<"$job"; }
BASE_URL=$ALIPAYHK_BASE_URL CLIENT_ID=$ALIPAYHK_CLIENT_ID OUTBOX=$ALIPAYHK_CERTIFY_STATE PLATFORM_KEY=
PAUSE_FACTOR=${ALIPAYHK_CERTIFY_PAUSE_FACTOR:-1}
export TMPDIR=$ALIPAYHK_CERTIFY_STATE # certify removes it, also after it has killed the driver
source "$(dirname "$0")/../openssl.sh" $([[ $(field .sealed) == false ]] || echo --encrypt)

pem() { printf -- '-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n' "$1" "$(fold -w 64 <<<"$2")" "$1"; }
MERCHANT_KEY=$work/merchant.pem PLATFORM_KEYS=$work
pem PRIVATE "$ALIPAYHK_PRIVATE_KEY" >"$MERCHANT_KEY"
while read -r PLATFORM_VERSION key; do pem PUBLIC "$key" >"$work/v$PLATFORM_VERSION.public.pem"; done \
  < <(jq -r 'to_entries | sort_by(.key | tonumber)[] | "\(.key) \(.value)"' <<<"$ALIPAYHK_PLATFORM_KEYS")

claims=()
claim() {
  claims+=("$(jq -nc --arg status "$status" --arg code "$code" --arg reason "$detail" --arg next "$next_in" \
    --argjson message $((${#claims[@]} + 1)) --arg held "$([[ $status == U ]] || result_field orderStatus "$detail")" '
    {outcome: {S: "SUCCESS", F: "FAILED", U: "UNKNOWN"}[$status], $message, resultCode: $code, $reason, observed: {orderStatus: $held}}
    + if $next == "" then {alerted: ($status != "S")} else {nextAttemptInMs: ($next | tonumber * 1000 | round)} end')")
}
if [[ $(field .action) == resume ]]; then
  for file in "$OUTBOX"/*.open; do [[ ! -f $file ]] || { attempt "$file" && claim; }; done
fi
# A new requestId for each message, but for the card; a later event has a later time.
time=$(jq -r '{syncAccountLinkage: "bizTime", syncOrder: "orderModifyTime", updateMembershipCard: ""}[.operation] // "requestTime"' <<<"$job")
while read -r message; do
  notify "$(field .path)" "$(jq -c --arg id "$(id)" --arg time "$time" --argjson after ${#claims[@]} \
    'if $time == "" then . else {requestId: $id} + . | .[$time] += $after end' <<<"$message")" && claim
done < <(field '.messages // [.message // empty] | .[] | tojson')
jq -nc '[inputs] | (sort_by(.outcome | {UNKNOWN: 0, FAILED: 1, SUCCESS: 2}[.])[0] // {outcome: "SUCCESS"}) + {outcomes: ., resent: length}' <<<"${claims[*]-}"
