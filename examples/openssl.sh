#!/usr/bin/env bash
# Calls all five operations with nothing but bash, openssl and curl (and od and date of any Unix): every step of the
# protocol is one short function, to be read and ported to any language.
#
#   examples/openssl.sh             sign RSA256
#   examples/openssl.sh --encrypt   sign RSA256, encrypt the body; the answer comes encrypted too
#   examples/openssl.sh --ecc224    sign ECC224
#
# Variables, with the demo values as defaults:
#   BASE_URL      http://127.0.0.1:8852   scheme, host and port; no path, no slash at the end
#   CLIENT_ID     4Q5Y8W0WSG45P907917
#   MERCHANT_KEY  the merchant's private key: signs requests, decrypts responses
#   PLATFORM_KEY  the platform's public key, version 1: verifies responses, encrypts request bodies
#   PLATFORM_KEYS a folder of further versions, v2.public.pem and so on
#   OUTBOX        a folder for messages whose outcome is unknown; without it they are lost at the end
#   TIMEOUT_SECONDS, PAUSE_FACTOR   8 for the whole response; 1 for the pauses of 2, 600, 1800 seconds
#
# Exit code 0 only if all five responses are verified and their status is S. Sourced by another
# script, it only defines its functions.
set -euo pipefail

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; }

mode=plain
case ${1-} in
  '') ;;
  --encrypt) mode=encrypt ;;
  --ecc224) mode=ecc224 ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

keys=$(cd "$(dirname "${BASH_SOURCE[0]}")/../keys" && pwd)
BASE_URL=${BASE_URL:-http://127.0.0.1:8852}
CLIENT_ID=${CLIENT_ID:-4Q5Y8W0WSG45P907917}
if [[ $mode == ecc224 ]]; then algorithm=ECC224 form=v1.ecc224; else algorithm=RSA256 form=v1; fi
MERCHANT_KEY=${MERCHANT_KEY:-$keys/clients/$CLIENT_ID/$form.private.pem}
PLATFORM_KEY=${PLATFORM_KEY-$keys/platform/$form.public.pem}
PLATFORM_KEYS=${PLATFORM_KEYS:-$keys/platform}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ---------------------------------------------------------------- encodings

# Base64 goes into headers percent-encoded. Only + / = need it.
percent_encode() {
  local text=$1
  text=${text//+/%2B} text=${text//\//%2F} text=${text//=/%3D}
  printf '%s' "$text"
}

percent_decode() { printf '%b' "${1//%/\\x}"; }

base64_of() { openssl base64 -A -in "$1"; }        # file -> one line
base64_to() { openssl base64 -d -A -out "$1"; }    # one line on stdin -> file
hex_of() { od -An -v -tx1 "$1" | tr -d ' \n'; }    # file -> hexadecimal digits

# ---------------------------------------------------------------- signing

# The signed text: "POST <path>\n<client id>.<time>.<body>" and nothing after the body, not even a line feed.
# The path has no scheme and no host; time and body are byte for byte what is sent.
# An answer is signed over the same path with Response-Time and the body of the answer.
signed_text() { # path time body-file
  printf 'POST %s\n%s.%s.' "$1" "$CLIENT_ID" "$2"
  cat "$3"
}

# RSA256 is SHA-256 with RSASSA-PKCS1-v1_5; ECC224 is read as SHA-256 with ECDSA on secp224r1, signature in DER.
# For openssl these are the same command: the key decides.
sign() { # path time body-file -> percent-encoded base64
  signed_text "$@" >"$work/text"
  openssl dgst -sha256 -sign "$MERCHANT_KEY" -out "$work/signature" "$work/text"
  percent_encode "$(base64_of "$work/signature")"
}

platform_key() { # version -> file; fails for a version that is not known
  local file=$PLATFORM_KEYS/v$1${form#v1}.public.pem
  if [[ $1 == 1 && -n $PLATFORM_KEY ]]; then file=$PLATFORM_KEY; fi
  [[ $1 =~ ^[0-9]+$ && -f $file ]] && printf '%s' "$file"
}

verify() { # signature key-file path time body-file
  percent_decode "$1" | base64_to "$work/signature"
  signed_text "${@:3}" >"$work/text"
  openssl dgst -sha256 -verify "$2" -signature "$work/signature" "$work/text" >/dev/null 2>&1
}

# A response of yesterday may be a replay: five minutes either way, for clocks differ.
is_of_now() { # time
  local then
  then=$(date -u -d "$1" +%s 2>/dev/null || date -u -j -f %Y-%m-%dT%H:%M:%S%z "${1%:*}${1##*:}" +%s) || return
  local age=$(($(date +%s) - then))
  ((age > -300 && age < 300))
}

# ---------------------------------------------------------------- encryption (RSA_AES)

# A fresh AES-256 key encrypts the body (ECB, PKCS#7 padding); RSA (PKCS#1 v1.5) wraps the key for the receiver.
# The body becomes one line of base64, and that line is what gets signed: encrypt first, then sign.
seal() { # plain-file sealed-file -> wrapped key, percent-encoded base64
  openssl rand -out "$work/aes" 32
  openssl enc -aes-256-ecb -K "$(hex_of "$work/aes")" -in "$1" -out "$work/cipher"
  printf '%s' "$(base64_of "$work/cipher")" >"$2"
  openssl pkeyutl -encrypt -pubin -inkey "$(platform_key "${PLATFORM_VERSION:-1}")" -pkeyopt rsa_padding_mode:pkcs1 -in "$work/aes" -out "$work/wrapped"
  percent_encode "$(base64_of "$work/wrapped")"
}

open_sealed() { # wrapped-key sealed-file plain-file
  percent_decode "$1" | base64_to "$work/wrapped"
  openssl pkeyutl -decrypt -inkey "$MERCHANT_KEY" -pkeyopt rsa_padding_mode:pkcs1 -in "$work/wrapped" -out "$work/aes"
  local key
  key=$(hex_of "$work/aes") # 16, 24 or 32 bytes name the AES key length
  base64_to "$work/cipher" <"$2"
  openssl enc -d "-aes-$((${#key} * 4))-ecb" -K "$key" -in "$work/cipher" -out "$3"
}

# ---------------------------------------------------------------- reading the answer's headers

header() { # name -> value; names know no letter case; of a doubled header neither counts
  local name value found=()
  shopt -s nocasematch
  while IFS=: read -r name value; do
    [[ $name == "$1" ]] || continue
    value=${value%$'\r'}
    found+=("${value# }")
  done <"$work/head"
  shopt -u nocasematch
  [[ ${#found[@]} != 1 ]] || printf '%s' "${found[0]}"
}

pair() { # key list -> value in "key=value,key=value"; a value may hold further =
  local list=,${2//, /,}
  [[ $list == *",$1="* ]] || return 0
  list=${list#*",$1="}
  printf '%s' "${list%%,*}"
}

# ---------------------------------------------------------------- one exchange

result_field() { # name json -> value; a program uses a JSON reader
  if [[ $2 =~ \"$1\"[[:space:]]*:[[:space:]]*\"([A-Z_]+)\" ]]; then printf '%s' "${BASH_REMATCH[1]}"; fi
}

# Sets status to S, F or U as the verified response says, or to U when none counts, and code to its
# result code; detail says why. The code of an unsigned response is a hint for people only.
exchange() { # path plain-file
  local path=$1 body=$2 type='application/json; charset=UTF-8' encryption=() wrapped
  status=U code=
  if [[ $mode == encrypt ]]; then
    wrapped=$(seal "$2" "$work/sealed")
    body=$work/sealed type='text/plain; charset=UTF-8'
    encryption=(--header "Encrypt: algorithm=RSA_AES,keyVersion=${PLATFORM_VERSION:-1},symmetricKey=$wrapped")
  fi

  local time signature
  time=$(date -u +%Y-%m-%dT%H:%M:%S+00:00)
  signature=$(sign "$path" "$time" "$body")

  # --data-binary sends the file as it is; --data would drop line feeds, and with them the signature would be wrong.
  rm -f "$work/answer"
  if ! curl --silent --show-error --max-time "${TIMEOUT_SECONDS:-8}" --request POST "$BASE_URL$path" \
    --header "Content-Type: $type" \
    --header "Client-Id: $CLIENT_ID" \
    --header "Request-Time: $time" \
    --header "Signature: algorithm=$algorithm,keyVersion=1,signature=$signature" \
    ${encryption[@]+"${encryption[@]}"} \
    --data-binary "@$body" --dump-header "$work/head" --output "$work/answer"; then
    detail='no response'
    return
  fi
  [[ -f $work/answer ]] || : >"$work/answer" # an empty body

  # The HTTP status says little: refusals come with 200 as well. Trust the body only once its signature has verified.
  local key text
  text=$(tr -d '\0' <"$work/answer")
  time=$(header response-time)
  signature=$(pair signature "$(header signature)")
  if [[ -z $signature || -z $time ]]; then
    code=$(result_field resultCode "$text") detail="response is not signed: $text"
    return
  fi
  if ! key=$(platform_key "$(pair keyVersion "$(header signature)")"); then
    detail='response names an unknown key version'
    return
  fi
  if ! verify "$signature" "$key" "$path" "$time" "$work/answer"; then
    detail="response's signature does not verify: $text"
    return
  fi
  if ! is_of_now "$time"; then
    detail="Response-Time $time is not of now"
    return
  fi

  # The signature covers the encrypted form: verify, then decrypt.
  local how='verified'
  wrapped=$(pair symmetricKey "$(header encrypt)")
  if [[ $mode == encrypt && -n $wrapped ]]; then
    if ! open_sealed "$wrapped" "$work/answer" "$work/opened" 2>/dev/null; then
      detail='response is verified, but cannot be decrypted'
      return
    fi
    how='verified, decrypted' text=$(cat "$work/opened")
  fi

  # result.resultStatus (resultInfo for the membership card): S done, F failed, U unknown.
  detail="$how, $text"
  status=$(result_field resultStatus "$text")
  [[ $status == [SFU] ]] || status=U
  # A refusal from before decryption is in the clear. A success never is.
  if [[ $mode == encrypt && -z $wrapped && $status == S ]]; then status=U; fi
  code=$(result_field resultCode "$text")
}

# ---------------------------------------------------------------- one message

failures=0

scaled() { awk "BEGIN { print $1 * ${PAUSE_FACTOR:-1} }"; } # seconds

# One attempt for an open message: a file with path, attempts so far and body. It is written before
# the first byte leaves, and deleted when the outcome is known.
attempt() { # file
  local path attempts
  { read -r path attempts && cat >"$work/plain"; } <"$1"
  { printf '%s %s\n' "$path" $((attempts + 1)) && cat "$work/plain"; } >"$1.new"
  mv "$1.new" "$1"
  exchange "$path" "$work/plain"
  next_in=
  case $status$((attempts + 1)) in
    [SF]*) rm "$1" ;;
    U[1-3]) next_in=$(scaled 2) ;;
    U4) next_in=$(scaled 600) ;;
    U5) next_in=$(scaled 1800) ;;
  esac
  if [[ $status != S && -z $next_in ]]; then printf 'ALERT %s %s\n' "$path" "$detail" >&2; fi
}

# Sends a message, and again, with the same bytes and requestId, while its outcome is unknown.
notify() { # path body
  local file=${OUTBOX:-$work}/$(now)-$RANDOM.open
  printf '%s 0\n%s' "$1" "$2" >"$file"
  attempt "$file"
  for _ in 1 2 3; do
    [[ $status == U ]] || break
    sleep "$(scaled 2)"
    attempt "$file"
  done
}

# Milliseconds since 1970. bash 5 knows them; elsewhere whole seconds will do.
now() {
  local micros=${EPOCHREALTIME:-$(date +%s)000000}
  micros=${micros/[.,]/}
  printf '%s' "${micros%???}"
}

# A requestId names one message for good: new for every message, the same when it is sent again.
id() { openssl rand -hex 16; }

[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

call() { # name path body
  notify "$2" "$3"
  printf '%-16s %s %s\n' "$1" "$status" "$detail"
  [[ $status == S ]] || failures=$((failures + 1))
}

# ---------------------------------------------------------------- the five operations

# This path and the next are inferred, AlipayHK's pages print none; the path is signed, so ask for the real one.
call additional-info /api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync '{
  "openId": "2160120074526881",
  "requestId": "'"$(id)"'",
  "requestTime": '"$(now)"',
  "accountId": "85291234567",
  "type": "TELECOM",
  "subType": "MOBILE_SERVICE",
  "status": "VALID",
  "autoDebitStatus": "AUTO_DEBIT"
}'

call account-linkage /api/open/alipay/v1/promotion/binding/sync '{
  "requestId": "'"$(id)"'",
  "bizTime": '"$(now)"',
  "bizType": "BINDING_SYNC",
  "operateType": "BIND",
  "externalIdentityType": "UID",
  "externalIdentityValue": "hb-0088231",
  "userId": "2160120074526881",
  "bindingTargetType": "PHONE",
  "bindingTarget": "85291234567"
}'

call payment-info /api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync '{
  "openId": "2160120074526881",
  "requestId": "'"$(id)"'",
  "requestTime": '"$(now)"',
  "accountId": "85291234567",
  "type": "TELECOM",
  "status": "VALID",
  "merchant": {"merchantAccountId": "2160400000002012"},
  "amount": 12800,
  "currencyCode": "HKD",
  "paymentResult": "SUCCESS",
  "paymentDate": '"$(now)"',
  "actionUrl": "alipayhk://platformapi/startapp?appId=20000067"
}'

order=$(now)
call order-sync /api/open/alipay/v1/merchant/order/sync '{
  "requestId": "'"$(id)"'",
  "merchantBizNo": "MOV'"$order"'",
  "orderStatus": "TICKETED",
  "openId": "2160120074526881",
  "merchantBizType": "MOVIE_TICKET",
  "orderCreateTime": '"$order"',
  "orderModifyTime": '"$order"',
  "amount": {"value": "22000", "currency": "HKD"},
  "payAmount": {"value": "19800", "currency": "HKD"},
  "extInfo": {"cinema": {"zh_HK": "星光戲院", "en_US": "Starlight Cinema"}}
}'

call membership-card /api/open/alipay/v1/ipass/pass/manage/updatePass '{
  "merchantId": "2160400000002012",
  "userId": "2160120074526881",
  "passId": "PASS'"$(now)"'",
  "status": "UPDATE",
  "updateDetailType": "UPDATE_MEMBER_CARD",
  "dataInfo": {"$points$": "1280", "$level$": "金卡會員"}
}'

exit $((failures > 0))
