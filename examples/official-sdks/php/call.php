<?php
// Calls the simulator with the vendor's own, unchanged SDK, and proves that the SDK verifies the answers.
//
//   SDK=/path/to/global-open-sdk-php php examples/official-sdks/php/call.php
//
// Start the simulator with --https-port 8853. The membership card is left out: the SDK insists on a field "result" in the answer,
// and this operation answers "resultInfo".
declare(strict_types=1);

$sdk = getenv('SDK') ?: exit("SDK must name a checkout of the SDK\n");
spl_autoload_register(function (string $class) use ($sdk): void {
    // As the SDK's composer.json has it: Client\ is client/, Model\ is model/, Request\ is request/.
    [$top, $rest] = explode('\\', $class, 2) + [1 => ''];
    $file = "$sdk/" . lcfirst($top) . '/' . strtr($rest, '\\', '/') . '.php';
    if (is_file($file)) {
        require $file;
    }
});

$gateway = getenv('HTTPS_URL') ?: 'https://localhost:8853';
$clientId = getenv('CLIENT_ID') ?: '4Q5Y8W0WSG45P907917';
$keys = dirname(__DIR__, 3) . '/keys';
$merchantPem = file_get_contents(getenv('MERCHANT_KEY') ?: "$keys/clients/$clientId/v1.private.pem");
$platformPem = file_get_contents(getenv('PLATFORM_KEY') ?: "$keys/platform/v1.public.pem");

/** A request for any path: the SDK asks a request only for its path, its key version and its JSON. */
final class Call extends \Request\AlipayRequest implements \JsonSerializable
{
    public function __construct(string $path, private readonly array $body)
    {
        $this->setPath($path);
    }

    public function jsonSerialize(): array
    {
        return $this->body;
    }
}

/** A PEM file as this SDK wants it: the base64 alone, on one line. */
$line = fn (string $pem): string => preg_replace('/-----[A-Z ]+-----|\s/', '', $pem);

$client = new \Client\DefaultAlipayClient($gateway, $line($merchantPem), $line($platformPem), $clientId);
$now = (int) (microtime(true) * 1000);
$unique = fn (): string => bin2hex(random_bytes(16));

$order = fn (): Call => new Call('/api/open/alipay/v1/merchant/order/sync', [
    'requestId' => $unique(),
    'merchantBizNo' => 'SDK-PHP-' . substr($unique(), 0, 8),
    'orderStatus' => 'TICKETED',
    'openId' => '2160120074526881',
    'merchantBizType' => 'MOVIE_TICKET',
    'orderCreateTime' => $now,
    'orderModifyTime' => $now,
    'amount' => ['value' => '22000', 'currency' => 'HKD'],
    'extInfo' => ['cinema' => ['zh_HK' => '星光戲院', 'en_US' => 'Starlight Cinema']],
]);
$linkage = fn (): Call => new Call('/api/open/alipay/v1/promotion/binding/sync', [
    'requestId' => $unique(),
    'bizTime' => $now,
    'bizType' => 'BINDING_SYNC',
    'operateType' => 'BIND',
    'externalIdentityType' => 'UID',
    'externalIdentityValue' => 'sdk-php-' . substr($unique(), 0, 8),
    'userId' => '2160120074526881',
    'bindingTargetType' => 'PHONE',
    'bindingTarget' => '85291234567',
]);

$failures = 0;
$report = function (string $what, bool $good, string $detail) use (&$failures): void {
    $failures += $good ? 0 : 1;
    echo $good ? 'ok     ' : 'FAILED ', $what, ' - ', $detail, "\n";
};

foreach (['order sync' => $order, 'account linkage' => $linkage] as $name => $make) {
    try {
        $code = $client->execute($make())->result->resultCode;
        $report($name, $code === 'SUCCESS', $code);
    } catch (\Exception $refused) {
        $report($name, false, $refused->getMessage());
    }
}

// An SDK that verifies must refuse an answer that was changed after it was signed.
foreach (['tampered-body', 'tampered-signature', 'wrong-key'] as $fault) {
    try {
        $answer = $client->executeWithHeaders($order(), ['x-mock-fault' => $fault]);
        $report($fault, false, 'ACCEPTED: ' . json_encode($answer));
    } catch (\Exception $refused) {
        $report($fault, true, 'refused by the SDK: ' . $refused->getMessage());
    }
}

// No signature at all is another matter: this SDK takes such an answer as it is.
$unsigned = $client->executeWithHeaders($order(), ['x-mock-fault' => 'unsigned'])->result->resultCode;
echo "note   unsigned - taken as it is, $unsigned: check what you rest on it\n";

exit($failures > 0 ? 1 : 0);
