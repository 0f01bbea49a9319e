<?php
// A merchant's server for the calls that AlipayHK makes: verifies the raw body, applies each event
// once, and answers within 3 s, signed. Needs openssl alone.
//
//   php -S 127.0.0.1:3000 receiver.php
//
// ALIPAYHK_CLIENT_ID, ALIPAYHK_PRIVATE_KEY and ALIPAYHK_PLATFORM_KEY as `alipayhk-mock env` prints
// them. RECEIVER_FOLDER keeps what was applied.

$clientId = getenv('ALIPAYHK_CLIENT_ID');
$keyVersion = getenv('ALIPAYHK_KEY_VERSION') ?: '1';
$maxAge = 600;

function pem(string $label, string $base64): string
{
    return "-----BEGIN $label-----\n" . chunk_split($base64, 64, "\n") . "-----END $label-----\n";
}

function platformKey(string $version): string
{
    return pem('PUBLIC KEY', getenv("ALIPAYHK_PLATFORM_KEY_$version") ?: getenv('ALIPAYHK_PLATFORM_KEY'));
}

function content(string $path, string $time, string $body): string
{
    global $clientId;
    return "POST $path\n$clientId.$time.$body";
}

function isTrusted(string $path, string $body): bool
{
    global $clientId, $maxAge;
    $time = $_SERVER['HTTP_REQUEST_TIME'] ?? '';
    $sent = strtotime($time);
    // A captured request must not be worth anything tomorrow.
    if ($sent === false || time() - $sent > $maxAge || ($_SERVER['HTTP_CLIENT_ID'] ?? '') !== $clientId) {
        return false;
    }
    $pairs = [];
    foreach (explode(',', $_SERVER['HTTP_SIGNATURE'] ?? '') as $pair) {
        [$name, $value] = array_pad(explode('=', trim($pair), 2), 2, '');
        $pairs[$name] = $value;
    }
    if (($pairs['algorithm'] ?? '') !== 'RSA256') {
        return false;
    }
    $signature = base64_decode(rawurldecode($pairs['signature'] ?? ''), true);
    $key = platformKey($pairs['keyVersion'] ?? '');
    return $signature !== false
        && openssl_verify(content($path, $time, $body), $signature, $key, OPENSSL_ALGO_SHA256) === 1;
}

/** The claim comes before the work: in production a unique index does it. */
function claim(string $id): bool
{
    $folder = getenv('RECEIVER_FOLDER') ?: sys_get_temp_dir();
    $file = @fopen($folder . '/applied-' . hash('sha256', $id), 'x');
    return $file !== false && fclose($file);
}

function now(): string
{
    return (new DateTime('now', new DateTimeZone('+08:00')))->format('Y-m-d\TH:i:sP');
}

function handle(string $path, array $message): array
{
    $success = ['resultCode' => 'SUCCESS', 'resultStatus' => 'S', 'resultMessage' => 'success'];
    $fields = $message['request']['body'] ?? $message;
    $id = $fields['billNo'] ?? $fields['acquirementId'] ?? $fields['orderId'] ?? $fields['requestId'] ?? null;
    if ($id !== null) {
        // Here the points are added, the order is created: once.
        $isNew = claim($id);
        error_log(json_encode(['path' => $path, 'id' => $id, 'isNew' => $isNew]));
    }
    if (isset($message['request'])) {
        return ['response' => ['head' => ['respTime' => now()], 'body' => ['resultInfo' => $success]]];
    }
    $more = str_contains($path, 'top_up') ? ['acquiringSite' => 'aboss', 'orderInfo' => ['id' => $id]] : [];
    return ['result' => $success] + $more;
}

$path = $_SERVER['REQUEST_URI'];
$body = file_get_contents('php://input');
if (strlen($body) !== (int) ($_SERVER['CONTENT_LENGTH'] ?? 0)) {
    return; // It broke off: nothing is applied.
}
$refused = ['result' => ['resultCode' => 'INVALID_SIGNATURE', 'resultStatus' => 'F']];
$answer = json_encode(isTrusted($path, $body) ? handle($path, json_decode($body, true)) : $refused);
$time = now();
openssl_sign(content($path, $time, $answer), $signature, pem('PRIVATE KEY', getenv('ALIPAYHK_PRIVATE_KEY')), OPENSSL_ALGO_SHA256);
$value = rawurlencode(base64_encode($signature));
header('Content-Type: application/json; charset=UTF-8');
header("Client-Id: $clientId");
header("Response-Time: $time");
header("Signature: algorithm=RSA256,keyVersion=$keyVersion,signature=$value");
echo $answer;
