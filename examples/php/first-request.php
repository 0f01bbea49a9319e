<?php
// The first signed request, with PHP 8 and its openssl extension:  php examples/php/first-request.php
// Exit code 0 only if the answer is signed by the platform and says SUCCESS.
declare(strict_types=1);

$baseUrl = getenv('BASE_URL') ?: 'http://127.0.0.1:8852';
$clientId = getenv('CLIENT_ID') ?: '4Q5Y8W0WSG45P907917';
$keys = dirname(__DIR__, 2) . '/keys';
$merchantKey = openssl_pkey_get_private(file_get_contents(getenv('MERCHANT_KEY') ?: "$keys/clients/$clientId/v1.private.pem"));
$platformKey = openssl_pkey_get_public(file_get_contents(getenv('PLATFORM_KEY') ?: "$keys/platform/v1.public.pem"));
if (!$merchantKey || !$platformKey) {
    fwrite(STDERR, "a key cannot be read\n");
    exit(1);
}

$path = '/api/open/alipay/v1/merchant/order/sync';

// 1. The body, written once: what is signed must be what is sent.
$now = (int) (microtime(true) * 1000);
$body = json_encode([
    'requestId' => bin2hex(random_bytes(16)), // new for every message
    'merchantBizNo' => "MOV$now",
    'orderStatus' => 'TICKETED',
    'openId' => '2160120074526881',
    'merchantBizType' => 'MOVIE_TICKET',
    'orderCreateTime' => $now,
    'orderModifyTime' => $now,
    'amount' => ['value' => '22000', 'currency' => 'HKD'],
    'extInfo' => ['cinema' => ['zh_HK' => '星光戲院', 'en_US' => 'Starlight Cinema']],
], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);

// 2. The signed text: POST, path, one line feed, client id, time, body. Nothing after the body.
$signedText = fn (string $time, string $bytes): string => "POST $path\n$clientId.$time.$bytes";

// 3. SHA-256 with RSA PKCS#1 v1.5, base64, then URL-encoded.
$requestTime = date(DATE_ATOM); // DATE_ISO8601 lacks the colon in the offset
if (!openssl_sign($signedText($requestTime, $body), $signature, $merchantKey, OPENSSL_ALGO_SHA256)) {
    fwrite(STDERR, "signing failed\n");
    exit(1);
}

$context = stream_context_create(['http' => [
    'method' => 'POST',
    'protocol_version' => 1.1,
    'timeout' => 10,
    'ignore_errors' => true, // a status beyond 2xx has a body as well
    'content' => $body,
    'header' => [
        'Content-Type: application/json; charset=UTF-8',
        "Client-Id: $clientId",
        "Request-Time: $requestTime",
        'Signature: algorithm=RSA256,keyVersion=1,signature=' . rawurlencode(base64_encode($signature)),
        'Connection: close',
    ],
]]);
$answer = file_get_contents($baseUrl . $path, false, $context);
if ($answer === false) {
    exit(1); // PHP has printed why
}

// Header names know no letter case.
$headers = [];
foreach ($http_response_header as $line) {
    [$name, $value] = explode(':', $line, 2) + [1 => ''];
    $headers[strtolower($name)] = trim($value);
}

// 4. Verify the answer over its raw bytes, before JSON is parsed. A refusal may come unsigned: then nothing vouches for it.
$verified = preg_match('/signature=([^,]+)/', $headers['signature'] ?? '', $found) === 1
    && openssl_verify(
        $signedText($headers['response-time'] ?? '', $answer),
        base64_decode(rawurldecode($found[1])),
        $platformKey,
        OPENSSL_ALGO_SHA256,
    ) === 1; // 0 is a bad signature, -1 an error: both are "no"

echo $answer, "\n", $verified ? 'the answer is signed by the platform' : 'NOT VERIFIED: do not trust this answer', "\n";

// 5. The result is in the result object, not in the HTTP status.
exit($verified && json_decode($answer, true)['result']['resultCode'] === 'SUCCESS' ? 0 : 1);
