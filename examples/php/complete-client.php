<?php
// A complete client of all five operations: PHP 8.1 with its openssl and curl extensions.
//
//   php examples/php/complete-client.php [--encrypt]
//
// Exit code 0 only if every response is signed by the platform and its status is S.
declare(strict_types=1);

/** The response is not authenticated, or there is none. Its code is what it states: a hint for people. */
final class UntrustedResponseError extends RuntimeException
{
    public function __construct(string $message, public readonly ?string $statedCode = null)
    {
        parent::__construct($message);
    }
}

/**
 * What is known of a message. S: done. F: refused, finally. U: unknown, and in the outbox; nextIn is
 * then the pause before its next attempt in seconds, null after the last one.
 */
final class Outcome
{
    public function __construct(
        public readonly string $status,
        public readonly ?string $code,
        public readonly string $reason,
        public readonly ?string $orderStatus = null,
        public readonly ?float $nextIn = null,
    ) {
    }
}

final class AlipayHK
{
    /** Seconds before the second, third and fourth attempt. */
    private const QUICK_PAUSES = [2, 2, 2];
    /** Before the fifth and the sixth, which sendOpen() makes. */
    private const LATER_PAUSES = [600, 1800];
    private const CLOCK_TOLERANCE_SECONDS = 300;

    /**
     * The fields that name the thing and the time of the event. The first path and the third are
     * inferred; the path is part of what is signed, so ask AlipayHK for the real one. The card has
     * neither an event time nor a requestId.
     */
    private const OPERATIONS = [
        '/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync' => ['accountId', 'requestTime'],
        '/api/open/alipay/v1/promotion/binding/sync' => ['externalIdentityValue', 'bizTime'],
        '/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync' => ['accountId', 'requestTime'],
        '/api/open/alipay/v1/merchant/order/sync' => ['merchantBizNo', 'orderModifyTime'],
        '/api/open/alipay/v1/ipass/pass/manage/updatePass' => ['passId', null],
    ];

    private array $lastEvents = [];

    /**
     * @param array<int, OpenSSLAsymmetricKey> $platformKeys by version; the newest encrypts requests
     * @param ?string $outbox a folder: one file for each open message
     */
    public function __construct(
        private readonly string $baseUrl,
        private readonly string $clientId,
        private readonly OpenSSLAsymmetricKey $merchantKey,
        private readonly array $platformKeys,
        private readonly bool $encrypt = false,
        private readonly ?string $outbox = null,
        private readonly float $timeoutSeconds = 8,
        private readonly float $pauseFactor = 1,
    ) {
    }

    /** Sends one message, and again while its outcome is unknown. */
    public function send(string $path, array $message): Outcome
    {
        [$thing, $eventTime] = self::OPERATIONS[$path];
        if ($eventTime !== null) {
            $message = ['requestId' => bin2hex(random_bytes(16))] + $message;
            // A later event of the same thing has a later time, even within one millisecond.
            $last = $this->lastEvents[$path . $message[$thing]] ?? 0;
            $message[$eventTime] = max($message[$eventTime], $last + 1);
            $this->lastEvents[$path . $message[$thing]] = $message[$eventTime];
        }
        // Serialised once: every attempt sends the same message, requestId included.
        $body = json_encode($message, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
        $entry = ['path' => $path, 'body' => $body, 'attempts' => 0];
        $name = sprintf('%.6f-%s.json', microtime(true), bin2hex(random_bytes(4)));
        $outcome = $this->attempt($name, $entry);
        foreach (self::QUICK_PAUSES as $pause) {
            if ($outcome->status !== 'U') {
                break;
            }
            usleep((int) ($pause * 1_000_000 * $this->pauseFactor));
            $outcome = $this->attempt($name, $entry);
        }
        return $outcome;
    }

    /**
     * One more attempt for each open message, oldest first: call it at the start and by a timer.
     *
     * @return Outcome[]
     */
    public function sendOpen(): array
    {
        $files = glob("$this->outbox/*.json"); // sorted
        return array_map(function (string $file): Outcome {
            $entry = json_decode(file_get_contents($file), true, flags: JSON_THROW_ON_ERROR);
            return $this->attempt(basename($file), $entry);
        }, $files);
    }

    private function attempt(string $name, array &$entry): Outcome
    {
        $entry['attempts']++;
        $this->keep($name, $entry); // before the first byte leaves
        $path = $entry['path'];
        $code = null;
        try {
            $answer = $this->exchange($path, $entry['body']);
            ['resultStatus' => $status, 'resultCode' => $code, 'resultMessage' => $reason] = self::result($answer);
            if ($status === 'S' || $status === 'F') {
                $this->keep($name, null);
                if ($status === 'F') {
                    $this->alert("$path failed: $code");
                }
                return new Outcome($status, $code, $reason, $answer['orderStatus'] ?? null);
            }
        } catch (UntrustedResponseError | JsonException $failure) {
            $reason = $failure->getMessage();
            $code = $failure->statedCode ?? null;
        }
        // Unknown: it may have been done.
        $later = $entry['attempts'] - count(self::QUICK_PAUSES) - 1;
        $pause = $later < 0 ? self::QUICK_PAUSES[0] : (self::LATER_PAUSES[$later] ?? null);
        if ($pause === null) {
            $this->alert("$path: the outcome is still unknown: $reason");
        }
        return new Outcome('U', $code, $reason, null, $pause === null ? null : $pause * $this->pauseFactor);
    }

    /** Writes an open message so that it survives the process, or deletes a settled one. */
    private function keep(string $name, ?array $entry): void
    {
        if ($this->outbox === null) {
            return;
        }
        if ($entry === null) {
            unlink("$this->outbox/$name");
            return;
        }
        file_put_contents("$this->outbox/$name.new", json_encode($entry, JSON_THROW_ON_ERROR));
        rename("$this->outbox/$name.new", "$this->outbox/$name");
    }

    private function alert(string $text): void
    {
        fwrite(STDERR, "ALERT $text\n");
    }

    private function exchange(string $path, string $body): array
    {
        $type = 'application/json; charset=UTF-8';
        $headers = [];
        if ($this->encrypt) {
            [$body, $headers[]] = $this->seal($body);
            $type = 'text/plain; charset=UTF-8';
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
            CURLOPT_TIMEOUT_MS => (int) ($this->timeoutSeconds * 1000), // of the whole response
            // Header names know no letter case; a header may come twice.
            CURLOPT_HEADERFUNCTION => function ($_, string $line) use (&$answerHeaders): int {
                [$name, $value] = explode(':', $line, 2) + [1 => ''];
                $answerHeaders[strtolower($name)][] = trim($value);
                return strlen($line);
            },
        ]);
        $answer = curl_exec($curl);
        if ($answer === false) {
            throw new UntrustedResponseError(curl_error($curl));
        }

        $this->verify($path, $answerHeaders, $answer); // the raw bytes, before they are parsed
        $encryption = $answerHeaders['encrypt'][0] ?? null;
        if ($this->encrypt && $encryption !== null) {
            $answer = $this->open($encryption, $answer);
        }
        $json = json_decode($answer, true, flags: JSON_THROW_ON_ERROR);
        // A refusal from before decryption is in the clear. A success never is.
        if ($this->encrypt && $encryption === null && self::result($json)['resultStatus'] === 'S') {
            throw new UntrustedResponseError('the request was encrypted, but its success is not');
        }
        return $json;
    }

    private static function result(mixed $answer): array
    {
        $result = is_array($answer) ? $answer['result'] ?? $answer['resultInfo'] ?? null : null;
        return is_array($result) ? $result + ['resultStatus' => null, 'resultCode' => null, 'resultMessage' => '']
            : throw new UntrustedResponseError('the response has no result');
    }

    private function signedText(string $path, string $time, string $body): string
    {
        return "POST $path\n$this->clientId.$time.$body";
    }

    private function verify(string $path, array $headers, string $answer): void
    {
        $signatures = $headers['signature'] ?? [];
        $times = $headers['response-time'] ?? [];
        if (count($signatures) !== 1 || count($times) !== 1) { // of a doubled header neither counts
            $code = json_decode($answer, true)['result']['resultCode'] ?? null;
            throw new UntrustedResponseError('the response is not signed', $code);
        }
        $key = $this->platformKeys[(int) self::pair('keyVersion', $signatures[0])] ?? null;
        if ($key === null) {
            throw new UntrustedResponseError('the response names an unknown key version');
        }
        $text = $this->signedText($path, $times[0], $answer);
        $signature = base64_decode(rawurldecode(self::pair('signature', $signatures[0]) ?? ''));
        // 0 is a bad signature, -1 an error: both are "no".
        if (openssl_verify($text, $signature, $key, OPENSSL_ALGO_SHA256) !== 1) {
            throw new UntrustedResponseError('the response\'s signature does not verify');
        }
        $sent = strtotime($times[0]);
        if ($sent === false || abs($sent - time()) > self::CLOCK_TOLERANCE_SECONDS) {
            throw new UntrustedResponseError("Response-Time $times[0] is not of now");
        }
    }

    /** A fresh AES key encrypts the body (ECB, PKCS#7); the platform's RSA key wraps the AES key. */
    private function seal(string $plain): array
    {
        $key = random_bytes(32);
        $version = max(array_keys($this->platformKeys));
        openssl_public_encrypt($key, $wrapped, $this->platformKeys[$version], OPENSSL_PKCS1_PADDING);
        $header = "Encrypt: algorithm=RSA_AES,keyVersion=$version,symmetricKey=" . rawurlencode(base64_encode($wrapped));
        return [openssl_encrypt($plain, 'aes-256-ecb', $key), $header]; // openssl_encrypt gives base64
    }

    private function open(string $encryption, string $sealed): string
    {
        $wrapped = base64_decode(rawurldecode(self::pair('symmetricKey', $encryption) ?? ''));
        $plain = openssl_private_decrypt($wrapped, $key, $this->merchantKey, OPENSSL_PKCS1_PADDING)
            && in_array(strlen($key), [16, 24, 32], true)
            ? openssl_decrypt($sealed, 'aes-' . 8 * strlen($key) . '-ecb', $key) : false;
        return $plain !== false ? $plain : throw new UntrustedResponseError('the response cannot be decrypted');
    }

    /** The value of a key in a header like "algorithm=RSA256,keyVersion=1,signature=…". */
    private static function pair(string $key, string $header): ?string
    {
        return preg_match("/(?:^|[,\s])$key=([^,\s]+)/", $header, $found) === 1 ? $found[1] : null;
    }
}

if (realpath($_SERVER['SCRIPT_FILENAME']) !== __FILE__) {
    return; // included by another program
}

$clientId = getenv('CLIENT_ID') ?: '4Q5Y8W0WSG45P907917';
$keys = dirname(__DIR__, 2) . '/keys';
$client = new AlipayHK(
    getenv('BASE_URL') ?: 'http://127.0.0.1:8852',
    $clientId,
    openssl_pkey_get_private(file_get_contents(getenv('MERCHANT_KEY') ?: "$keys/clients/$clientId/v1.private.pem")),
    [1 => openssl_pkey_get_public(file_get_contents(getenv('PLATFORM_KEY') ?: "$keys/platform/v1.public.pem"))],
    encrypt: in_array('--encrypt', $argv, true),
    pauseFactor: (float) (getenv('PAUSE_FACTOR') ?: 1),
);

$now = (int) (microtime(true) * 1000);
$user = '2160120074526881';
$calls = [
    '/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync' => [
        'openId' => $user,
        'requestTime' => $now,
        'accountId' => '85291234567',
        'type' => 'TELECOM',
        'subType' => 'MOBILE_SERVICE',
        'status' => 'VALID',
        'autoDebitStatus' => 'AUTO_DEBIT',
    ],
    '/api/open/alipay/v1/promotion/binding/sync' => [
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
        'merchantBizNo' => 'MOV' . bin2hex(random_bytes(8)),
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
    $outcome = $client->send($path, $message);
    $good = $good && $outcome->status === 'S';
    echo "$outcome->status $path: $outcome->reason\n";
}
exit($good ? 0 : 1);
