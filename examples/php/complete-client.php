<?php
// A complete client of all five operations: PHP 8.1 with its openssl and curl extensions.
//
//   php examples/php/complete-client.php [--encrypt]
//
// Exit code 0 only if every answer is signed by the platform and says success.
declare(strict_types=1);

/** Nothing vouches for this answer, or there is none. */
final class Unverified extends RuntimeException
{
}

/** Nobody can say whether it was done. Send the same message again later, or ask. */
final class UnknownOutcomeError extends RuntimeException
{
}

final class AlipayHK
{
    private const ATTEMPTS = 5;
    private const TIMEOUT_SECONDS = 10;

    public function __construct(
        private readonly string $baseUrl,
        private readonly string $clientId,
        private readonly OpenSSLAsymmetricKey $merchantKey,
        private readonly OpenSSLAsymmetricKey $platformKey,
        private readonly bool $encrypt = false,
    ) {
    }

    /** @return array the verified answer, with status S or F */
    public function call(string $path, array $message): array
    {
        // Once: every attempt sends the same message, requestId included.
        $body = json_encode($message, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
        for ($attempt = 0; $attempt < self::ATTEMPTS; $attempt++) {
            if ($attempt > 0) {
                usleep((int) (100_000 * 2 ** $attempt * random_int(50, 100) / 100));
            }
            try {
                $answer = $this->exchange($path, $body);
            } catch (Unverified | JsonException $failure) {
                $trouble = $failure->getMessage(); // no answer that counts: it may have been done
                continue;
            }
            $result = $answer['result'] ?? $answer['resultInfo'];
            if ($result['resultStatus'] !== 'U') {
                return $answer;
            }
            $trouble = $result['resultMessage'];
        }
        throw new UnknownOutcomeError("$path: $trouble");
    }

    private function exchange(string $path, string $body): array
    {
        $type = 'application/json; charset=UTF-8';
        $headers = [];
        if ($this->encrypt) {
            [$body, $wrapped] = $this->seal($body);
            $type = 'text/plain; charset=UTF-8';
            $headers[] = "Encrypt: algorithm=RSA_AES,keyVersion=1,symmetricKey=$wrapped";
        }
        $time = date(DATE_ATOM); // DATE_ISO8601 lacks the colon in the offset
        openssl_sign($this->signedText($path, $time, $body), $signature, $this->merchantKey, OPENSSL_ALGO_SHA256);

        $answerHeaders = [];
        $curl = curl_init($this->baseUrl . $path);
        curl_setopt_array($curl, [
            CURLOPT_POSTFIELDS => $body,
            CURLOPT_HTTPHEADER => [
                ...$headers,
                "Content-Type: $type",
                "Client-Id: $this->clientId",
                "Request-Time: $time",
                'Signature: algorithm=RSA256,keyVersion=1,signature=' . rawurlencode(base64_encode($signature)),
            ],
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => self::TIMEOUT_SECONDS,
            // Header names know no letter case.
            CURLOPT_HEADERFUNCTION => function ($_, string $line) use (&$answerHeaders): int {
                [$name, $value] = explode(':', $line, 2) + [1 => ''];
                $answerHeaders[strtolower($name)] = trim($value);
                return strlen($line);
            },
        ]);
        $answer = curl_exec($curl);
        if ($answer === false) {
            throw new Unverified(curl_error($curl));
        }

        $this->verify($path, $answerHeaders, $answer); // the raw bytes, before anything is read from them
        if ($this->encrypt) {
            $answer = $this->open($answerHeaders, $answer);
        }
        return json_decode($answer, true, flags: JSON_THROW_ON_ERROR);
    }

    private function signedText(string $path, string $time, string $body): string
    {
        return "POST $path\n$this->clientId.$time.$body";
    }

    private function verify(string $path, array $headers, string $answer): void
    {
        $signature = self::pair('signature', $headers['signature'] ?? '');
        $time = $headers['response-time'] ?? '';
        if ($signature === null || $time === '') {
            throw new Unverified('the answer is not signed');
        }
        $text = $this->signedText($path, $time, $answer);
        // 0 is a bad signature, -1 an error: both are "no".
        if (openssl_verify($text, base64_decode(rawurldecode($signature)), $this->platformKey, OPENSSL_ALGO_SHA256) !== 1) {
            throw new Unverified('the answer\'s signature does not verify');
        }
    }

    /** A fresh AES key encrypts the body (ECB, PKCS#7); the platform's RSA key wraps the AES key. */
    private function seal(string $plain): array
    {
        $key = random_bytes(32);
        openssl_public_encrypt($key, $wrapped, $this->platformKey, OPENSSL_PKCS1_PADDING);
        return [openssl_encrypt($plain, 'aes-256-ecb', $key), rawurlencode(base64_encode($wrapped))]; // openssl_encrypt gives base64
    }

    private function open(array $headers, string $sealed): string
    {
        $wrapped = self::pair('symmetricKey', $headers['encrypt'] ?? '') ?? throw new Unverified('the answer is not encrypted');
        openssl_private_decrypt(base64_decode(rawurldecode($wrapped)), $key, $this->merchantKey, OPENSSL_PKCS1_PADDING);
        $plain = openssl_decrypt($sealed, 'aes-' . 8 * strlen((string) $key) . '-ecb', (string) $key);
        return $plain !== false ? $plain : throw new Unverified('the answer cannot be opened');
    }

    /** The value of a key in a header like "algorithm=RSA256,keyVersion=1,signature=…". */
    private static function pair(string $key, string $header): ?string
    {
        return preg_match("/(?:^|[,\s])$key=([^,\s]+)/", $header, $found) === 1 ? $found[1] : null;
    }
}

$clientId = getenv('CLIENT_ID') ?: '4Q5Y8W0WSG45P907917';
$keys = dirname(__DIR__, 2) . '/keys';
$client = new AlipayHK(
    getenv('BASE_URL') ?: 'http://127.0.0.1:8852',
    $clientId,
    openssl_pkey_get_private(file_get_contents(getenv('MERCHANT_KEY') ?: "$keys/clients/$clientId/v1.private.pem")),
    openssl_pkey_get_public(file_get_contents(getenv('PLATFORM_KEY') ?: "$keys/platform/v1.public.pem")),
    encrypt: in_array('--encrypt', $argv, true),
);

$now = (int) (microtime(true) * 1000);
$user = '2160120074526881';
$newId = fn (): string => bin2hex(random_bytes(16));
$calls = [
    // This path and the next are inferred; the path is part of what is signed, so ask AlipayHK for the real one.
    '/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync' => [
        'openId' => $user,
        'requestId' => $newId(),
        'requestTime' => $now,
        'accountId' => '85291234567',
        'type' => 'TELECOM',
        'subType' => 'MOBILE_SERVICE',
        'status' => 'VALID',
        'autoDebitStatus' => 'AUTO_DEBIT',
    ],
    '/api/open/alipay/v1/promotion/binding/sync' => [
        'requestId' => $newId(),
        'bizTime' => $now,
        'bizType' => 'BINDING_SYNC',
        'operateType' => 'BIND',
        'externalIdentityType' => 'UID',
        'externalIdentityValue' => 'hb-0088231',
        'userId' => $user,
        'bindingTargetType' => 'PHONE',
        'bindingTarget' => '85291234567',
    ],
    '/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync' => [
        'openId' => $user,
        'requestId' => $newId(),
        'requestTime' => $now,
        'accountId' => '85291234567',
        'type' => 'TELECOM',
        'status' => 'VALID',
        'merchant' => ['merchantAccountId' => '2160400000002012'],
        'amount' => 12800,
        'currencyCode' => 'HKD',
        'paymentResult' => 'SUCCESS',
        'paymentDate' => $now,
        'actionUrl' => 'alipayhk://platformapi/startapp?appId=20000067',
    ],
    '/api/open/alipay/v1/merchant/order/sync' => [
        'requestId' => $newId(),
        'merchantBizNo' => 'MOV' . substr($newId(), 0, 16),
        'orderStatus' => 'TICKETED',
        'openId' => $user,
        'merchantBizType' => 'MOVIE_TICKET',
        'orderCreateTime' => $now,
        'orderModifyTime' => $now,
        'amount' => ['value' => '22000', 'currency' => 'HKD'],
        'extInfo' => ['cinema' => ['zh_HK' => '星光戲院', 'en_US' => 'Starlight Cinema']],
    ],
    '/api/open/alipay/v1/ipass/pass/manage/updatePass' => [
        'merchantId' => '2160400000002012',
        'userId' => $user,
        'passId' => "PASS$now",
        'status' => 'UPDATE',
        'updateDetailType' => 'UPDATE_MEMBER_CARD',
        'dataInfo' => ['$points$' => '1280', '$level$' => '金卡會員'],
    ],
];

$good = true;
foreach ($calls as $path => $message) {
    try {
        $answer = $client->call($path, $message);
        $result = $answer['result'] ?? $answer['resultInfo'];
        $good = $good && $result['resultStatus'] === 'S';
        echo $result['resultStatus'], ' ', $path, ': ', $result['resultMessage'], "\n";
    } catch (UnknownOutcomeError $unknown) {
        $good = false;
        echo 'U ', $unknown->getMessage(), "\n";
    }
}
exit($good ? 0 : 1);
