#!/usr/bin/env bash
# The script of the action: runs certify with the inputs that its variables hold, and sets the
# outputs. Ends with certify's own exit code.
set -uo pipefail

report=${RUNNER_TEMP:-$(mktemp -d)}/certify
mkdir -p "$report"
read -ra executable <<< "${CERTIFY_EXECUTABLE:-npx --no alipayhk-mock}"
arguments=(certify
  --report "json=$report/certify.json" --report "html=$report/certify.html"
  --report "junit=$report/certify.xml" --report github --fail-on "${CERTIFY_FAIL_ON:-major}")
[ -z "${CERTIFY_CONFIG:-}" ] || arguments+=(--config "$CERTIFY_CONFIG")
[ -z "${CERTIFY_PROFILE:-}" ] || arguments+=(--profile "$CERTIFY_PROFILE")
[ -z "${CERTIFY_EXPECTED:-}" ] || arguments+=(--expected "$CERTIFY_EXPECTED")
[ -z "${CERTIFY_SARIF:-}" ] || arguments+=(--report "sarif=$CERTIFY_SARIF")
[ "${CERTIFY_STREAM:-false}" != true ] || arguments+=(--stream)
if [ -n "${CERTIFY_HOOK:-}" ]; then
  arguments+=(--hook "$CERTIFY_HOOK")
elif [ -n "${CERTIFY_COMMAND:-}" ]; then
  arguments+=(-- bash -c "$CERTIFY_COMMAND")
else
  echo '::error::set the input command, or hook'
  exit 2
fi

"${executable[@]}" "${arguments[@]}"
code=$?
case $code in
  0) verdict=passed ;;
  4) verdict=not-enough-seen ;;
  *) verdict=failed ;;
esac
count() { # members of the summary: their sum
  node -e '
    const [file, ...names] = process.argv.slice(1);
    const { summary } = JSON.parse(require("node:fs").readFileSync(file, "utf8"));
    console.log(names.reduce((sum, name) => sum + summary[name], 0));
  ' "$report/certify.json" "$@" 2> /dev/null || echo 0
}
{
  echo "verdict=$verdict"
  echo "report=$report"
  echo "passed=$(count pass passClaimed)"
  echo "failed=$(count fail xpass)"
} >> "${GITHUB_OUTPUT:-/dev/stdout}"
exit "$code"
