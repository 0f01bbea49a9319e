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
#   MERCHANT_KEY  the merchant's private key: signs requests, opens encrypted answers
#   PLATFORM_KEY  the platform's public key: verifies answers, seals request bodies
#
# Exit code 0 only if all five answers are verified and say success (S).
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
PLATFORM_KEY=${PLATFORM_KEY:-$keys/platform/$form.public.pem}

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

verify() { # signature path time body-file
  percent_decode "$1" | base64_to "$work/signature"
  signed_text "${@:2}" >"$work/text"
  openssl dgst -sha256 -verify "$PLATFORM_KEY" -signature "$work/signature" "$work/text" >/dev/null 2>&1
}

# ---------------------------------------------------------------- sealing (RSA_AES)

# A fresh AES-256 key encrypts the body (ECB, PKCS#7 padding); RSA (PKCS#1 v1.5) wraps the key for the receiver.
# The body becomes one line of base64, and that line is what gets signed: encrypt first, then sign.
seal() { # plain-file sealed-file -> wrapped key, percent-encoded base64
  openssl rand -out "$work/aes" 32
  openssl enc -aes-256-ecb -K "$(hex_of "$work/aes")" -in "$1" -out "$work/cipher"
  printf '%s' "$(base64_of "$work/cipher")" >"$2"
  openssl pkeyutl -encrypt -pubin -inkey "$PLATFORM_KEY" -pkeyopt rsa_padding_mode:pkcs1 -in "$work/aes" -out "$work/wrapped"
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

header() { # name -> value; header names know no letter case
  local name value
  shopt -s nocasematch
  while IFS=: read -r name value; do
    [[ $name == "$1" ]] || continue
    value=${value%$'\r'}
    printf '%s' "${value# }"
  done <"$work/head"
}

pair() { # key list -> value in "key=value,key=value"; a value may hold further =
  local list=,${2//, /,}
  [[ $list == *",$1="* ]] || return 0
  list=${list#*",$1="}
  printf '%s' "${list%%,*}"
}

# ---------------------------------------------------------------- one exchange

# Sets status to S, F or U as the verified answer says, or to U when no answer counts; detail says why.
exchange() { # path plain-file
  local path=$1 body=$2 type='application/json; charset=UTF-8' encryption=() wrapped
  status=U
  if [[ $mode == encrypt ]]; then
    wrapped=$(seal "$2" "$work/sealed")
    body=$work/sealed type='text/plain; charset=UTF-8'
    encryption=(--header "Encrypt: algorithm=RSA_AES,keyVersion=1,symmetricKey=$wrapped")
  fi

  local time signature
  time=$(date -u +%Y-%m-%dT%H:%M:%S+00:00)
  signature=$(sign "$path" "$time" "$body")

  # --data-binary sends the file as it is; --data would drop line feeds and with them the signature's truth.
  if ! curl --silent --show-error --max-time 10 --request POST "$BASE_URL$path" \
    --header "Content-Type: $type" \
    --header "Client-Id: $CLIENT_ID" \
    --header "Request-Time: $time" \
    --header "Signature: algorithm=$algorithm,keyVersion=1,signature=$signature" \
    ${encryption[@]+"${encryption[@]}"} \
    --data-binary "@$body" --dump-header "$work/head" --output "$work/answer"; then
    detail='no answer'
    return
  fi

  # The HTTP status says little: refusals come with 200 as well. Trust the body only once its signature has verified.
  signature=$(pair signature "$(header signature)")
  if [[ -z $signature ]]; then
    detail="answer is not signed: $(cat "$work/answer")"
    return
  fi
  if ! verify "$signature" "$path" "$(header response-time)" "$work/answer"; then
    detail="answer's signature does not verify: $(cat "$work/answer")"
    return
  fi

  # An answer is encrypted if and only if its request was. The signature covered the sealed form: verify, then open.
  local answer=$work/answer how='verified'
  if [[ $mode == encrypt ]]; then
    wrapped=$(pair symmetricKey "$(header encrypt)")
    if [[ -z $wrapped ]] || ! open_sealed "$wrapped" "$work/answer" "$work/opened"; then
      detail="answer is verified, but does not open: $(cat "$work/answer")"
      return
    fi
    answer=$work/opened how='verified, opened'
  fi

  # A program reads result.resultStatus (resultInfo for the membership card): S done, F failed, U unknown.
  local text
  text=$(cat "$answer")
  detail="$how, $text"
  if [[ $text =~ \"resultStatus\"[[:space:]]*:[[:space:]]*\"([SFU])\" ]]; then status=${BASH_REMATCH[1]}; fi
}

# ---------------------------------------------------------------- one call

failures=0

# Sends the same message again, including its requestId, while the outcome is unknown; with growing
# delays and a limit.
call() { # name path body
  local attempt status detail
  printf '%s' "$3" >"$work/plain"
  for attempt in 1 2 3 4 5; do
    exchange "$2" "$work/plain"
    [[ $status == U ]] || break
    sleep "$(printf '0.%d' "$attempt")"
  done
  printf '%-16s %s %s\n' "$1" "$status" "$detail"
  [[ $status == S ]] || failures=$((failures + 1))
}

# ---------------------------------------------------------------- the five operations

# A requestId names one request for good: new for every message, the same again only when the same bytes are sent again.
id() { openssl rand -hex 16; }

# Milliseconds since 1970. bash 5 knows them; elsewhere whole seconds will do.
now() {
  local micros=${EPOCHREALTIME:-$(date +%s)000000}
  micros=${micros/[.,]/}
  printf '%s' "${micros%???}"
}

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
